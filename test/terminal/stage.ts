import assert from 'node:assert/strict'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { WebSocket } from 'ws'
import { defaultConfig, type Config } from '../../gateway/config/index.ts'
import { startControllers, type Controllers } from '../../gateway/embedded/controllers/index.ts'
import type { Plane } from '../../gateway/embedded/index.ts'
import { seed } from '../../gateway/embedded/seeds/index.ts'
import type { KubeClient } from '../../gateway/kube/api.ts'
import { startFacade, type Facade } from '../../gateway/server/serve.ts'
import { login } from '../e2e/http.ts'
import { serverLog } from '../env/log.ts'
import { startTestPlane } from '../env/plane.ts'
import { seeing } from '../env/seen.ts'

export const PASSWORD = 'Pa55word-of-tests'
export const TERMINAL = '/kapis/terminal.kubesphere.io/v1alpha2'

const terminalRules = [
  { apiGroups: [''], resources: ['pods/exec'], verbs: ['create'] },
  {
    apiGroups: ['terminal.kubesphere.io'],
    resources: ['pods/exec', 'pods/file'],
    verbs: ['get', 'create'],
  },
]

const PODS = { group: '', version: 'v1', resource: 'pods' }

export interface Stage extends AsyncDisposable {
  readonly url: string
  readonly facade: Facade
  readonly plane: Plane
  /** What it writes is in the server's caches when the write returns. */
  readonly kube: KubeClient
  readonly admin: string
  login(user: string): Promise<string>
  /** A user with a role of these rules in namespace default; terminals, exec and files when nothing is said. */
  member(name: string, rules?: readonly object[]): Promise<string>
  /** A pod of one container that runs; resolves once it does. */
  pod(name: string): Promise<void>
}

/** An embedded platform whose node runs processes, behind a real port. */
export async function startStage(
  terminal: Partial<Config['facade']['terminal']> = {},
): Promise<Stage> {
  await using stack = new AsyncDisposableStack()
  const log = serverLog()
  const plane = stack.use(await startTestPlane({ nodes: 1 }))
  const config = defaultConfig({
    kubernetes: { kubeconfig: plane.kubeconfigPath },
    server: { bindAddress: '127.0.0.1', insecurePort: 0 },
    multicluster: { clusterRole: 'host', hostClusterName: 'host' },
    authentication: { multipleLogin: true, issuer: { jwtSecret: 'secret-of-the-terminal-tests' } },
    terminal: { uploadFileLimit: '20Mi' },
    facade: { terminal },
  })
  let controllers: Controllers | undefined
  const facade = stack.use(
    await startFacade(config, {
      log,
      reconcile: async ({ host }) => {
        await seed(host.client, { demo: false, adminPassword: PASSWORD, log })
        controllers = await startControllers({ host, log, config })
        return controllers
      },
    }),
  )
  await controllers?.settled()
  const { url } = facade.server
  const { client, caches } = facade.app.clusters.host
  const kube = seeing(client, [caches])
  const owned = stack.move()
  return {
    url,
    facade,
    plane,
    kube,
    admin: await login(url, 'admin', PASSWORD),
    login: (user) => login(url, user, PASSWORD),
    async member(name, rules = terminalRules) {
      const iam = (resource: string) => ({
        group: 'iam.kubesphere.io',
        version: 'v1beta1',
        resource,
      })
      const apiVersion = 'iam.kubesphere.io/v1beta1'
      await kube.create(iam('users'), {
        apiVersion,
        kind: 'User',
        metadata: { name, annotations: { 'iam.kubesphere.io/globalrole': 'platform-regular' } },
        spec: { email: `${name}@example.com`, password: PASSWORD },
      })
      const roleRef = { apiGroup: 'iam.kubesphere.io', kind: 'Role', name }
      await kube.create(iam('roles'), {
        apiVersion,
        kind: 'Role',
        metadata: { name, namespace: 'default' },
        rules,
      })
      await kube.create(iam('rolebindings'), {
        apiVersion,
        kind: 'RoleBinding',
        metadata: { name, namespace: 'default' },
        roleRef,
        subjects: [{ apiGroup: 'iam.kubesphere.io', kind: 'User', name }],
      })
      await controllers?.settled()
      return login(url, name, PASSWORD)
    },
    pod: (name) => startPod(kube, name),
    [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose](),
  }
}

