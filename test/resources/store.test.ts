import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Change } from '../../gateway/kube/api.ts'
import { createStore, type WritableStore } from '../../gateway/kube/store.ts'
import type { GVR, KubeObject } from '../../gateway/kube/types.ts'

const PODS: GVR = { group: '', version: 'v1', resource: 'pods' }

interface PodLike {
  name: string
  namespace?: string
  version?: number
  at?: number
  labels?: Record<string, string>
  uid?: string
}

function pod({
  name,
  namespace = 'a',
  version = 1,
  at = 0,
  labels,
  uid = name,
}: PodLike): KubeObject {
  return {
    metadata: {
      name,
      namespace,
      uid,
      resourceVersion: String(version),
      creationTimestamp: new Date(at * 1000).toISOString(),
      ...(labels ? { labels } : {}),
    },
    spec: { nodeName: `node-${name}` },
  }
}

function recorded(store: WritableStore): string[] {
  const seen: string[] = []
  store.subscribe(({ type, entry, previous }: Change) =>
    seen.push(`${type} ${entry.name} ${previous?.resourceVersion ?? '-'}>${entry.resourceVersion}`),
  )
  return seen
}

const names = (entries: Iterable<{ name: string }>): string =>
  Array.from(entries, (e) => e.name).join(' ')

