import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { defaultConfig } from '../../gateway/config/index.ts'
import { startControllers } from '../../gateway/embedded/controllers/index.ts'
import type { Plane } from '../../gateway/embedded/index.ts'
import { seed, type DemoLogin } from '../../gateway/embedded/seeds/index.ts'
import { startFacade, type Facade } from '../../gateway/server/serve.ts'
import { createLogger } from '../../gateway/telemetry/index.ts'
import { startTestPlane } from '../env/plane.ts'
import { ApiClient } from '../embedded/client.ts'
import { ask, bearer, eventually, graph, login } from './http.ts'
import { startLoad, type Load, type Requests } from './load.ts'
import { followWatch } from './watch.ts'

const adminPassword = 'Admin-Pw-1'
const project = '/api/v1/namespaces/demo-project'
const resources = '/kapis/resources.kubesphere.io/v1alpha3'

let plane: Plane
let facade: Facade
let direct: ApiClient
let url: string
const tokens = { admin: '', dora: '', leo: '' }
const unhandled: unknown[] = []
const note = (error: unknown) => void unhandled.push(error)

before(async () => {
  process.on('unhandledRejection', note)
  plane = await startTestPlane()
  direct = new ApiClient(plane.kubeconfig)
  let demo: readonly DemoLogin[] = []
  const config = defaultConfig({
    kubernetes: { kubeconfig: plane.kubeconfigPath },
    server: { bindAddress: '127.0.0.1', insecurePort: 0 },
    multicluster: { clusterRole: 'host', hostClusterName: 'host' },
    authentication: { multipleLogin: true, issuer: { jwtSecret: 'secret-of-this-test' } },
  })
  facade = await startFacade(config, {
    log: createLogger({ level: 'fatal' }),
    async reconcile({ host }, log) {
      ;({ demo } = await seed(host.client, { demo: true, adminPassword, log }))
      return startControllers({ host, log, now: Date.now, config })
    },
  })
  url = facade.server.url
  tokens.admin = await login(url, 'admin', adminPassword)
  for (const { user, password } of demo) {
    if (user === 'dora' || user === 'leo') tokens[user] = await login(url, user, password)
  }
  // A member's roles follow once the reconcilers have made them.
  for (const token of [tokens.dora, tokens.leo]) {
    const look = () => ask(`${url}${project}/pods`, { headers: bearer(token) })
    await eventually('the demo accounts see their project', look, ({ status }) => status === 200)
  }
})

after(async () => {
  direct[Symbol.dispose]()
  await facade[Symbol.asyncDispose]()
  await plane[Symbol.asyncDispose]()
  process.off('unhandledRejection', note)
  assert.deepEqual(unhandled, [])
})

/** Requests of three people: those that the caches answer, and those that need kube-apiserver. */
function requests(): { cached: Requests; passed: Requests } {
  const rest = (token: string, path: string) => async () =>
    ask(`${url}${path}`, { headers: bearer(token) })
  const asked = (token: string, query: string) => async () => {
    const { status, codes, text } = await graph(url, token, query)
    return { status: codes.length > 0 ? `${status} ${codes.join()}` : status, text }
  }
  const people = '{ me { name } workspaces(first: 5) { nodes { name } } }'
  return {
    cached: {
      'pods of dora': rest(tokens.dora, `${resources}/namespaces/demo-project/pods?sortBy=name`),
      'deployments of leo': rest(tokens.leo, `${resources}/namespaces/demo-project/deployments`),
      'workspaces of admin': rest(tokens.admin, '/kapis/tenant.kubesphere.io/v1beta1/workspaces'),
      'users of admin': rest(tokens.admin, '/kapis/iam.kubesphere.io/v1beta1/users?limit=3'),
      'graph of dora': asked(tokens.dora, people),
      'graph of admin': asked(tokens.admin, '{ users(first: 5) { nodes { name } } }'),
    },
    passed: {
      'service of leo': rest(tokens.leo, `${project}/services/hello`),
      'config map of admin': rest(tokens.admin, `${project}/configmaps/hello`),
    },
  }
}

/** `namespace name resourceVersion` of each object, sorted; nothing while the server still prepares that kind. */
async function stored(path: string): Promise<string[] | undefined> {
  const { status, text } = await direct.call('GET', path)
  if (status === 429) return undefined
  assert.equal(status, 200, `${path}: ${text.slice(0, 300)}`)
  const { items } = JSON.parse(text) as {
    items: { metadata: { namespace?: string; name: string; resourceVersion: string } }[]
  }
  return items
    .map(({ metadata: { namespace = '', name, resourceVersion } }) =>
      [namespace, name, resourceVersion].join(' '),
    )
    .toSorted()
}

/** Every cache of the facade that differs from a fresh list, and how many were compared. */
async function differences(): Promise<{ compared: number; different: string[] }> {
  const different: string[] = []
  let compared = 0
  for (const { gvr } of facade.app.clusters.host.caches.status()) {
    const { group, version, resource } = gvr
    const fresh = await stored(`${group ? `/apis/${group}` : '/api'}/${version}/${resource}`)
    const store = facade.app.clusters.host.caches.peek(gvr)
    const cached = Array.from(store?.entries() ?? [], (entry) =>
      [entry.namespace, entry.name, entry.resourceVersion].join(' '),
    ).toSorted()
    compared++
    if (JSON.stringify(cached) !== JSON.stringify(fresh)) different.push(resource)
  }
  return { compared, different }
}

async function configMap(name: string): Promise<void> {
  await direct.create(`${project}/configmaps`, { metadata: { name, namespace: 'demo-project' } })
}

