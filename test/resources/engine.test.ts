import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { select } from '../../gateway/domain/resources/engine.ts'
import { equals, field } from '../../gateway/domain/resources/condition.ts'
import { filtersA } from '../../gateway/domain/resources/filters.ts'
import type { ListQuery } from '../../gateway/domain/resources/index.ts'
import { filterContext } from '../../gateway/domain/resources/reads.ts'
import { createStore, type WritableStore } from '../../gateway/kube/store.ts'
import type { GVR, KubeObject } from '../../gateway/kube/types.ts'
import { naiveList, type NaivePage } from './naive.ts'
import { fakeCluster, pick, random } from './support.ts'

const THINGS: GVR = { group: '', version: 'v1', resource: 'things' }
const NAMESPACES = ['a', 'b', 'c', 'd']
const WORDS = ['red', 'green', 'blue']
const STATUS = { ...filtersA, status: equals(field('phase', phaseOf)) }

function phaseOf(object: KubeObject): string {
  return String((object['status'] as { phase?: string }).phase)
}

type Next = () => number

function thing(next: Next, index: number, version: number): KubeObject {
  const labels = Object.fromEntries(
    ['app', 'tier'].flatMap((key) => (next() < 0.7 ? [[key, pick(next, [...WORDS, ''])]] : [])),
  )
  return {
    metadata: {
      name: `${pick(next, WORDS)}-${index}`,
      namespace: pick(next, NAMESPACES),
      uid: `u${index}`,
      resourceVersion: String(version),
      creationTimestamp: `2026-01-01T00:00:${String(Math.floor(next() * 6)).padStart(2, '0')}Z`,
      labels,
      ...(next() < 0.3 ? { annotations: { 'kubesphere.io/alias-name': pick(next, WORDS) } } : {}),
      ...(next() < 0.4 ? { ownerReferences: [owner(pick(next, ['u1', 'u2']))] } : {}),
    },
    status: { phase: pick(next, ['Active', 'Pending', 'Gone']) },
  }
}

function owner(uid: string) {
  return { apiVersion: 'v1', kind: uid === 'u1' ? 'Set' : 'Thing', name: uid, uid }
}

function filters(next: Next): Record<string, string> {
  const all: Record<string, () => string> = {
    name: () => pick(next, [...WORDS, 're', '-1', '']),
    names: () => `${pick(next, WORDS)}-${Math.floor(next() * 40)},red-3,blue-4`,
    uid: () => `u${Math.floor(next() * 40)}`,
    namespace: () => pick(next, NAMESPACES),
    ownerKind: () => pick(next, ['Set', 'Thing', 'None']),
    ownerReference: () => pick(next, ['u1', 'u2', 'u3']),
    label: () => selector(next),
    status: () => pick(next, ['Active', 'Pending', 'Nope']),
    keyword: () => 'anything',
  }
  const chosen = Object.keys(all).filter(() => next() < 0.15)
  return Object.fromEntries(chosen.map((key) => [key, (all[key] as () => string)()]))
}

function selector(next: Next): string {
  return pick(next, [
    'app',
    '!tier',
    `app=${pick(next, WORDS)}`,
    `app!=${pick(next, WORDS)}`,
    `app=${pick(next, WORDS)},tier=${pick(next, WORDS)}`,
    'app in (red,green)',
    'tier notin (blue,red)',
    'app=',
  ])
}

function query(next: Next): ListQuery {
  return {
    limit: pick(next, [-1, 0, 1, 5, 10, 100, -3]),
    page: pick(next, [1, 1, 2, 3, 9, 0, -1]),
    sortBy: pick(next, ['name', 'creationTimestamp', 'bogus']),
    ascending: next() < 0.5,
    labelSelector: next() < 0.4 ? selector(next) : '',
    filters: filters(next),
  }
}

async function listed(
  store: WritableStore,
  wanted: ListQuery,
  namespace: string | undefined,
): Promise<NaivePage> {
  const context = filterContext(fakeCluster(), store, new AbortController().signal)
  const semantics = { filters: STATUS }
  const { entries, totalItems } = await select({ context, semantics, query: wanted, namespace })
  return { names: entries.map((e) => `${e.namespace}/${e.name}`), totalItems }
}

function key({ metadata }: KubeObject): string {
  return `${metadata.namespace}/${metadata.name}`
}

describe('the list engine', () => {
  for (const [seed, size] of [
    [1, 0],
    [2, 1],
    [3, 60],
    [4, 1500],
  ] as const) {
    it(`answers as filter, sort and slice do over ${size} objects (seed ${seed})`, async () => {
      const next = random(seed)
      const objects = Array.from({ length: size }, (_, index) => thing(next, index, 1))
      const unique = [...new Map(objects.map((object) => [key(object), object])).values()]
      const store = createStore(THINGS, 'Thing')
      store.replace(unique, '1')
      for (let round = 0; round < (size > 1000 ? 150 : 400); round++) {
        const wanted = query(next)
        const namespace = next() < 0.5 ? pick(next, [...NAMESPACES, 'none']) : undefined
        assert.deepEqual(
          await listed(store, wanted, namespace),
          naiveList(unique, wanted, namespace),
          `round ${round}: ${JSON.stringify({ wanted, namespace })}`,
        )
      }
    })
  }

  it('answers the same after any history of events as over a fresh list', async () => {
    const next = random(99)
    const current = new Map<string, KubeObject>()
    const store = createStore(THINGS, 'Thing')
    store.replace([], '1')
    let version = 2
    for (let round = 0; round < 60; round++) {
      for (let event = 0; event < 40; event++) {
        version++
        const known = [...current.values()]
        if (known.length > 0 && next() < 0.3) {
          const gone = pick(next, known)
          current.delete(key(gone))
          const metadata = { ...gone.metadata, resourceVersion: String(version) }
          store.apply('DELETED', { ...gone, metadata })
          continue
        }
        const fresh = thing(next, Math.floor(next() * 700), version)
        store.apply(current.has(key(fresh)) ? 'MODIFIED' : 'ADDED', fresh)
        current.set(key(fresh), fresh)
      }
      if (round % 15 === 7) store.replace(current.values(), String(++version))
      const wanted = query(next)
      const namespace = next() < 0.5 ? pick(next, NAMESPACES) : undefined
      assert.deepEqual(
        await listed(store, wanted, namespace),
        naiveList([...current.values()], wanted, namespace),
        `round ${round}: ${JSON.stringify({ wanted, namespace })}`,
      )
    }
  })
})
