import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { KubeObject } from '../../gateway/kube/types.ts'
import { account, type Caller } from '../iam/world.ts'
import { fixtures } from './every-kind.ts'
import { startGraphWorld, type Graph, type GraphWorld } from './graph.ts'

const gvr = (resource: string, group = '') => ({ group, version: 'v1', resource })
const project =
  'mutation ($name: String!) { createProject(input: { workspace: "crew", name: $name }) { project { name } } }'

/** Kinds that the REST face lists with filters of their own or the general ones. */
const kinds: readonly (readonly [group: string, resource: string, version?: string])[] = [
  ['', 'pods'],
  ['', 'services'],
  ['', 'configmaps'],
  ['', 'secrets'],
  ['', 'serviceaccounts'],
  ['', 'persistentvolumeclaims'],
  ['', 'persistentvolumes'],
  ['', 'namespaces'],
  ['', 'nodes'],
  ['apps', 'deployments'],
  ['apps', 'daemonsets'],
  ['apps', 'statefulsets'],
  ['batch', 'jobs'],
  ['batch', 'cronjobs'],
  ['networking.k8s.io', 'ingresses'],
  ['apiextensions.k8s.io', 'customresourcedefinitions'],
  ['iam.kubesphere.io', 'users', 'v1beta1'],
  ['iam.kubesphere.io', 'globalroles', 'v1beta1'],
]

/** A parameter of REST lists, and the same in the graph. */
type Pair = readonly [query: string, filter: object, orderBy?: object, total?: 'sorted']

function pairs(sample: KubeObject): Pair[] {
  const { name = '', uid = '', labels = {}, annotations = {} } = sample.metadata
  const [key = 'app', value = 'x'] = Object.entries(labels)[0] ?? []
  const [note = 'note'] = Object.keys(annotations).filter((text) => /^[a-z/.-]+$/.test(text))
  const owner = sample.metadata.ownerReferences?.[0]
  const part = name.slice(1, 4)
  const e = encodeURIComponent
  const byName = { by: 'NAME', direction: 'ASC' }
  return [
    ['', {}],
    ['sortBy=name&ascending=true', {}, byName, 'sorted'],
    ['sortBy=name', {}, { by: 'NAME' }, 'sorted'],
    ['sortBy=createTime&ascending=true', {}, { by: 'CREATED_AT', direction: 'ASC' }],
    [`name=${part}&sortBy=name&ascending=true`, { name: part }, byName, 'sorted'],
    [`names=${name},nothing`, { names: [name, 'nothing'] }],
    [`uid=${uid}`, { uids: [uid] }],
    [`label=${e(`${key}=${value}`)}`, { label: `${key}=${value}` }],
    [`label=${e(key)}`, { label: key }],
    [`annotation=${e(note)}`, { annotation: note }],
    [
      `labelSelector=${e(`${key} in (${value}),!nokey`)}`,
      { labelSelector: `${key} in (${value}),!nokey` },
    ],
    [`labelSelector=${e(`${key}!=${value}`)}`, { labelSelector: `${key}!=${value}` }],
    [`ownerReference=${owner?.uid ?? 'none'}`, { ownerUid: owner?.uid ?? 'none' }],
    [`ownerKind=${owner?.kind ?? 'ReplicaSet'}`, { ownerKind: owner?.kind ?? 'ReplicaSet' }],
  ]
}

const words: Readonly<Record<string, readonly string[]>> = {
  pods: ['Pending', 'Running', 'Waiting', 'Failed'],
  deployments: ['running', 'updating', 'stopped'],
  daemonsets: ['running', 'updating', 'stopped'],
  statefulsets: ['running', 'updating', 'stopped'],
  jobs: ['running', 'failed', 'completed'],
  cronjobs: ['running', 'paused'],
  namespaces: ['Active', 'Terminating'],
  persistentvolumeclaims: ['Pending', 'Bound'],
}