describe('a store', () => {
  it('reports what a relist changed and nothing else', () => {
    const store = createStore(PODS, 'Pod')
    store.replace([pod({ name: 'x' }), pod({ name: 'y' }), pod({ name: 'z' })], '5')
    const seen = recorded(store)
    store.replace(
      [pod({ name: 'x' }), pod({ name: 'y', version: 7 }), pod({ name: 'n', version: 8 })],
      '9',
    )
    assert.deepEqual(seen, ['MODIFIED y 1>7', 'ADDED n ->8', 'DELETED z 1>1'])
    assert.equal(store.resourceVersion, '9')
    assert.equal(store.revision, 6)
  })

  it('ignores events that are older than what it holds', () => {
    const store = createStore(PODS, 'Pod')
    store.replace([pod({ name: 'x', version: 10 })], '10')
    const seen = recorded(store)
    store.apply('MODIFIED', pod({ name: 'x', version: 9 }))
    store.apply('ADDED', pod({ name: 'x', version: 10 }))
    store.apply('DELETED', pod({ name: 'x', version: 9 }))
    assert.deepEqual(seen, [])
    store.apply('DELETED', pod({ name: 'x', version: 11 }))
    assert.deepEqual(seen, ['DELETED x 10>11'])
    assert.equal(store.size, 0)
  })

  it('keeps both orders, in a namespace and in all, through updates, deletion and re-creation', () => {
    const store = createStore(PODS, 'Pod')
    store.replace(
      [
        pod({ name: 'b', at: 1 }),
        pod({ name: 'a', at: 2 }),
        pod({ name: 'c', at: 2, namespace: 'n' }),
        pod({ name: 'a', at: 2, namespace: 'n' }),
      ],
      '1',
    )
    assert.equal(names(store.entries()), 'b a a c')
    assert.deepEqual(
      store
        .view()
        .slice('name', true, 0, 9)
        .map((e) => `${e.namespace}/${e.name}`),
      ['n/c', 'a/b', 'n/a', 'a/a'],
    )
    store.apply('MODIFIED', pod({ name: 'b', at: 9, version: 2, uid: 'again' }))
    assert.equal(names(store.entries()), 'a a c b')
    assert.equal(names(store.entries('a')), 'a b')
    store.apply('DELETED', pod({ name: 'a', at: 2, version: 3 }))
    assert.equal(names(store.byName()), 'a b c')
    assert.equal(store.count('a'), 1)
  })

  it('finds by label through an index that follows changes', () => {
    const store = createStore(PODS, 'Pod')
    store.replace([pod({ name: 'x', labels: { app: 'web' } }), pod({ name: 'y' })], '1')
    assert.equal(names(store.withLabel('app', 'web')), 'x')
    store.apply('MODIFIED', pod({ name: 'y', version: 2, labels: { app: 'web' } }))
    store.apply('MODIFIED', pod({ name: 'x', version: 3, labels: { app: 'db' } }))
    assert.equal(names(store.withLabel('app', 'web')), 'y')
    assert.equal(names(store.withLabel('app', 'db', 'a')), 'x')
    assert.equal(names(store.withLabel('app', 'db', 'b')), '')
    store.apply('DELETED', pod({ name: 'y', version: 4, labels: { app: 'web' } }))
    assert.equal(store.view({ label: { key: 'app', value: 'web' } }).size, 0)
  })

  it('computes a column once from each version and indexes it by line', () => {
    const store = createStore(PODS, 'Pod')
    store.replace([pod({ name: 'x' })], '1')
    let computed = 0
    const node = store.column('node', (object) => {
      computed++
      return `${(object['spec'] as { nodeName: string }).nodeName}\nany`
    })
    const view = () => names(store.view({ column: { column: node, value: 'any' } }).scan('name'))
    assert.equal(view(), 'x')
    store.apply('ADDED', pod({ name: 'y', version: 2 }))
    assert.equal(view(), 'x y')
    assert.equal(names(store.view({ column: { column: node, value: 'node-y' } }).scan('name')), 'y')
    assert.equal(computed, 2)
  })

  it('fills a column for all objects in turns, once, while others come and change', async () => {
    const store = createStore(PODS, 'Pod')
    const numbers = Array.from({ length: 200 }, (_, at) => at)
    store.replace(
      numbers.map((at) => pod({ name: `x${at}` })),
      '1',
    )
    const computed = new Map<string, number>()
    const node = store.column('node', ({ metadata: { name = '', resourceVersion } }) => {
      const began = performance.now()
      while (performance.now() - began < 0.5);
      computed.set(name, (computed.get(name) ?? 0) + 1)
      return resourceVersion ?? ''
    })
    const filled = node.filled()
    assert.equal(node.filled(), filled)
    assert.ok(computed.size < numbers.length)
    store.apply('MODIFIED', pod({ name: 'x199', version: 7 }))
    store.apply('ADDED', pod({ name: 'y', version: 7 }))
    await filled
    const changed = store.view({ column: { column: node, value: '7' } }).scan('name')
    assert.equal(names(changed), 'x199 y')
    assert.equal(computed.size, numbers.length + 1)
    assert.deepEqual(
      [...computed].filter(([, times]) => times > 1),
      [['x199', 2]],
    )
  })

  it('stamps kind and apiVersion in front of the text it was given', () => {
    const store = createStore(
      { group: 'apps', version: 'v1', resource: 'deployments' },
      'Deployment',
    )
    store.apply('ADDED', { metadata: { name: 'x' } }, '{ "metadata": {"name":"x"},"n":1.0}')
    const entry = store.get('', 'x')
    assert.equal(
      entry?.json,
      '{"kind":"Deployment","apiVersion":"apps/v1", "metadata": {"name":"x"},"n":1.0}',
    )
    assert.equal(entry?.object.kind, 'Deployment')
    store.apply('ADDED', { metadata: { name: 'y' } })
    assert.equal(
      store.get('', 'y')?.json,
      '{"kind":"Deployment","apiVersion":"apps/v1","metadata":{"name":"y"}}',
    )
  })

  it('lets one listener throw without harm to the others', () => {
    const errors: unknown[] = []
    const store = createStore(PODS, 'Pod', { onListenerError: (error) => errors.push(error) })
    store.subscribe(() => {
      throw new Error('bad listener')
    })
    const seen = recorded(store)
    const end = store.subscribe(() => seen.push('second'))
    store.apply('ADDED', pod({ name: 'x' }))
    end()
    store.apply('ADDED', pod({ name: 'y', version: 2 }))
    assert.deepEqual(seen, ['ADDED x ->1', 'second', 'ADDED y ->2'])
    assert.equal(errors.length, 2)
  })

  it('tells when a version is reached, and when it is late', async () => {
    const store = createStore(PODS, 'Pod')
    const waiting = store.waitFor('100', 5000)
    store.replace([], '99')
    store.bookmark('100')
    await waiting
    await store.waitFor('20', 1)
    await assert.rejects(store.waitFor('101', 1), { code: 504 })
  })
})
