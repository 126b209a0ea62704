import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { textsOf } from '../../gateway/domain/objects/ordered.ts'
import { rowOf, type Row, type Selection } from '../../gateway/domain/selection/index.ts'
import { createStore } from '../../gateway/kube/store.ts'
import type { KubeObject } from '../../gateway/kube/types.ts'
import { connect, type ListArgs } from '../../resolvers/connection.ts'
import { createCursors } from '../../resolvers/cursor.ts'

const cursors = createCursors('secret')
const PODS = { group: '', version: 'v1', resource: 'pods' }

function row(name: string, of: Partial<Row> = {}): Row {
  const base = { namespace: 'a', uid: `uid-${name}`, created: 0, labels: {}, annotations: {} }
  return { ...base, name, object: { metadata: { name } }, ...of }
}

/** 23 rows; many share their time of creation, some their name. */
const rows = Array.from({ length: 23 }, (_, n) =>
  row(`pod-${n % 20}`, { namespace: `ns-${n % 3}`, uid: `u${n}`, created: Math.floor(n / 5) }),
)

function page(of: readonly Row[], args: ListArgs, list: unknown[] = ['pods']) {
  return connect(of, { cursors, list, args, toNode: ({ uid }) => uid })
}

async function codeOf(run: () => Promise<unknown>): Promise<unknown> {
  try {
    await run()
  } catch (error) {
    return (error as { extensions?: { code?: unknown } }).extensions?.code
  }
  return undefined
}

describe('connections', () => {
  for (const args of [
    {},
    { orderBy: [{ by: 'NAME', direction: 'ASC' }] },
    { orderBy: [{ by: 'NAMESPACE', direction: 'DESC' }, { by: 'CREATED_AT' }] },
  ] satisfies ListArgs[]) {
    const label = JSON.stringify(args.orderBy ?? 'default order')

    it(`cover the whole list exactly once going forward: ${label}`, async () => {
      const whole = (await page(rows, { ...args, first: 500 })).nodes
      const seen: string[] = []
      let after: string | null = null
      do {
        const found = await page(rows, { ...args, first: 4, after })
        seen.push(...found.nodes)
        assert.equal(found.pageInfo.hasPreviousPage, after !== null)
        assert.equal(found.totalCount, 23)
        assert.equal(found.pageCount, 6)
        after = found.pageInfo.hasNextPage ? found.pageInfo.endCursor : null
      } while (after)
      assert.deepEqual(seen, whole)
      assert.equal(new Set(seen).size, 23)
    })

    it(`cover the whole list exactly once going backward: ${label}`, async () => {
      const whole = (await page(rows, { ...args, first: 500 })).nodes
      const seen: string[] = []
      let before: string | null = null
      do {
        const found = await page(rows, { ...args, last: 4, before })
        seen.unshift(...found.nodes)
        assert.equal(found.pageInfo.hasNextPage, before !== null)
        before = found.pageInfo.hasPreviousPage ? found.pageInfo.startCursor : null
      } while (before)
      assert.deepEqual(seen, whole)
    })
  }

  it('page by number as well, with an empty page beyond the end', async () => {
    const whole = (await page(rows, { first: 500 })).nodes
    assert.deepEqual((await page(rows, { page: 3, limit: 5 })).nodes, whole.slice(10, 15))
    const beyond = await page(rows, { page: 9, limit: 5 })
    assert.deepEqual(beyond.nodes, [])
    assert.equal(beyond.totalCount, 23)
    assert.equal(beyond.pageInfo.endCursor, null)
  })

  it('neither repeat nor miss a row when others come and go between pages', async () => {
    const first = await page(rows, { first: 10 })
    const gone = rows.filter(({ uid }) => uid !== first.nodes[9] && uid !== first.nodes[3])
    const changed = [...gone, row('new', { created: 99 }), row('old', { created: -1, uid: 'old' })]
    const rest = await page(changed, { first: 50, after: first.pageInfo.endCursor })
    const whole = (await page(rows, { first: 500 })).nodes
    assert.deepEqual(rest.nodes, [...whole.slice(10), 'old'])
  })

  it('show newest first unless told otherwise, ties by name', async () => {
    const three = [row('b', { created: 1 }), row('a', { created: 1 }), row('c', { created: 2 })]
    assert.deepEqual((await page(three, {})).nodes, ['uid-c', 'uid-b', 'uid-a'])
    const oldest = await page(three, { orderBy: [{ by: 'CREATED_AT', direction: 'ASC' }] })
    assert.deepEqual(oldest.nodes, ['uid-a', 'uid-b', 'uid-c'])
  })

  it('sort by any field, numbers and quantities as such, pages included', async () => {
    const sizes = ['1Gi', '900Mi', '2', 'big', '10k']
    const rows = sizes.map((size, index) =>
      row(`n${index}`, { object: { metadata: { name: `n${index}` }, spec: { size } } }),
    )
    const order = (direction: 'ASC' | 'DESC') => [
      { by: 'FIELD' as const, path: 'spec.size', direction },
    ]
    const sorted = ['uid-n2', 'uid-n4', 'uid-n1', 'uid-n0', 'uid-n3']
    assert.deepEqual((await page(rows, { orderBy: order('ASC') })).nodes, sorted)
    assert.deepEqual((await page(rows, { orderBy: order('DESC') })).nodes, sorted.toReversed())
    const first = await page(rows, { orderBy: order('ASC'), first: 2 })
    const after = first.pageInfo.endCursor
    const second = await page(rows, { orderBy: order('ASC'), first: 3, after })
    assert.deepEqual([...first.nodes, ...second.nodes], sorted)
    for (const orderBy of [[{ by: 'FIELD' as const }], [{ by: 'NAME' as const, path: 'a' }]]) {
      await assert.rejects(() => page(rows, { orderBy }), { code: 400 })
    }
  })

  it('refuse sizes and mixtures that make no sense', async () => {
    for (const args of [
      { first: 0 },
      { first: 501 },
      { last: -1 },
      { page: 0 },
      { limit: 501 },
      { first: 1, page: 1 },
      { limit: 1, after: 'x' },
      { first: 1, last: 1 },
      { after: 'made-up' },
      { after: Buffer.from('[1,"x"]').toString('base64url') },
    ]) {
      assert.equal(await codeOf(() => page(rows, args)), 'BAD_USER_INPUT', JSON.stringify(args))
    }
  })

  it('refuse a cursor of another list, filter, order or deployment', async () => {
    const after = (await page(rows, { first: 1 })).pageInfo.endCursor
    assert.equal(await codeOf(() => page(rows, { after }, ['services'])), 'CURSOR_MISMATCH')
    assert.equal(
      await codeOf(() => page(rows, { after, filter: { name: 'p' } })),
      'CURSOR_MISMATCH',
    )
    assert.equal(
      await codeOf(() => page(rows, { after, orderBy: [{ by: 'NAME' }] })),
      'CURSOR_MISMATCH',
    )
    const foreign = await connect(rows, {
      cursors: createCursors('other'),
      list: ['pods'],
      args: { first: 1 },
      toNode: ({ uid }) => uid,
    })
    const { endCursor } = foreign.pageInfo
    assert.equal(await codeOf(() => page(rows, { after: endCursor })), 'BAD_USER_INPUT')
  })
})