/** A pod of one container in namespace default; resolves once it runs. */
export async function startPod(kube: KubeClient, name: string): Promise<void> {
  const container = { name: 'main', image: 'busybox', command: ['sleep', '1000000'] }
  const spec = { terminationGracePeriodSeconds: 1, containers: [container] }
  const metadata = { name, namespace: 'default' }
  await kube.create(PODS, { apiVersion: 'v1', kind: 'Pod', metadata, spec })
  await eventually(async () => {
    const pod = await kube.get(PODS, name, { namespace: 'default' })
    return (pod['status'] as { phase?: string } | undefined)?.phase === 'Running'
  })
}

/** Asks until `done`, for a minute. */
export async function eventually(done: () => Promise<boolean> | boolean): Promise<void> {
  const deadline = performance.now() + 60_000
  while (!(await done())) {
    assert.ok(performance.now() < deadline, `not within a minute: ${done.toString()}`)
    await delay(25)
  }
}

export interface Close {
  code: number
  reason: string
}

/** A client of a terminal, speaking its messages. */
export class Terminal implements Disposable {
  readonly socket: WebSocket
  readonly closed: Promise<Close>
  /** All output so far. */
  text = ''
  /** Keys of every message seen. */
  readonly shapes = new Set<string>()
  pings = 0
  readonly #changed = new EventTarget()

  constructor(socket: WebSocket) {
    this.socket = socket
    socket.on('error', () => {})
    socket.on('ping', () => this.pings++)
    socket.on('message', (data: Buffer, binary: boolean) => {
      const message = JSON.parse(data.toString()) as { Data: string }
      this.shapes.add(`${binary ? 'binary' : 'text'} ${Object.keys(message).join(',')}`)
      this.text += message.Data
      this.#changed.dispatchEvent(new Event('change'))
    })
    this.closed = once(socket, 'close').then(([code, reason]) => {
      this.#changed.dispatchEvent(new Event('change'))
      return { code: code as number, reason: String(reason) }
    })
  }

  type(text: string): void {
    this.socket.send(JSON.stringify({ Op: 'stdin', Data: text }))
  }

  resize(cols: number, rows: number): void {
    this.socket.send(JSON.stringify({ Op: 'resize', Cols: cols, Rows: rows }))
  }

  /** Waits until the output matches; gives the match. */
  async sees(pattern: RegExp, seconds = 60): Promise<RegExpExecArray> {
    const late = AbortSignal.timeout(seconds * 1000)
    for (;;) {
      const found = pattern.exec(this.text)
      if (found) return found
      assert.ok(
        !late.aborted && this.socket.readyState <= WebSocket.OPEN,
        `${pattern} was not seen in ${JSON.stringify(this.text.slice(-500))}`,
      )
      await once(this.#changed, 'change', { signal: late }).catch(() => {})
    }
  }

  [Symbol.dispose](): void {
    this.socket.terminate()
  }
}

/** Opens a terminal; rejects with the status and body of an answer that is no upgrade. */
export async function openTerminal(url: string, path: string, token: string): Promise<Terminal> {
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}${TERMINAL}${path}`, {
    headers: { authorization: `Bearer ${token}` },
    perMessageDeflate: false,
    maxPayload: 64 * 1024 * 1024,
  })
  const terminal = new Terminal(socket)
  const opened = Promise.withResolvers<Terminal>()
  socket.once('open', () => opened.resolve(terminal))
  socket.once('error', (error) => opened.reject(error))
  socket.once('unexpected-response', (request, response) => {
    let body = ''
    response.setEncoding('utf8')
    response.on('data', (chunk: string) => (body += chunk))
    response.on('end', () => {
      request.destroy()
      opened.reject(new Error(`${response.statusCode}: ${body}`))
    })
  })
  return opened.promise
}
