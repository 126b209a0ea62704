import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { pino } from 'pino'
import type { Plane } from '../../gateway/embedded/index.ts'
import type { Change, GVR, KubeObject } from '../../gateway/kube/api.ts'
import { createClusterAccess } from '../../gateway/kube/cluster-access.ts'
import type { OwnedAccess } from '../../gateway/kube/cluster-access.ts'
import { createKubeClient } from '../../gateway/kube/client.ts'
import { loadKubeconfig } from '../../gateway/kube/kubeconfig.ts'
import { ApiError } from '../../gateway/lib/errors.ts'
import { startTestPlane } from '../env/plane.ts'
import { proxyTo, until } from './support.ts'

const CONFIG_MAPS: GVR = { group: '', version: 'v1', resource: 'configmaps' }
const CRDS: GVR = {
  group: 'apiextensions.k8s.io',
  version: 'v1',
  resource: 'customresourcedefinitions',
}
const TOYS: GVR = { group: 'example.com', version: 'v1', resource: 'toys' }
const namespace = 'default'

const configMap = (name: string, value: string): KubeObject => ({
  metadata: { name, namespace },
  data: { value },
})

let plane: Plane
let access: OwnedAccess

before(async () => {
  plane = await startTestPlane({ components: ['etcd', 'kube-apiserver'] })
  const credentials = await loadKubeconfig({ path: plane.kubeconfigPath })
  access = createClusterAccess({ name: 'host', credentials, log: pino({ level: 'silent' }) })
})
after(async () => {
  await access[Symbol.asyncDispose]()
  await plane[Symbol.asyncDispose]()
})

const fails = (code: number, reason: string) => (error: unknown) => {
  assert.ok(error instanceof ApiError, String(error))
  assert.deepEqual([error.code, error.reason], [code, reason])
  return true
}

describe('the client', () => {
  test('creates, reads, changes and deletes', async () => {
    const { client } = access
    const made = await client.create(CONFIG_MAPS, configMap('crud', 'a'))
    assert.equal(
      (await client.get(CONFIG_MAPS, 'crud', { namespace })).metadata.uid,
      made.metadata.uid,
    )
    const updated = await client.update(CONFIG_MAPS, { ...made, data: { value: 'b' } })
    assert.deepEqual(updated['data'], { value: 'b' })
    const patches = [
      ['merge', { data: { value: 'c' } }],
      ['json', [{ op: 'replace', path: '/data/value', value: 'c' }]],
      ['strategic', { data: { value: 'c' } }],
      [
        'apply',
        { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'crud' }, data: { value: 'c' } },
      ],
    ] as const
    for (const [type, patch] of patches) {
      const options = {
        namespace,
        type,
        ...(type === 'apply' && { force: true, fieldManager: 't' }),
      }
      assert.deepEqual((await client.patch(CONFIG_MAPS, 'crud', patch, options))['data'], {
        value: 'c',
      })
    }
    const listed = await client.list(CONFIG_MAPS, {
      namespace,
      fieldSelector: 'metadata.name=crud',
    })
    assert.equal(listed.items.length, 1)
    const dry = { namespace, dryRun: true }
    await client.delete(CONFIG_MAPS, 'crud', dry)
    await client.get(CONFIG_MAPS, 'crud', { namespace })
    await client.delete(CONFIG_MAPS, 'crud', { namespace, propagationPolicy: 'Background' })
    await assert.rejects(client.get(CONFIG_MAPS, 'crud', { namespace }), fails(404, 'NotFound'))
  })

  test('throws what the server says, word for word', async () => {
    const { client } = access
    const made = await client.create(CONFIG_MAPS, configMap('errors', 'a'))
    await assert.rejects(client.create(CONFIG_MAPS, configMap('errors', 'a')), (error) => {
      assert.ok(fails(409, 'AlreadyExists')(error))
      assert.equal((error as Error).message, 'configmaps "errors" already exists')
      assert.equal((error as ApiError).details?.kind, 'configmaps')
      return true
    })
    const stale = { ...made, metadata: { ...made.metadata, resourceVersion: '1' } }
    await assert.rejects(client.update(CONFIG_MAPS, stale), fails(409, 'Conflict'))
    await assert.rejects(
      client.create(CONFIG_MAPS, configMap('Not A Name', '')),
      fails(422, 'Invalid'),
    )
    await assert.rejects(client.json({ path: '/nowhere' }), fails(404, 'NotFound'))
    const gone = new AbortController()
    gone.abort()
    await assert.rejects(client.json({ path: '/version', signal: gone.signal }), {
      name: 'AbortError',
    })
  })

  test('a server that is not there is 503, one without trust too', async () => {
    const text = plane.kubeconfig
    await using nobody = createKubeClient({
      credentials: await loadKubeconfig({ text, master: 'https://127.0.0.1:1' }),
    })
    await assert.rejects(nobody.json({ path: '/version' }), (error) => {
      assert.match(
        (error as Error).message,
        /dial tcp 127\.0\.0\.1:1: connect: connection refused$/,
      )
      return fails(503, 'ServiceUnavailable')(error)
    })
    const untrusting = text
      .replace(/.*certificate-authority-data.*\n/, '')
      .replace(/"certificate-authority-data":"[^"]*",?/, '')
    await using foreign = createKubeClient({
      credentials: await loadKubeconfig({ text: untrusting }),
    })
    await assert.rejects(foreign.json({ path: '/version' }), /failed to verify certificate/)
  })
})