describe('lists', () => {
  let world: GraphWorld
  let rest: Caller
  let admin: Graph
  let ann: Graph

  before(async () => {
    world = await startGraphWorld()
    rest = await world.as('admin')
    await rest.post('/kapis/iam.kubesphere.io/v1beta1/users', account('ann', 'platform-regular'))
    await rest.post('/kapis/tenant.kubesphere.io/v1beta1/workspacetemplates', {
      metadata: { name: 'crew' },
      spec: { template: { spec: { manager: 'ann' } }, placement: { clusters: [{ name: 'host' }] } },
    })
    admin = await world.graph('admin')
    ann = await world.graph('ann')
    await world.settled()
    for (const name of ['deck', 'hold']) {
      assert.deepEqual(await ann.codes(project, { name }), [])
      await world.settled()
      await world.kube.create(gvr('configmaps'), {
        metadata: { name: `of-${name}`, namespace: name },
      })
    }
    await world.kube.create(gvr('namespaces'), { metadata: { name: 'many' } })
    const accounts = gvr('serviceaccounts')
    await world.kube
      .create(accounts, { metadata: { name: 'default', namespace: 'many' } })
      .catch(() => {})
    for (const { gvr: of, object } of fixtures) {
      if (!kinds.some(([group, resource]) => group === of.group && resource === of.resource))
        continue
      for (const [n, name] of ['alpha', 'beta', 'gamma'].entries()) {
        const namespace = object.metadata.namespace ? { namespace: 'many' } : {}
        const labels = { app: n === 1 ? 'odd' : 'even', [`only-${n}`]: 'yes' }
        const metadata = {
          ...object.metadata,
          ...namespace,
          name,
          labels,
          annotations: { note: name },
        }
        await world.kube.create(of, { ...object, metadata }).catch(() => {})
      }
    }
  })
  after(() => world?.[Symbol.asyncDispose]())

  it('give the same objects, order and totals by every parameter of REST and by its like in the graph', async () => {
    const query = `query ($kind: KindRef!, $filter: ResourceFilter, $orderBy: [ResourceOrder!], $page: Int, $limit: Int) {
      resources(kind: $kind, filter: $filter, orderBy: $orderBy, page: $page, limit: $limit) {
        totalCount nodes { metadata { name namespace uid } } } }`
    interface Listed {
      resources: { totalCount: number; nodes: { metadata: { name: string; uid: string } }[] }
    }
    let compared = 0
    for (const [group, resource, version] of kinds) {
      const kind = { group, resource, ...(version ? { version } : {}) }
      const path = `/kapis/resources.kubesphere.io/v1alpha3/${resource}`
      const whole = await rest.get(`${path}?limit=-1`)
      assert.equal(whole.status, 200, whole.text)
      const items = (whole.json.items ?? []) as unknown as KubeObject[]
      const [sample = { metadata: { name: 'none' } }] = items.toSorted((a, b) =>
        (a.metadata.name ?? '') < (b.metadata.name ?? '') ? -1 : 1,
      )
      const statuses = (words[resource] ?? []).map((word): Pair => [
        `status=${word}`,
        { status: [word] },
      ])
      for (const [params, filter, orderBy, total] of [...pairs(sample), ...statuses]) {
        const { json, text } = await rest.get(`${path}?limit=500&${params}`)
        const variables = {
          kind,
          filter,
          ...(orderBy ? { orderBy: [orderBy] } : {}),
          page: 1,
          limit: 500,
        }
        const { resources } = await admin.data<Listed>(query, variables)
        const what = `${resource}?${params}`
        const ids = ((json.items ?? []) as unknown as KubeObject[]).map(
          ({ metadata }) => metadata.uid,
        )
        const ours = resources.nodes.map(({ metadata }) => metadata.uid)
        assert.equal(ours.length, ids.length, what)
        assert.deepEqual(
          new Set<unknown>(ours),
          new Set<unknown>(ids),
          `${what}\n${text.slice(0, 300)}`,
        )
        assert.equal(resources.totalCount, json.totalItems, what)
        if (total) {
          const named = resources.nodes.map(({ metadata }) => metadata.name)
          assert.deepEqual(
            named,
            (json.items ?? []).map(({ metadata }) => metadata.name),
            what,
          )
        }
        compared++
      }
      for (const page of [1, 2]) {
        const { names, json } = await rest.get(
          `${path}?limit=2&page=${page}&sortBy=name&ascending=true`,
        )
        const orderBy = [{ by: 'NAME', direction: 'ASC' }]
        const { resources } = await admin.data<Listed>(query, { kind, orderBy, page, limit: 2 })
        assert.deepEqual(
          resources.nodes.map(({ metadata }) => metadata.name),
          names,
        )
        assert.equal(resources.totalCount, json.totalItems)
      }
    }
    assert.ok(compared > 240, String(compared))
  })

  it('are what one may list, where one says so: of all namespaces, of one kind or of a category', async () => {
    const refused = '{ configMaps { totalCount } }'
    assert.deepEqual(await ann.codes(refused), ['FORBIDDEN'])
    const own = await ann.data<{
      configMaps: {
        nodes: { metadata: { namespace: string; name: string } }[]
        clusterResults: { ok: boolean; count: number; namespaces: string[] | null }[]
      }
    }>(`{ configMaps(accessibleOnly: true, filter: { name: "of-" }) {
      nodes { metadata { namespace name } } clusterResults { ok count namespaces } } }`)
    assert.deepEqual(own.configMaps.nodes.map(({ metadata }) => metadata.name).sort(), [
      'of-deck',
      'of-hold',
    ])
    assert.deepEqual(own.configMaps.clusterResults, [
      { ok: true, count: 2, namespaces: ['deck', 'hold'] },
    ])
    const whole = await admin.data<typeof own>(
      '{ configMaps(accessibleOnly: true, first: 1) { nodes { metadata { name } } clusterResults { ok count namespaces } } }',
    )
    assert.equal(whole.configMaps.clusterResults[0]?.namespaces, null, 'all of them')
    const nodes = '{ apiextensionsCustomResourceDefinitions(accessibleOnly: true) { totalCount } }'
    const stranger = await world.graph('ann')
    assert.deepEqual(await stranger.codes(nodes), ['FORBIDDEN'])

    const category = (
      only: boolean,
    ) => `{ resourcesIn(category: "all", accessibleOnly: ${only}, first: 500) {
      totalCount nodes { kind metadata { namespace } } clusterResults { namespaces } } }`
    assert.deepEqual(await ann.codes(category(false)), ['FORBIDDEN'])
    interface In {
      resourcesIn: {
        totalCount: number
        nodes: { kind: string; metadata: { namespace: string } }[]
      }
    }
    const mine = await ann.data<In>(category(true))
    assert.ok(
      mine.resourcesIn.nodes.every(({ metadata }) => ['deck', 'hold'].includes(metadata.namespace)),
    )
    const all = await admin.data<In>(
      '{ resourcesIn(category: "all", namespace: "many", first: 500) { totalCount nodes { kind metadata { namespace } } } }',
    )
    const found = new Set(all.resourcesIn.nodes.map(({ kind }) => kind))
    for (const kind of ['Deployment', 'StatefulSet', 'Service', 'CronJob'])
      assert.ok(found.has(kind), kind)
    assert.deepEqual(await admin.codes('{ resourcesIn(category: "none") { totalCount } }'), [
      'BAD_USER_INPUT',
    ])
  })

  it('are rows of the API server for kinds that nobody has a view of', async () => {
    const query = `query ($kind: KindRef!, $first: Int, $after: String, $selector: Selector) {
      table(kind: $kind, namespace: "many", first: $first, after: $after, labelSelector: $selector) {
        columns { name type format priority } totalCount pageInfo { hasNextPage hasPreviousPage endCursor }
        rows { id name namespace cells object { metadata { uid } } } } }`
    interface Tabled {
      table: {
        columns: { name: string; format: string }[]
        totalCount: number | null
        pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; endCursor: string | null }
        rows: { id: string; name: string; namespace: string; cells: unknown[]; object: object }[]
      }
    }
    const kind = { kind: 'Service' }
    const first = await admin.data<Tabled>(query, { kind, first: 2 })
    const heads = first.table.columns.map(({ name }) => name)
    assert.deepEqual(heads.slice(0, 3), ['Name', 'Type', 'Cluster-IP'])
    assert.deepEqual(
      first.table.rows.map(({ cells }) => cells[0]),
      ['alpha', 'beta'],
    )
    assert.ok(
      first.table.rows.every(({ object, cells }) => object && cells.length === heads.length),
    )
    assert.equal(first.table.totalCount, 3)
    const { endCursor: after } = first.table.pageInfo
    const second = await admin.data<Tabled>(query, { kind, first: 2, after })
    assert.deepEqual(
      second.table.rows.map(({ name }) => name),
      ['gamma'],
    )
    assert.deepEqual(second.table.pageInfo, {
      hasNextPage: false,
      hasPreviousPage: true,
      endCursor: null,
    })
    const odd = await admin.data<Tabled>(query, { kind, selector: 'app=odd' })
    assert.deepEqual(
      odd.table.rows.map(({ name }) => name),
      ['beta'],
    )
    assert.deepEqual(await admin.codes(query, { kind, selector: 'app=odd', after }), [
      'CURSOR_MISMATCH',
    ])
    assert.deepEqual(await ann.codes(query, { kind }), ['FORBIDDEN'])
    const {
      kinds: [user],
    } = await admin.data<{ kinds: { columns: { name: string }[] }[] }>(
      '{ kinds(filter: { names: ["users"] }) { columns { name } } }',
    )
    assert.ok(user?.columns.some(({ name }) => name === 'Status'))
  })
})
