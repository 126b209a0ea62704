import assert from 'node:assert/strict'
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { request } from 'node:https'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect as connectTls } from 'node:tls'
import type { IncomingMessage } from 'node:http'
import { createInterface } from 'node:readline'
import { after, before, describe, test } from 'node:test'
import { defaultConfig } from '../../gateway/config/index.ts'
import { createAuthority, issue, type KeyPair } from '../../gateway/embedded/certs.ts'
import { startControllers } from '../../gateway/embedded/controllers/index.ts'
import { seed } from '../../gateway/embedded/seeds/index.ts'
import { startFacade } from '../../gateway/server/serve.ts'
import { createLogger } from '../../gateway/telemetry/index.ts'
import { ensureKubectl } from '../env/kubectl.ts'
import { startTestPlane } from '../env/plane.ts'
import { onFreePort } from '../env/ports.ts'
import { eventually } from './http.ts'

const PASSWORD = 'Pa55word-of-tests'
const stack = new AsyncDisposableStack()
const binary = await ensureKubectl()
const authority: KeyPair = createAuthority('test', new Date())
let dir = ''
/** Servers by what stands in front of them. */
const urls = { 'one thread': '', 'threads in front': '' }
/** The one that is asked, and who asks it. */
let url = ''
let kubeconfig = ''

before(async () => {
  if (!binary) return
  const log = createLogger({ level: 'error' })
  const plane = stack.use(await startTestPlane())
  dir = await mkdtemp(join(tmpdir(), 'kubectl-'))
  stack.defer(() => rm(dir, { recursive: true }))
  // kubectl sends tokens by TLS only.
  const tls = { tlsCertFile: join(dir, 'tls.crt'), tlsPrivateKey: join(dir, 'tls.key') }
  const certified = async (commonName: string): Promise<void> => {
    const hosts = ['127.0.0.1']
    const { cert, key } = issue(authority, 'test', { commonName, hosts, now: new Date() })
    await writeFile(tls.tlsCertFile, cert)
    await writeFile(tls.tlsPrivateKey, key)
  }
  const serve = async (threads: number): Promise<string> => {
    const facade = await onFreePort((securePort) => {
      const config = defaultConfig({
        kubernetes: { kubeconfig: plane.kubeconfigPath },
        server: { bindAddress: '127.0.0.1', securePort, ...tls },
        multicluster: { clusterRole: 'host', hostClusterName: 'host' },
        authentication: {
          multipleLogin: true,
          issuer: { jwtSecret: 'secret-of-the-kubectl-tests' },
        },
        facade: { threads },
      })
      if (threads > 0) return startFacade(config, { log })
      return startFacade(config, {
        log,
        reconcile: async ({ host }) => {
          await seed(host.client, { demo: false, adminPassword: PASSWORD, log })
          return startControllers({ host, log, config })
        },
      })
    })
    return stack.use(facade).server.url
  }
  await certified('ks-facade')
  urls['one thread'] = await serve(0)
  urls['threads in front'] = await serve(2)
  for (const at of Object.values(urls)) assert.equal(await certifiedName(at), 'ks-facade')
  // Servers look at it every ten seconds.
  await certified('ks-facade renewed')
})

after(() => stack.disposeAsync())

/** Whom the certificate names that a new connection is shown. */
async function certifiedName(at: string): Promise<string | undefined> {
  const { hostname: host, port } = new URL(at)
  const socket = connectTls({ host, port: Number(port), ca: authority.cert })
  await once(socket, 'secureConnect')
  const { CN } = socket.getPeerCertificate().subject
  socket.destroy()
  return [CN].flat()[0]
}

/** One request to the server with its own authority trusted. */
async function post(path: string, body: string, headers: Record<string, string>): Promise<string> {
  const call = request(`${url}${path}`, { method: 'POST', headers, ca: authority.cert })
  call.end(body)
  const [response] = (await once(call, 'response')) as [IncomingMessage]
  let text = ''
  for await (const chunk of response.setEncoding('utf8')) text += chunk as string
  return text
}

/** An access token; empty where the login fails. */
async function login(username: string): Promise<string> {
  const client = { client_id: 'kubesphere', client_secret: 'kubesphere' }
  const form = { grant_type: 'password', username, password: PASSWORD, ...client }
  const type = { 'content-type': 'application/x-www-form-urlencoded' }
  const text = await post('/oauth/token', new URLSearchParams(form).toString(), type)
  return /"access_token":\s*"([^"]+)"/.exec(text)?.[1] ?? ''
}

/** A kubeconfig as a person would write it: the server's address and an access token. */
async function configFor(user: string): Promise<string> {
  const token = await login(user)
  const ca = Buffer.from(authority.cert).toString('base64')
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'c',
    contexts: [{ name: 'c', context: { cluster: 'k', user: 'u', namespace: 'default' } }],
    clusters: [{ name: 'k', cluster: { server: url, 'certificate-authority-data': ca } }],
    users: [{ name: 'u', user: { token } }],
  })
}

