import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { pino } from 'pino'
import { defaultConfig } from '../../gateway/config/index.ts'
import { createClusters } from '../../gateway/kube/clusters.ts'
import { ApiError } from '../../gateway/lib/errors.ts'
import { httpServer, until } from './support.ts'

const ready = { conditions: [{ type: 'Ready', status: 'True' }] }
const base64 = (text: string): string => Buffer.from(text).toString('base64')

function kubeconfig(server: string): string {
  return JSON.stringify({
    'current-context': 'c',
    contexts: [{ name: 'c', context: { cluster: 'k', user: 'u' } }],
    clusters: [{ name: 'k', cluster: { server } }],
    users: [{ name: 'u', user: { token: 'member-token' } }],
  })
}

const cluster = (name: string, connection: object, status: object = ready, labels = {}) => ({
  metadata: { name, uid: name, resourceVersion: '1', labels },
  spec: { connection },
  status,
})

const HOST = { 'cluster-role.kubesphere.io/host': '' }
const OBJECTS = [
  cluster('central', {}, {}, HOST),
  cluster('down', { type: 'direct' }, { conditions: [{ type: 'Ready', status: 'False' }] }),
  cluster('direct', { type: 'direct', kubesphereAPIEndpoint: 'http://ks.member:9090/ignored' }),
  cluster('tunnel', { type: 'proxy', kubesphereAPIEndpoint: 'http://10.0.0.5:30000' }),
  cluster('service', {
    type: 'direct',
    kubernetesAPIEndpoint: 'https://kube.member:6443',
    kubeconfig: base64(kubeconfig('https://kube.member:6443')),
  }),
  cluster('moved', {
    type: 'direct',
    kubernetesAPIEndpoint: 'https://other.member:6443',
    kubeconfig: base64(kubeconfig('https://kube.member:6443')),
  }),
  cluster('broken', { type: 'direct', kubeconfig: base64('{') }),
]

async function clustersOf(
  objects: readonly object[],
  events: string[] = [],
  facade: { caches?: string[] } = {},
) {
  const stack = new AsyncDisposableStack()
  const api = stack.use(
    await httpServer((req, res) => {
      res.setHeader('content-type', 'application/json')
      if (req.url === '/version') res.end('{"gitVersion":"v1.36.3"}')
      else if (!req.url?.includes('/clusters')) res.writeHead(404).end('404 page not found')
      else if (req.url.includes('watch=true')) {
        res.flushHeaders()
        for (const line of events) res.write(line)
      } else {
        res.end(
          JSON.stringify({
            kind: 'ClusterList',
            metadata: { resourceVersion: '1' },
            items: objects,
          }),
        )
      }
    }),
  )
  const dir = await mkdtemp(join(tmpdir(), 'clusters-'))
  stack.defer(() => rm(dir, { recursive: true }))
  const path = join(dir, 'config')
  await writeFile(path, kubeconfig(api.url.origin))
  const config = defaultConfig({
    kubernetes: { kubeconfig: path },
    multicluster: { hostClusterName: 'central' },
    facade,
  })
  const clusters = stack.use(await createClusters({ config, log: pino({ level: 'silent' }) }))
  return { clusters, [Symbol.asyncDispose]: () => stack.disposeAsync() }
}

const refusal = (code: number, reason: string, message: RegExp) => (error: unknown) => {
  assert.ok(error instanceof ApiError, String(error))
  assert.deepEqual([error.code, error.reason], [code, reason])
  assert.match(error.message, message)
  return true
}