describe('kube-apiserver is killed and comes back while people work', { concurrency: 1 }, () => {
  let load: Load
  let watches: Awaited<ReturnType<typeof followWatch>>[]
  const watchPath = '/api/v1/watch/namespaces/demo-project/configmaps'

  before(async () => {
    const { cached, passed } = requests()
    load = startLoad({ ...cached, ...passed })
    watches = await Promise.all(
      [tokens.admin, tokens.dora, tokens.leo].map((token) =>
        followWatch(`${url}${watchPath}`, token),
      ),
    )
  })

  after(() => load[Symbol.asyncDispose]())

  it('before: everything is answered, and watches tell what happens', async () => {
    await load.round(10)
    await configMap('made-before')
    await Promise.all(watches.map((watch) => watch.sees('made-before')))
    assert.deepEqual(load.take().failures, [])
  })

  it('while it is down: caches answer, the passthrough says 502, watches have ended', async () => {
    await plane.kill('kube-apiserver')
    await Promise.all(watches.map(({ ended }) => ended))
    // What was in flight may have failed in any way that a client can make out.
    await load.round(2)
    const inFlight = load.take().failures.map(({ status }) => status)
    for (const status of inFlight)
      assert.ok([0, 500, 502, 503].includes(Number(status)), `${status}`)

    await load.round(10)
    const { cached, passed } = requests()
    const { failures, answered } = load.take()
    for (const name of Object.keys(cached)) assert.ok((answered.get(name) ?? 0) >= 10, name)
    const notPassed = failures.filter(({ name }) => !(name in passed))
    assert.deepEqual(notPassed, [])
    const passedOn = failures.filter(({ name }) => name in passed)
    assert.ok(passedOn.length >= 20)
    for (const { status, text } of passedOn) {
      assert.equal(status, 502, text)
      const { ErrStatus } = JSON.parse(text) as { ErrStatus: { code: number; message: string } }
      assert.equal(ErrStatus.code, 502)
      assert.match(
        ErrStatus.message,
        /^Error while proxying request: dial tcp .*connection refused$/,
      )
    }
    assert.equal((await ask(`${url}/healthz`)).status, 200)
  })

  it('while it is down: what has to be written is refused with a code, and nothing hangs', async () => {
    const { admin } = tokens
    const mutation =
      'mutation ($input: CreateWorkspaceInput!) { createWorkspace(input: $input) { workspace { name } } }'
    const made = await graph(url, admin, mutation, { input: { name: 'too-early' } })
    assert.equal(made.codes.length, 1, made.text)
    assert.match(String(made.codes[0]), /UNAVAILABLE/, made.text)
    const body = JSON.stringify({ metadata: { name: 'too-early' } })
    const headers = { ...bearer(admin), 'content-type': 'application/json' }
    const templates = `${url}/kapis/tenant.kubesphere.io/v1beta1/workspacetemplates`
    const refused = await ask(templates, { method: 'POST', headers, body })
    assert.ok(refused.status >= 500 && refused.status < 505, `${refused.status} ${refused.text}`)
    assert.match(refused.text, /connection refused/)
    assert.match(refused.type, /^text\/plain$/)
  })

  it('afterwards: everything is answered again, watches can be opened, caches are as the cluster', async () => {
    await plane.restart('kube-apiserver')
    const { passed } = requests()
    for (const [name, request] of Object.entries(passed)) {
      await eventually(name, request, ({ status }) => status === 200)
    }
    load.take()
    watches = await Promise.all(
      [tokens.admin, tokens.dora, tokens.leo].map((token) =>
        followWatch(`${url}${watchPath}`, token),
      ),
    )
    await configMap('made-after')
    await Promise.all(watches.map((watch) => watch.sees('made-after')))
    await load.round(10)
    assert.deepEqual(load.take().failures, [])

    const mutation =
      'mutation ($input: CreateWorkspaceInput!) { createWorkspace(input: $input) { workspace { name } } }'
    const made = await graph(url, tokens.admin, mutation, { input: { name: 'late' } })
    assert.deepEqual(made.codes, [], made.text)
    const look = (): ReturnType<typeof differences> => differences()
    const { compared } = await eventually(
      'caches and cluster',
      look,
      ({ different }) => different.length === 0,
    )
    assert.ok(compared >= 10, `${compared} caches`)
    for (const watch of watches) watch.stop()
  })

  it('a second restart, without a pause, is no different', async () => {
    await plane.restart('kube-apiserver')
    const all = Object.entries({ ...requests().cached, ...requests().passed })
    for (const [name, request] of all) {
      await eventually(name, request, ({ status }) => status === 200)
    }
    load.take()
    await load.round(5)
    assert.deepEqual(load.take().failures, [])
    const look = (): ReturnType<typeof differences> => differences()
    await eventually('caches and cluster', look, ({ different }) => different.length === 0)
    assert.deepEqual(unhandled, [])
  })

  it('a kube-apiserver that stands still holds up what needs it, and nothing else', async () => {
    plane.pause('kube-apiserver')
    const { cached, passed } = requests()
    const held = Promise.all(Object.values(passed).map((request) => request()))
    const gone = new AbortController()
    const impatient = ask(`${url}${project}/pods`, {
      headers: bearer(tokens.admin),
      signal: gone.signal,
    })
    for (const [name, request] of Object.entries(cached)) {
      const { status, text } = await request()
      assert.equal(status, 200, `${name}: ${text}`)
    }
    gone.abort()
    await assert.rejects(impatient, { name: 'AbortError' })
    plane.resume('kube-apiserver')
    for (const { status, text } of await held) assert.equal(status, 200, text)
  })
})
