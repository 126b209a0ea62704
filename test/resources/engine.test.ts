import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { select } from '../../gateway/domain/resources/engine.ts'
import { equals, field } from '../../gateway/domain/resources/condition.ts'
import { filtersA, filtersB } from '../../gateway/domain/resources/filters.ts'
import type { ListQuery } from '../../gateway/domain/resources/index.ts'
import { filterContext } from '../../gateway/domain/resources/reads.ts'
import { createStore, type WritableStore } from '../../gateway/kube/store.ts'
import type { Entry, GVR, KubeObject } from '../../gateway/kube/api.ts'
import { naiveList, type Dialect, type NaiveKind, type NaivePage } from './naive.ts'
import { fakeCluster, pick, random } from './support.ts'

const THINGS: GVR = { group: '', version: 'v1', resource: 'things' }
const NAMESPACES = ['a', 'b', 'c', 'd']
const WORDS = ['red', 'green', 'blue']
const PHASE = field('phase', phaseOf)
const SEMANTICS = {
  A: { filters: { ...filtersA, status: equals(PHASE) }, sorts: { phase: PHASE } },
  B: { filters: filtersB },
}
/** The same of the first engine, plainly. */
const NAIVE: Record<Dialect, NaiveKind> = {
  A: {
    filters: { status: (object, value) => phaseOf(object) === value },
    sorts: { phase: phaseOf },
  },
  B: {},
}

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
      ...(next() < 0.4 ? { annotations: annotationsOf(next) } : {}),
      ...(next() < 0.4 ? { ownerReferences: [owner(pick(next, ['u1', 'u2']))] } : {}),
    },
    status: { phase: pick(next, ['Active', 'Pending', 'Gone']) },
  }
}

function annotationsOf(next: Next): Record<string, string> {
  const alias = pick(next, [...WORDS, 'Red', 'GREEN', ''])
  return next() < 0.5 ? { 'kubesphere.io/alias-name': alias } : { team: pick(next, WORDS) }
}

function owner(uid: string) {
  return { apiVersion: 'v1', kind: uid === 'u1' ? 'Set' : 'Thing', name: uid, uid }
}