function start(args: string[], env: NodeJS.ProcessEnv = {}): ChildProcessWithoutNullStreams {
  const child = spawn(binary ?? '', args, {
    env: { ...process.env, KUBECONFIG: kubeconfig, HOME: join(kubeconfig, '..'), ...env },
  })
  child.stdin.on('error', () => {})
  return child
}

interface Done {
  code: number | null
  out: string
  err: string
}

async function kubectl(args: string[], input = '', env: NodeJS.ProcessEnv = {}): Promise<Done> {
  const child = start(args, env)
  let [out, err] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()))
  child.stdin.end(input)
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, out, err }
}

async function ok(args: string[], input = '', env: NodeJS.ProcessEnv = {}): Promise<string> {
  const { code, out, err } = await kubectl(args, input, env)
  assert.equal(code, 0, `kubectl ${args.join(' ')}: ${err}`)
  return out
}

/** Lines of a command that runs until it is killed. */
function following(args: string[]) {
  const child = start(args)
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const errors: string[] = []
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk.toString()))
  return {
    async until(wanted: RegExp): Promise<string> {
      for (;;) {
        const { value, done } = await lines.next()
        if (done) throw new Error(`kubectl ${args.join(' ')} ended: ${errors.join('')}`)
        if (wanted.test(value)) return value
      }
    },
    async [Symbol.asyncDispose]() {
      const gone = once(child, 'close')
      if (child.exitCode === null && child.kill('SIGKILL')) await gone
    },
  }
}

const deployment = (replicas: number, more: object = {}) =>
  JSON.stringify({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', labels: { app: 'web' } },
    spec: {
      replicas,
      selector: { matchLabels: { app: 'web' } },
      template: {
        metadata: { labels: { app: 'web' } },
        spec: { containers: [{ name: 'main', image: 'nginx', ...more }] },
      },
    },
  })

const server = `require('net').createServer((s) => s.end('from the pod')).listen(0, '127.0.0.1', function () { console.log('port ' + this.address().port) })`

const pod = JSON.stringify({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'box' },
  spec: {
    terminationGracePeriodSeconds: 1,
    containers: [{ name: 'main', image: 'none', command: [process.execPath, '-e', server] }],
  },
})