describe('watch caches', () => {
  test('follow changes, keep the text, and stamp kinds', async () => {
    const store = await access.caches.store(CONFIG_MAPS)
    assert.equal(store.kind, 'ConfigMap')
    const changes: Change[] = []
    using _end = subscribed(store.subscribe((change) => isOurs(change) && changes.push(change)))
    const made = await access.client.create(CONFIG_MAPS, configMap('watched', 'a'))
    await store.waitFor(made.metadata.resourceVersion ?? '', 90_000)
    const entry = store.get(namespace, 'watched')
    assert.equal(entry?.uid, made.metadata.uid)
    assert.deepEqual(JSON.parse(entry?.json ?? ''), made)
    await access.client.delete(CONFIG_MAPS, 'watched', { namespace })
    await until(() => changes.length === 2, 'the deletion')
    assert.deepEqual(
      changes.map(({ type, entry: { name } }) => `${type} ${name}`),
      ['ADDED watched', 'DELETED watched'],
    )
  })

  test('a kind that is not served is 404, until it is; discovery knows it by then', async () => {
    const { client, caches, discovery } = access
    assert.equal(await discovery.find({ group: 'example.com', resource: 'toys' }), undefined)
    await assert.rejects(caches.store(TOYS), fails(404, 'NotFound'))
    await assert.rejects(caches.store({ ...TOYS, resource: '../../etc' }), fails(404, 'NotFound'))
    await client.create(CRDS, toys())
    for (;;) {
      const found = await discovery.find({ group: 'example.com', resource: 'toys' })
      if (found) {
        assert.deepEqual([found.kind, found.namespaced, found.shortNames], ['Toy', true, ['ty']])
        break
      }
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    assert.equal(
      (await discovery.findKind({ group: 'example.com', kind: 'Toy' }))?.resource,
      'toys',
    )
    let store = caches.peek(TOYS)
    while (!store) {
      store = await caches.store(TOYS).catch(() => undefined)
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    await client.create(TOYS, {
      apiVersion: 'example.com/v1',
      kind: 'Toy',
      metadata: { name: 'bear', namespace },
    })
    await until(() => store.size === 1, 'the toy')
    await client.delete(CRDS, 'toys.example.com')
    await until(() => store.size === 0, 'the toys go with their kind')
  })

  test('a whole set follows an API server that is killed, then one that forgot history', async () => {
    const { client, caches } = access
    const store = await caches.store(CONFIG_MAPS)
    const changes: string[] = []
    using _end = subscribed(
      store.subscribe((change) => {
        if (isOurs(change)) changes.push(`${change.type} ${change.entry.name}`)
      }),
    )
    for (const name of ['kept', 'changed', 'deleted']) {
      await client.create(CONFIG_MAPS, configMap(name, 'a'))
    }
    await until(() => changes.length === 3, 'three objects')
    changes.length = 0

    await plane.kill('kube-apiserver')
    assert.ok(store.get(namespace, 'kept'), 'stale, but there')
    await assert.rejects(
      client.get(CONFIG_MAPS, 'kept', { namespace }),
      fails(503, 'ServiceUnavailable'),
    )
    await plane.restart('kube-apiserver')
    const back = await client.create(CONFIG_MAPS, configMap('back', 'a'))
    await store.waitFor(back.metadata.resourceVersion ?? '', 90_000)
    assert.deepEqual(changes, ['ADDED back'])
    changes.length = 0

    // While a watch cannot run, history goes on; the API server that starts then does not know the old part.
    await using proxy = await proxyTo(client.target)
    await using far = createClusterAccess({
      name: 'far',
      credentials: await loadKubeconfig({ text: plainConfig(proxy.url.origin) }),
      log: pino({ level: 'silent' }),
    })
    const differences: string[] = []
    const seen = await far.caches.store(CONFIG_MAPS)
    seen.subscribe((change) => {
      if (isOurs(change)) differences.push(`${change.type} ${change.entry.name}`)
    })
    const port = Number(proxy.url.port)
    await proxy[Symbol.asyncDispose]()
    await client.patch(
      CONFIG_MAPS,
      'changed',
      { data: { value: 'b' } },
      { namespace, type: 'merge' },
    )
    await client.delete(CONFIG_MAPS, 'deleted', { namespace })
    await client.create(CONFIG_MAPS, configMap('new', 'a'))
    await plane.restart('kube-apiserver')
    await using _again = await proxyTo(client.target, {}, port)
    await until(() => differences.length >= 3, 'the difference', 90_000)
    assert.deepEqual(differences.toSorted(), ['ADDED new', 'DELETED deleted', 'MODIFIED changed'])
    assert.equal(far.caches.status()[0]?.relists, 1)
  })

  test('a restart under load fails what is in flight, nothing else', async () => {
    const { client, caches } = access
    await using proxy = await proxyTo(client.target)
    const store = await caches.store(CONFIG_MAPS)
    const path = `/api/v1/namespaces/${namespace}/configmaps`
    const load = new AbortController()
    const codes = new Map<number, number>()
    const worker = async (): Promise<void> => {
      while (!load.signal.aborted) {
        const code = await fetch(new URL(path, proxy.url)).then(
          (response) => response.text().then(() => response.status),
          () => 0,
        )
        codes.set(code, (codes.get(code) ?? 0) + 1)
      }
    }
    const watch = await fetch(new URL(`${path}?watch=true`, proxy.url))
    const broken = assert.rejects(watch.text())
    const workers = Array.from({ length: 8 }, worker)
    await until(() => (codes.get(200) ?? 0) > 20, 'load')
    await plane.restart('kube-apiserver')
    const recovered = (codes.get(200) ?? 0) + 50
    await until(() => (codes.get(200) ?? 0) > recovered, 'answers again')
    load.abort()
    await Promise.all(workers)
    await broken
    for (const code of codes.keys())
      assert.ok([0, 200, 401, 403, 429, 500, 502, 503].includes(code), `${code}`)
    const made = await client.create(CONFIG_MAPS, configMap('after-load', 'a'))
    await store.waitFor(made.metadata.resourceVersion ?? '', 90_000)
    const listed = await client.list(CONFIG_MAPS)
    const uids = new Set(Array.from(store.byName(), ({ uid }) => uid))
    assert.deepEqual(uids, new Set(listed.items.map(({ metadata }) => metadata.uid)))
  })

  test('wait for a first list no longer than the caller', async () => {
    await using nobody = createClusterAccess({
      name: 'nobody',
      credentials: await loadKubeconfig({ text: plainConfig('http://127.0.0.1:1') }),
      log: pino({ level: 'silent' }),
    })
    const signal = AbortSignal.timeout(300)
    await assert.rejects(nobody.caches.store(CONFIG_MAPS, signal), { name: 'TimeoutError' })
    assert.equal(nobody.caches.peek(CONFIG_MAPS), undefined)
    assert.equal(nobody.caches.status()[0]?.synced, false)
  })
})

function plainConfig(server: string): string {
  return JSON.stringify({
    'current-context': 'c',
    contexts: [{ name: 'c', context: { cluster: 'k' } }],
    clusters: [{ name: 'k', cluster: { server } }],
  })
}

/** kube-apiserver writes some config maps of its own, whenever it gets to it. */
function isOurs({ entry }: Change): boolean {
  return entry.namespace === namespace
}

function subscribed(end: () => void): Disposable {
  return { [Symbol.dispose]: end }
}

function toys(): object {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'toys.example.com' },
    spec: {
      group: 'example.com',
      scope: 'Namespaced',
      names: { plural: 'toys', singular: 'toy', kind: 'Toy', shortNames: ['ty'] },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: 'object' } },
        },
      ],
    },
  }
}