describe('filters', () => {
  const web: KubeObject = {
    metadata: {
      name: 'web',
      namespace: 'a',
      uid: 'uid-web',
      creationTimestamp: '2026-01-02T00:00:00Z',
      labels: { app: 'web', tier: 'front' },
      annotations: { 'kubesphere.io/alias-name': 'Shop', 'a.io/note': 'a', quote: 'say "<x>"' },
      ownerReferences: [{ apiVersion: 'v1', kind: 'Set', name: 's', uid: 'owner' }],
    },
    status: { phase: 'Running', ready: true },
    spec: { nodeName: 'n1', 'a.b': 'dotted', memory: '1Gi', size: 10, text: 'größe & "so"' },
  }
  const db: KubeObject = {
    metadata: {
      name: 'db',
      namespace: 'b',
      uid: 'uid-db',
      creationTimestamp: '2026-03-01T00:00:00Z',
      labels: { app: 'db' },
    },
    status: { phase: 'Pending' },
  }
  const args = (filter: Selection): ListArgs => ({ filter, orderBy: [{ by: 'NAME' }] })
  const found = async (filter: Selection) =>
    (await page([web, db].map(rowOf), args(filter))).nodes.join(' ')

  const store = createStore(PODS, 'Pod')
  store.replace([{ object: web }, { object: db }], '1')
  const texts = textsOf(store, PODS)
  const foundInCache = async (filter: Selection) => {
    const of = { cursors, list: ['pods'], args: args(filter), texts }
    const { nodes } = await connect(store.entries(), { ...of, toNode: ({ uid }) => uid })
    return nodes.join(' ')
  }

  const cases: [Selection, string][] = [
    [{ name: 'e' }, 'uid-web'],
    [{ name: 'Shop' }, 'uid-web'],
    [{ name: 'shop' }, ''],
    [{ names: ['db', 'x'] }, 'uid-db'],
    [{ names: [] }, ''],
    [{ uids: ['uid-db'] }, 'uid-db'],
    [{ namespaces: ['a'] }, 'uid-web'],
    [{ labelSelector: 'app in (web, x),tier' }, 'uid-web'],
    [{ labelSelector: 'tier!=front' }, 'uid-db'],
    [{ labelSelector: '' }, 'uid-web uid-db'],
    [{ label: 'tier' }, 'uid-web'],
    [{ label: 'app=db' }, 'uid-db'],
    [{ label: 'app!=db' }, 'uid-web'],
    [{ label: 'tier!=x' }, 'uid-web'],
    [{ annotation: 'a.io/note=a' }, 'uid-web'],
    [{ annotation: 'a.io/note=*' }, 'uid-web'],
    [{ annotation: 'quote=say "<x>"' }, 'uid-web'],
    [{ annotation: 'b.io/note' }, ''],
    [{ fieldSelector: 'spec.text=größe & "so"' }, 'uid-web'],
    [{ fieldSelector: 'spec.size=10' }, 'uid-web'],
    [{ fieldSelector: 'status.ready=true' }, 'uid-web'],
    [{ fieldSelector: 'spec.nodeName=' }, 'uid-db'],
    [{ fields: [{ path: 'spec.text', op: 'CONTAINS', values: ['größe'] }] }, 'uid-web'],
    [{ fields: [{ path: 'status', op: 'CONTAINS', values: ['true'] }] }, 'uid-web'],
    [{ owner: { kind: 'Set', name: 's' } }, 'uid-web'],
    [{ fieldSelector: 'spec.nodeName=n1' }, 'uid-web'],
    [{ fieldSelector: 'spec.nodeName!=n1,status.phase==Pending' }, 'uid-db'],
    [{ fieldSelector: String.raw`spec.a\.b=dotted` }, 'uid-web'],
    [{ ownerUid: 'owner' }, 'uid-web'],
    [{ ownerKind: 'Set' }, 'uid-web'],
    [{ status: ['pending', 'failed'] }, 'uid-db'],
    [{ createdAfter: '2026-03-01T00:00:00Z' }, 'uid-db'],
    [{ createdBefore: '2026-03-01T00:00:00Z' }, 'uid-web'],
    [{ fields: [{ path: 'spec.nodeName', values: ['n1'] }] }, 'uid-web'],
    [{ fields: [{ path: 'spec.nodeName', op: 'NE', values: ['n1'] }] }, 'uid-db'],
    [{ fields: [{ path: 'spec.nodeName', op: 'ABSENT' }] }, 'uid-db'],
    [{ fields: [{ path: 'status.phase', op: 'IN', values: ['Pending', 'x'] }] }, 'uid-db'],
    [{ fields: [{ path: 'status.phase', op: 'NOT_IN', values: ['Pending'] }] }, 'uid-web'],
    [{ fields: [{ path: 'status.phase', op: 'CONTAINS', values: ['unn'] }] }, 'uid-web'],
    [{ fields: [{ path: 'metadata.ownerReferences.0.name', op: 'EXISTS' }] }, 'uid-web'],
    [{ fields: [{ path: 'spec.memory', op: 'GT', values: ['900Mi'] }] }, 'uid-web'],
    [{ fields: [{ path: 'spec.memory', values: ['1024Mi'] }] }, 'uid-web'],
    [{ fields: [{ path: 'spec.memory', op: 'LT', values: ['2'] }] }, ''],
    [{ not: { name: 'web' } }, 'uid-db'],
    [{ any: [{ name: 'web' }, { name: 'db' }] }, 'uid-web uid-db'],
    [{ any: [] }, ''],
    [{ all: [{ name: 'web' }, { namespaces: ['b'] }] }, ''],
    [{ name: null, labelSelector: null }, 'uid-web uid-db'],
  ]
  for (const [filter, names] of cases) {
    it(`${JSON.stringify(filter)} finds ${names || 'nothing'}`, async () => {
      assert.equal(await found(filter), names)
      assert.equal(await foundInCache(filter), names)
    })
  }

  it('that cannot be read are errors, never everything', async () => {
    let deep: Selection = { name: 'a' }
    for (let level = 0; level < 10; level++) deep = { not: deep }
    for (const filter of [
      { labelSelector: 'app in web' },
      { fieldSelector: 'spec.nodeName' },
      { createdAfter: 'yesterday' },
      { label: '=x' },
      { fields: [{ path: '' }] },
      { fields: [{ path: 'a', op: 'GT' as const }] },
      { fields: [{ path: 'a', op: 'EXISTS' as const, values: ['b'] }] },
      deep,
    ]) {
      await assert.rejects(() => found(filter), { code: 400, reason: 'BadRequest' })
    }
  })
})