function filters(next: Next, dialect: Dialect): Record<string, string> {
  const all: Record<string, () => string> = {
    name: () => pick(next, [...WORDS, 're', 'RE', 'Gr', '-1', '']),
    nameAndAlias: () => pick(next, [...WORDS, 'E']),
    names: () => `${pick(next, WORDS)}-${Math.floor(next() * 40)},red-3,blue-4`,
    uid: () => `u${Math.floor(next() * 40)}`,
    namespace: () => pick(next, NAMESPACES),
    ownerKind: () => pick(next, ['Set', 'Thing', 'None']),
    ownerReference: () => pick(next, ['u1', 'u2', 'u3']),
    label: () => (dialect === 'A' ? selector(next) : condition(next, 'app')),
    annotation: () => (dialect === 'A' ? `team=${pick(next, WORDS)}` : condition(next, 'team')),
    status: () => pick(next, ['Active', 'Pending', 'Nope']),
    fieldSelector: () => fieldSelector(next),
    keyword: () => 'anything',
  }
  const chosen = Object.keys(all).filter(() => next() < 0.12)
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

function condition(next: Next, key: string): string {
  const word = pick(next, WORDS)
  return pick(next, [key, `${key}=*`, `${key}=${word}`, `${key}!=${word}`, `${key}==${word}`, ''])
}

function fieldSelector(next: Next): string {
  const phase = pick(next, ['Active', '~active', 'Gone'])
  return pick(next, [
    `status.phase=${phase}`,
    `status.phase!=${phase}`,
    `status.phase==${phase},metadata.namespace=${pick(next, NAMESPACES)}`,
    'missing.field!=x',
    'missing=x',
    '',
  ])
}

function query(next: Next, dialect: Dialect = 'A'): ListQuery {
  return {
    limit: pick(next, [-1, 0, 1, 5, 10, 100, -3]),
    page: pick(next, [1, 1, 2, 3, 9, 0, -1]),
    sortBy: pick(next, ['name', 'creationTimestamp', 'bogus', 'phase']),
    ascending: next() < 0.5,
    labelSelector: next() < 0.4 ? selector(next) : '',
    filters: filters(next, dialect),
  }
}

async function listed(
  store: WritableStore,
  wanted: ListQuery,
  namespace: string | undefined,
  { dialect = 'A', among }: { dialect?: Dialect; among?: Entry[] } = {},
): Promise<NaivePage> {
  const context = filterContext(fakeCluster(), store, new AbortController().signal)
  const semantics = SEMANTICS[dialect]
  const { entries, totalItems } = await select({
    context,
    semantics,
    query: wanted,
    namespace,
    among,
  })
  return { names: entries.map((e) => `${e.namespace}/${e.name}`), totalItems }
}

function key({ metadata }: KubeObject): string {
  return `${metadata.namespace}/${metadata.name}`
}

function shuffled<T>(next: Next, items: Iterable<T>): T[] {
  return Array.from(items, (item) => ({ item, at: next() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ item }) => item)
}

describe('the list engine', () => {
  for (const dialect of ['A', 'B'] as const) {
    for (const [seed, size] of [
      [1, 0],
      [2, 1],
      [3, 60],
      [4, 1500],
    ] as const) {
      it(`${dialect} answers as filter, sort and slice do over ${size} objects (seed ${seed})`, async () => {
        const next = random(seed)
        const objects = Array.from({ length: size }, (_, index) => thing(next, index, 1))
        const unique = [...new Map(objects.map((object) => [key(object), object])).values()]
        const store = createStore(THINGS, 'Thing')
        store.replace(unique, '1')
        for (let round = 0; round < (size > 1000 ? 150 : 400); round++) {
          const wanted = query(next, dialect)
          const namespace = next() < 0.5 ? pick(next, [...NAMESPACES, 'none']) : undefined
          const expected = naiveList(unique, wanted, namespace, dialect, NAIVE[dialect])
          const text = `round ${round}: ${JSON.stringify({ wanted, namespace })}`
          assert.deepEqual(await listed(store, wanted, namespace, { dialect }), expected, text)
          if (size > 60) continue
          const among = shuffled(next, store.entries())
          const some = await listed(store, wanted, namespace, { dialect, among })
          assert.deepEqual(some, expected, `among them, ${text}`)
        }
      })
    }
  }

  for (const seed of [99, 100, 101]) {
    it(`answers the same after any history of events as over a fresh list (seed ${seed})`, async () => {
      const next = random(seed)
      const current = new Map<string, KubeObject>()
      const store = createStore(THINGS, 'Thing')
      store.replace([], '1')
      let version = 2
      /** Something happens; a cache that is cut off does not hear of it. */
      const event = (heard: boolean): void => {
        version++
        const known = [...current.values()]
        if (known.length > 0 && next() < 0.3) {
          const gone = pick(next, known)
          current.delete(key(gone))
          const metadata = { ...gone.metadata, resourceVersion: String(version) }
          if (heard) store.apply('DELETED', { ...gone, metadata })
          return
        }
        const fresh = thing(next, Math.floor(next() * 700), version)
        if (heard) store.apply(current.has(key(fresh)) ? 'MODIFIED' : 'ADDED', fresh)
        current.set(key(fresh), fresh)
      }
      for (let round = 0; round < 60; round++) {
        for (let count = 0; count < 40; count++) event(true)
        if (round % 15 === 7) {
          for (let count = 0; count < 100; count++) event(false)
          store.replace(shuffled(next, current.values()), String(++version))
        }
        const objects = [...current.values()]
        for (const dialect of ['A', 'B'] as const) {
          const wanted = query(next, dialect)
          const namespace = next() < 0.5 ? pick(next, NAMESPACES) : undefined
          assert.deepEqual(
            await listed(store, wanted, namespace, { dialect }),
            naiveList(objects, wanted, namespace, dialect, NAIVE[dialect]),
            `round ${round}: ${JSON.stringify({ wanted, namespace })}`,
          )
        }
        if (round % 10 === 9) assert.deepEqual(pictureOf(store), pictureOf(freshStore(objects)))
      }
    })
  }
})

function freshStore(objects: readonly KubeObject[]): WritableStore {
  const store = createStore(THINGS, 'Thing')
  store.replace(objects, '1')
  return store
}

/** Every order, view and index of a store, by name. */
function pictureOf(store: WritableStore): object {
  const names = (entries: Iterable<Entry>) =>
    Array.from(entries, ({ namespace, name, resourceVersion }) => [
      namespace,
      name,
      resourceVersion,
    ])
  const phase = store.column('phase', phaseOf)
  return {
    size: store.size,
    created: names(store.entries()),
    name: names(store.byName()),
    namespaces: NAMESPACES.map((namespace) => [
      store.count(namespace),
      names(store.entries(namespace)),
      names(store.byName(namespace)),
    ]),
    labels: WORDS.map((word) => names(store.withLabel('app', word))),
    phases: ['Active', 'Gone'].map((value) =>
      names(store.view({ column: { column: phase, value } }).scan('created', true)),
    ),
  }
}
