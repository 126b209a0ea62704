import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Row, Selection } from '../../gateway/domain/selection/index.ts'
import { connect, type ListArgs } from '../../resolvers/connection.ts'
import { createCursors } from '../../resolvers/cursor.ts'

const cursors = createCursors('secret')

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

function codeOf(run: () => unknown): unknown {
  try {
    run()
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

    it(`cover the whole list exactly once going forward: ${label}`, () => {
      const whole = page(rows, { ...args, first: 500 }).nodes
      const seen: string[] = []
      let after: string | null = null
      do {
        const found = page(rows, { ...args, first: 4, after })
        seen.push(...found.nodes)
        assert.equal(found.pageInfo.hasPreviousPage, after !== null)
        assert.equal(found.totalCount, 23)
        assert.equal(found.pageCount, 6)
        after = found.pageInfo.hasNextPage ? found.pageInfo.endCursor : null
      } while (after)
      assert.deepEqual(seen, whole)
      assert.equal(new Set(seen).size, 23)
    })

    it(`cover the whole list exactly once going backward: ${label}`, () => {
      const whole = page(rows, { ...args, first: 500 }).nodes
      const seen: string[] = []
      let before: string | null = null
      do {
        const found = page(rows, { ...args, last: 4, before })
        seen.unshift(...found.nodes)
        assert.equal(found.pageInfo.hasNextPage, before !== null)
        before = found.pageInfo.hasPreviousPage ? found.pageInfo.startCursor : null
      } while (before)
      assert.deepEqual(seen, whole)
    })
  }

  it('page by number as well, with an empty page beyond the end', () => {
    const whole = page(rows, { first: 500 }).nodes
    assert.deepEqual(page(rows, { page: 3, limit: 5 }).nodes, whole.slice(10, 15))
    const beyond = page(rows, { page: 9, limit: 5 })
    assert.deepEqual(beyond.nodes, [])
    assert.equal(beyond.totalCount, 23)
    assert.equal(beyond.pageInfo.endCursor, null)
  })

  it('neither repeat nor miss a row when others come and go between pages', () => {
    const first = page(rows, { first: 10 })
    const gone = rows.filter(({ uid }) => uid !== first.nodes[9] && uid !== first.nodes[3])
    const changed = [...gone, row('new', { created: 99 }), row('old', { created: -1, uid: 'old' })]
    const rest = page(changed, { first: 50, after: first.pageInfo.endCursor })
    const whole = page(rows, { first: 500 }).nodes
    assert.deepEqual(rest.nodes, [...whole.slice(10), 'old'])
  })

  it('show newest first unless told otherwise, ties by name', () => {
    const three = [row('b', { created: 1 }), row('a', { created: 1 }), row('c', { created: 2 })]
    assert.deepEqual(page(three, {}).nodes, ['uid-c', 'uid-b', 'uid-a'])
    const oldest = page(three, { orderBy: [{ by: 'CREATED_AT', direction: 'ASC' }] })
    assert.deepEqual(oldest.nodes, ['uid-a', 'uid-b', 'uid-c'])
  })

  it('sort by any field, numbers and quantities as such, pages included', () => {
    const sizes = ['1Gi', '900Mi', '2', 'big', '10k']
    const rows = sizes.map((size, index) =>
      row(`n${index}`, { object: { metadata: { name: `n${index}` }, spec: { size } } }),
    )
    const order = (direction: 'ASC' | 'DESC') => [
      { by: 'FIELD' as const, path: 'spec.size', direction },
    ]
    const sorted = ['uid-n2', 'uid-n4', 'uid-n1', 'uid-n0', 'uid-n3']
    assert.deepEqual(page(rows, { orderBy: order('ASC') }).nodes, sorted)
    assert.deepEqual(page(rows, { orderBy: order('DESC') }).nodes, sorted.toReversed())
    const first = page(rows, { orderBy: order('ASC'), first: 2 })
    const after = first.pageInfo.endCursor
    const second = page(rows, { orderBy: order('ASC'), first: 3, after })
    assert.deepEqual([...first.nodes, ...second.nodes], sorted)
    for (const orderBy of [[{ by: 'FIELD' as const }], [{ by: 'NAME' as const, path: 'a' }]]) {
      assert.throws(() => page(rows, { orderBy }), { code: 400 })
    }
  })

  it('refuse sizes and mixtures that make no sense', () => {
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
      assert.equal(
        codeOf(() => page(rows, args)),
        'BAD_USER_INPUT',
        JSON.stringify(args),
      )
    }
  })

  it('refuse a cursor of another list, filter, order or deployment', () => {
    const after = page(rows, { first: 1 }).pageInfo.endCursor
    assert.equal(
      codeOf(() => page(rows, { after }, ['services'])),
      'CURSOR_MISMATCH',
    )
    assert.equal(
      codeOf(() => page(rows, { after, filter: { name: 'p' } })),
      'CURSOR_MISMATCH',
    )
    assert.equal(
      codeOf(() => page(rows, { after, orderBy: [{ by: 'NAME' }] })),
      'CURSOR_MISMATCH',
    )
    const foreign = connect(rows, {
      cursors: createCursors('other'),
      list: ['pods'],
      args: { first: 1 },
      toNode: ({ uid }) => uid,
    })
    const { endCursor } = foreign.pageInfo
    assert.equal(
      codeOf(() => page(rows, { after: endCursor })),
      'BAD_USER_INPUT',
    )
  })
})

describe('filters', () => {
  const web = row('web', {
    labels: { app: 'web', tier: 'front' },
    annotations: { 'kubesphere.io/alias-name': 'Shop', note: 'a' },
    created: Date.parse('2026-01-02T00:00:00Z'),
    object: {
      metadata: {
        name: 'web',
        ownerReferences: [{ apiVersion: 'v1', kind: 'Set', name: 's', uid: 'owner' }],
      },
      status: { phase: 'Running' },
      spec: { nodeName: 'n1', 'a.b': 'dotted', memory: '1Gi' },
    },
  })
  const db = row('db', {
    namespace: 'b',
    labels: { app: 'db' },
    created: Date.parse('2026-03-01T00:00:00Z'),
    object: { metadata: { name: 'db' }, status: { phase: 'Pending' } },
  })

  const found = (filter: Selection) =>
    page([web, db], { filter, orderBy: [{ by: 'NAME' }] }).nodes.join(' ')

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
    [{ annotation: 'note=a' }, 'uid-web'],
    [{ annotation: 'note=*' }, 'uid-web'],
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
    it(`${JSON.stringify(filter)} finds ${names || 'nothing'}`, () => {
      assert.equal(found(filter), names)
    })
  }

  it('that cannot be read are errors, never everything', () => {
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
      assert.throws(() => found(filter), { code: 400, reason: 'BadRequest' })
    }
  })
})