describe('where a request for a cluster goes', () => {
  test('the host, by its name and by the alias host', async () => {
    await using made = await clustersOf(OBJECTS)
    assert.deepEqual(await made.clusters.route('central'), { kind: 'host' })
    assert.deepEqual(await made.clusters.route('host'), { kind: 'host' })
    assert.equal(await made.clusters.access('host'), made.clusters.host)
  })

  test('nowhere: unknown, not ready, not usable', async () => {
    await using made = await clustersOf(OBJECTS)
    const { clusters } = made
    await assert.rejects(
      clusters.route('nope'),
      refusal(400, 'ClusterNotFound', /^cluster nope not exists$/),
    )
    await assert.rejects(
      clusters.route('down'),
      refusal(503, 'ClusterNotReady', /^cluster down is not ready$/),
    )
    await assert.rejects(clusters.route('broken'), refusal(503, 'ClusterUnreachable', /not YAML/))
    await assert.rejects(
      clusters.access('tunnel'),
      refusal(503, 'ClusterUnreachable', /kubeconfig/),
    )
  })

  test('its own ks-apiserver, directly or through the tunnel', async () => {
    await using made = await clustersOf(OBJECTS)
    for (const [name, origin] of [
      ['direct', 'http://ks.member:9090'],
      ['tunnel', 'http://10.0.0.5:30000'],
    ] as const) {
      const route = await made.clusters.route(name)
      assert.ok(route.kind === 'member')
      assert.equal(route.serviceProxy, false)
      assert.equal(route.target.origin.origin, origin)
      assert.deepEqual(await route.target.authHeaders(), {})
    }
  })

  test('its kube-apiserver’s service proxy, with the stored credentials', async () => {
    await using made = await clustersOf(OBJECTS)
    for (const [name, host] of [
      ['service', 'kube.member:6443'],
      ['moved', 'other.member:6443'],
    ] as const) {
      const route = await made.clusters.route(name)
      assert.ok(route.kind === 'member')
      assert.equal(route.serviceProxy, true)
      assert.equal(route.target.origin.host, host)
      assert.deepEqual(await route.target.authHeaders(), { authorization: 'Bearer member-token' })
      const again = await made.clusters.route(name)
      assert.equal(again.kind === 'member' && again.target, route.target, 'the pool is kept')
    }
    const access = await made.clusters.access('service')
    assert.equal(access.client.origin.host, 'kube.member:6443')
  })

  test('elsewhere once its spec changes', async () => {
    const changed = {
      ...cluster('direct', { type: 'direct', kubesphereAPIEndpoint: 'http://new.member' }),
      metadata: { name: 'direct', uid: 'direct', resourceVersion: '5' },
    }
    const line = `${JSON.stringify({ type: 'MODIFIED', object: changed })}\n`
    await using made = await clustersOf(OBJECTS, [line])
    let origin = ''
    const { clusters } = made
    const look = async (): Promise<void> => {
      const route = await clusters.route('direct')
      if (route.kind === 'member') origin = route.target.origin.origin
    }
    await until(() => {
      void look()
      return origin === 'http://new.member'
    }, 'the new address')
  })
})

test('lists the Cluster objects with their kind', async () => {
  await using made = await clustersOf(OBJECTS)
  const list = await made.clusters.list()
  assert.equal(list.length, OBJECTS.length)
  assert.equal(list[0]?.kind, 'Cluster')
})

test('caches that the configuration names are filled without anybody asking', async () => {
  const named = 'cluster.kubesphere.io/v1alpha1/clusters'
  await using made = await clustersOf(OBJECTS, [], { caches: [named, 'v1/absent'] })
  const { caches } = made.clusters.host
  const resources = caches.status().map(({ gvr }) => gvr.resource)
  assert.deepEqual(resources.toSorted(), ['absent', 'clusters'])
  const gvr = { group: 'cluster.kubesphere.io', version: 'v1alpha1', resource: 'clusters' }
  await until(() => caches.peek(gvr)?.size === OBJECTS.length, 'the named cache')
})

test('a host that does not answer is 503, a kubeconfig that is not there a ConfigError', async () => {
  const log = pino({ level: 'silent' })
  const none = defaultConfig({ kubernetes: { kubeconfig: '/nowhere/config' } })
  await assert.rejects(createClusters({ config: none, log }), { name: 'ConfigError' })
  const master = { kubernetes: { kubeconfig: '', master: 'http://127.0.0.1:1' } }
  const dir = await mkdtemp(join(tmpdir(), 'clusters-'))
  const path = join(dir, 'config')
  await writeFile(path, kubeconfig('https://unused'))
  const config = defaultConfig({ kubernetes: { ...master.kubernetes, kubeconfig: path } })
  await assert.rejects(
    createClusters({ config, log }),
    refusal(503, 'ServiceUnavailable', /connection refused/),
  )
  await rm(dir, { recursive: true })
})