function stories(): void {
  test('apply makes, changes and leaves alone, on either side', async () => {
    assert.match(await ok(['apply', '-f', '-'], deployment(1)), /web created/)
    assert.match(await ok(['apply', '-f', '-'], deployment(1)), /web unchanged/)
    assert.match(await ok(['apply', '-f', '-'], deployment(2)), /web configured/)
    assert.equal(await ok(['get', 'deploy', 'web', '-o', 'jsonpath={.spec.replicas}']), '2')
    const other = ['apply', '--server-side', '--field-manager=other', '-f', '-']
    const conflict = await kubectl(other, deployment(3))
    assert.equal(conflict.code, 1)
    assert.match(conflict.err, /conflict with "kubectl-client-side-apply"/)
    assert.match(await ok([...other, '--force-conflicts'], deployment(1)), /web serverside-applied/)
    const wrong = await kubectl(['apply', '-f', '-'], deployment(1, { nonsense: true }))
    assert.match(wrong.err, /unknown field .*nonsense/)
    const difference = await kubectl(['diff', '-f', '-'], deployment(3))
    assert.match(difference.out, /^\+ {2}replicas: 3$/m, difference.err)
    await ok(['rollout', 'status', 'deploy/web', '--timeout=180s'])
    const labelled = [
      'patch',
      'deploy',
      'web',
      '--type=json',
      '-o',
      'jsonpath={.metadata.labels.a}',
    ]
    const operation = [{ op: 'add', path: '/metadata/labels/a', value: 'b' }]
    assert.equal(await ok([...labelled, '-p', JSON.stringify(operation)]), 'b')
    await ok(['patch', 'deploy', 'web', '-p', '{"metadata":{"labels":{"a":null}}}'])
    await ok(['label', 'deploy', 'web', 'c=d'])
    assert.match(await ok(['get', 'deploy', '-l', 'c=d', '-o', 'name']), /^deployment.apps\/web$/m)
    await ok(['scale', 'deploy/web', '--replicas=0'])
    await ok(['delete', 'deploy', 'web', '--wait=true', '--timeout=180s'])
  })

  test('get prints tables, watches, and finds KubeSphere’s own kinds', async () => {
    await using watch = following(['get', 'configmaps', '-w', '--no-headers'])
    await watch.until(/^kube-root-ca.crt/)
    await ok(['create', 'configmap', 'seen', '--from-literal=a=1'])
    assert.match(await watch.until(/^seen/), /^seen\s+1\s/)
    await ok(['delete', 'configmap', 'seen'])
    assert.match(await ok(['get', 'users.iam.kubesphere.io']), /^NAME +EMAIL[\s\S]*\nadmin /)
    assert.doesNotMatch(await ok(['get', 'users.iam.kubesphere.io', '-o', 'yaml']), /\$2a\$/)
    assert.match(
      await ok(['api-resources', '--api-group=tenant.kubesphere.io']),
      /workspacetemplates/,
    )
    assert.match(
      await ok(['explain', '--output=plaintext-openapiv2', 'pod.spec.nodeName']),
      /nodeName/,
    )
    assert.match(await ok(['explain', 'deployment.spec.replicas']), /FIELD: replicas <integer>/)
    assert.match(await ok(['version', '-o', 'json']), /"serverVersion"/)
    assert.equal((await ok(['auth', 'can-i', 'delete', 'pods'])).trim(), 'yes')
    const missing = await kubectl(['get', 'pod', 'missing'])
    assert.match(missing.err, /pods "missing" not found/)
  })

  test('exec carries input, output and exit code, by WebSocket and by SPDY', async () => {
    await ok(['apply', '-f', '-'], pod)
    await ok(['wait', '--for=condition=Ready', 'pod/box', '--timeout=180s'])
    for (const websockets of ['true', 'false']) {
      const env = { KUBECTL_REMOTE_COMMAND_WEBSOCKETS: websockets }
      const said = await ok(['exec', '-i', 'box', '--', 'cat'], 'hello', env)
      assert.equal(said, 'hello', `websockets ${websockets}`)
      const failed = await kubectl(
        ['exec', 'box', '--', 'sh', '-c', 'echo no >&2; exit 7'],
        '',
        env,
      )
      assert.equal(failed.code, 7)
      assert.match(failed.err, /^no\n/)
      const missing = await kubectl(['exec', 'nobody', '--', 'true'], '', env)
      assert.match(missing.err, /pods "nobody" not found/)
    }
  })

  test('logs -f follows, port-forward reaches a port of the pod', async () => {
    let port = ''
    {
      await using log = following(['logs', '-f', 'box'])
      port = /\d+/.exec(await log.until(/^port \d+/))?.[0] ?? ''
    }
    await using forward = following(['port-forward', 'pod/box', `:${port}`])
    const local = /127\.0\.0\.1:(\d+)/.exec(await forward.until(/Forwarding from 127/))?.[1]
    const socket = connect(Number(local), '127.0.0.1')
    let told = ''
    socket.on('data', (chunk: Buffer) => (told += chunk.toString()))
    await once(socket, 'end')
    assert.equal(told, 'from the pod')
  })

  test('a caller without rights is told so by every command, and nothing happens', async () => {
    const own = kubeconfig
    const account = {
      apiVersion: 'iam.kubesphere.io/v1beta1',
      kind: 'User',
      metadata: { name: 'eve' },
      spec: { email: 'eve@example.com', password: PASSWORD },
    }
    await post('/kapis/iam.kubesphere.io/v1beta1/users', JSON.stringify(account), {
      authorization: `Bearer ${await login('admin')}`,
      'content-type': 'application/json',
    })
    await eventually(
      'eve can log in',
      () => login('eve'),
      (token) => token !== '',
    )
    try {
      kubeconfig = join(own, '..', 'eve')
      await writeFile(kubeconfig, await configFor('eve'))
      for (const args of [
        ['get', 'pods'],
        ['exec', 'box', '--', 'true'],
        ['logs', 'box'],
        ['delete', 'pod', 'box'],
        ['auth', 'can-i', 'delete', 'pods'],
        ['port-forward', 'pod/box', ':80'],
        ['get', '--raw', '/api/v1/namespaces/default/secrets'],
      ]) {
        const { code, err } = await kubectl(args)
        assert.equal(code, 1, args.join(' '))
        assert.match(err, /Forbidden|forbidden/, args.join(' '))
      }
    } finally {
      kubeconfig = own
    }
  })

  test('a renewed certificate is served to new connections, whichever thread takes them', async () => {
    // Enough of them for the kernel to have chosen each thread.
    const names = () => Promise.all(Array.from({ length: 8 }, () => certifiedName(url)))
    const renewed = (all: (string | undefined)[]) => all.every((name) => name?.endsWith('renewed'))
    await eventually('all connections have the new certificate', names, renewed)
  })
}

for (const front of ['one thread', 'threads in front'] as const) {
  describe(`kubectl with the address of ks-facade by ${front} and a token`, () => {
    if (!binary) return
    before(async () => {
      url = urls[front]
      kubeconfig = join(dir, 'config')
      await writeFile(kubeconfig, await configFor('admin'))
    })
    stories()
  })
}
