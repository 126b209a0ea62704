import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { attributesOf, requestInfo } from '../../gateway/context/index.ts'
import { objectAttributes } from '../../gateway/domain/objects/index.ts'
import { resourcePath, type KindInfo, type KubeObject } from '../../gateway/kube/types.ts'
import { account, PASSWORD } from '../iam/world.ts'
import { startGraphWorld, type Graph, type GraphWorld } from './graph.ts'

const list = `query ($kind: KindRef!, $namespace: String, $first: Int, $after: String, $last: Int, $before: String,
  $filter: ResourceFilter, $orderBy: [ResourceOrder!], $resourceVersion: String) {
  resources(kind: $kind, namespace: $namespace, first: $first, after: $after, last: $last, before: $before,
    filter: $filter, orderBy: $orderBy, resourceVersion: $resourceVersion) {
    totalCount pageCount resourceVersion freshness
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    edges { cursor cluster }
    nodes { metadata { name namespace } }
  }
}`

interface Meta {
  name: string
  namespace: string | null
}

interface Listed {
  resources: {
    totalCount: number
    resourceVersion: string
    freshness: string
    pageInfo: {
      hasNextPage: boolean
      hasPreviousPage: boolean
      startCursor: string
      endCursor: string
    }
    nodes: { metadata: Meta }[]
  }
}

const configMaps = { resource: 'configmaps' }
const create = `mutation ($object: JSON!, $options: WriteOptionsInput) {
  createResource(object: $object, options: $options) { object { id kind metadata { name uid } raw } }
}`
const apply = `mutation ($object: JSON!, $options: ApplyOptionsInput!) {
  applyResource(object: $object, options: $options) { object { raw } conflicts { field manager message } }
}`
const patch = `mutation ($ref: ObjectRef!, $patch: PatchInput!) {
  patchResource(ref: $ref, patch: $patch) { object { raw } }
}`
const remove = `mutation ($ref: ObjectRef!, $options: DeleteOptionsInput) {
  deleteResource(ref: $ref, options: $options) { id gone }
}`
const read = 'query ($ref: ObjectRef!) { resource(ref: $ref) { kind metadata { name } raw yaml } }'

function configMap(name: string, data: object = {}, namespace = 'default') {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace }, data }
}

/** Waits until project `deck` has a pod. */
async function firstPod({ kube }: GraphWorld): Promise<void> {
  const { body } = await kube.stream({
    path: '/api/v1/namespaces/deck/pods',
    query: { watch: true, timeoutSeconds: 30 },
  })
  for await (const _event of body) return
}

describe('objects of any kind in the graph', () => {
  let world: GraphWorld
  let admin: Graph
  let ann: Graph

  before(async () => {
    world = await startGraphWorld()
    const rest = await world.as('admin')
    await rest.post('/kapis/iam.kubesphere.io/v1beta1/users', account('ann', 'platform-regular'))
    await rest.post('/kapis/tenant.kubesphere.io/v1beta1/workspacetemplates', {
      metadata: { name: 'crew' },
      spec: { template: { spec: { manager: 'ann' } }, placement: { clusters: [{ name: 'host' }] } },
    })
    admin = await world.graph('admin')
    ann = await world.graph('ann')
    const project =
      'mutation { createProject(input: { workspace: "crew", name: "deck" }) { project { name } } }'
    assert.deepEqual(await ann.codes(project), [])
    await world.settled()
    for (let n = 0; n < 12; n++) {
      const metadata = {
        name: `map-${n}`,
        namespace: 'deck',
        labels: { app: n % 2 ? 'odd' : 'even' },
      }
      await world.kube.create({ group: '', version: 'v1', resource: 'configmaps' }, { metadata })
    }
  })
  after(() => world?.[Symbol.asyncDispose]())

  const walk = async (variables: object, forward: boolean) => {
    const seen: string[] = []
    let cursor: string | null = null
    do {
      const window: object = forward ? { first: 5, after: cursor } : { last: 5, before: cursor }
      const { resources }: Listed = await ann.data<Listed>(list, { ...variables, ...window })
      const names = resources.nodes.map(({ metadata }) => metadata.name)
      if (forward) seen.push(...names)
      else seen.unshift(...names)
      const { pageInfo } = resources
      const more: boolean = forward ? pageInfo.hasNextPage : pageInfo.hasPreviousPage
      cursor = more ? (forward ? pageInfo.endCursor : pageInfo.startCursor) : null
    } while (cursor)
    return seen
  }

  it('pages forward and backward cover a list exactly once', async () => {
    const variables = { kind: configMaps, namespace: 'deck', filter: { name: 'map-' } }
    const whole = await ann.data<Listed>(list, { ...variables, first: 500 })
    const names = whole.resources.nodes.map(({ metadata }) => metadata.name)
    assert.equal(new Set(names).size, 12)
    assert.equal(whole.resources.totalCount, 12)
    assert.equal(whole.resources.freshness, 'CACHE')
    assert.deepEqual(await walk(variables, true), names)
    assert.deepEqual(await walk(variables, false), names)
  })

  it('lists give the rows, order and totals of the REST face', async () => {
    const rest = await world.as('ann')
    for (const [query, filter, orderBy] of [
      [
        'sortBy=name&ascending=true&name=map-1',
        { name: 'map-1' },
        { by: 'NAME', direction: 'ASC' },
      ],
      ['sortBy=name&labelSelector=app%3Dodd', { labelSelector: 'app=odd' }, { by: 'NAME' }],
      ['label=app%3Deven', { label: 'app=even' }, { by: 'CREATED_AT' }],
      ['names=map-3,map-4', { names: ['map-3', 'map-4'] }, { by: 'CREATED_AT' }],
    ] as const) {
      const path = `/kapis/resources.kubesphere.io/v1alpha3/namespaces/deck/configmaps?${query}`
      const { names, json } = await rest.get(path)
      const variables = { kind: configMaps, namespace: 'deck', filter, orderBy: [orderBy] }
      const { resources } = await ann.data<Listed>(list, variables)
      assert.deepEqual(
        resources.nodes.map(({ metadata }) => metadata.name),
        names,
        query,
      )
      assert.equal(resources.totalCount, json.totalItems, query)
    }
  })

  it('a list is as fresh as the caller asks', async () => {
    const made = await ann.data<{
      createResource: { object: { raw: { metadata: { resourceVersion: string } } } }
    }>(create, { object: configMap('fresh', {}, 'deck') })
    const { resourceVersion } = made.createResource.object.raw.metadata
    const variables = { kind: configMaps, namespace: 'deck', filter: { names: ['fresh'] } }
    const { resources } = await ann.data<Listed>(list, { ...variables, resourceVersion })
    assert.equal(resources.totalCount, 1)
    const never = { ...variables, resourceVersion: String(BigInt(resourceVersion) + 1_000_000n) }
    const late = await ann.data<Listed>(list, never)
    assert.equal(late.resources.freshness, 'LIVE', 'the API server itself')
    assert.equal(late.resources.totalCount, 1)
    const odd = { ...variables, resourceVersion: 'soon' }
    assert.deepEqual(await ann.codes(list, odd), ['BAD_USER_INPUT'])
  })

  it('who may not list everywhere is refused, and may list where a role allows it', async () => {
    assert.deepEqual(await ann.codes(list, { kind: configMaps }), ['FORBIDDEN'])
    assert.deepEqual(await ann.codes(list, { kind: configMaps, namespace: 'default' }), [
      'FORBIDDEN',
    ])
    assert.deepEqual(await ann.codes(list, { kind: configMaps, namespace: 'deck' }), [])
    const ref = { resource: 'configmaps', namespace: 'default', name: 'kube-root-ca.crt' }
    assert.deepEqual(await ann.codes(read, { ref }), ['FORBIDDEN'])
  })

  it('a kind without namespaces cannot be reached by naming one', async () => {
    for (const ref of [
      { kind: 'Node', namespace: 'deck', name: 'x' },
      { resource: 'namespaces', namespace: 'deck', name: 'kube-system' },
      { group: 'iam.kubesphere.io', resource: 'users', namespace: 'deck', name: 'admin' },
    ]) {
      const [code] = await ann.codes(read, { ref })
      assert.ok(code === 'FORBIDDEN' || code === 'BAD_USER_INPUT', JSON.stringify(ref))
    }
    const namespaced = { kind: { resource: 'namespaces' }, namespace: 'deck' }
    const [code] = await ann.codes(list, namespaced)
    assert.ok(code === 'FORBIDDEN' || code === 'BAD_USER_INPUT')
  })

  it('names that are no names do not leave their path', async () => {
    for (const name of ['', '.', '..', 'a/b', '../secrets/x', 'a%2fb']) {
      const ref = { resource: 'configmaps', namespace: 'deck', name }
      assert.deepEqual(await ann.codes(read, { ref }), ['BAD_USER_INPUT'], name)
      assert.deepEqual(await ann.codes(remove, { ref }), ['BAD_USER_INPUT'], name)
    }
    const ref = { resource: 'configmaps', namespace: '..', name: 'x' }
    assert.deepEqual(await admin.codes(read, { ref }), ['BAD_USER_INPUT'])
  })

  it('what is missing or unknown is a typed error', async () => {
    const missing = { resource: 'configmaps', namespace: 'deck', name: 'none' }
    assert.deepEqual(await admin.codes(read, { ref: missing }), ['NOT_FOUND'])
    for (const kind of [
      { resource: 'nothings' },
      { kind: 'Pod', group: 'apps' },
      {},
      { kind: 'Pod', resource: 'pods' },
    ]) {
      assert.deepEqual(await admin.codes(list, { kind }), ['BAD_USER_INPUT'], JSON.stringify(kind))
    }
    const elsewhere = 'query { resources(cluster: "mars", kind: { kind: "Pod" }) { totalCount } }'
    assert.deepEqual(await admin.codes(elsewhere), ['CLUSTER_NOT_FOUND'])
    const bad = { kind: configMaps, filter: { labelSelector: 'a in b' } }
    const { body } = await admin.answer(list, bad)
    assert.match(body.errors?.[0]?.message ?? '', /Selector cannot represent/)
  })

  it('password hashes stay hidden, from filters too', async () => {
    const kind = { group: 'iam.kubesphere.io', resource: 'users' }
    const query =
      'query ($kind: KindRef!, $filter: ResourceFilter) { resources(kind: $kind, filter: $filter) { totalCount nodes { raw yaml metadata { annotations } } } }'
    const { body } = await admin.answer(query, { kind })
    assert.ok(!JSON.stringify(body).includes('$2'))
    const guess = { kind, filter: { not: { fieldSelector: 'spec.password=' } } }
    const { resources } = await admin.data<Listed>(query, guess)
    assert.equal(resources.totalCount, 0)
  })

  it('objects lead to their owners and projects', async () => {
    const object = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web', namespace: 'deck' },
      spec: {
        selector: { matchLabels: { app: 'web' } },
        template: {
          metadata: { labels: { app: 'web' } },
          spec: { containers: [{ name: 'c', image: 'busybox' }] },
        },
      },
    }
    await ann.data(create, { object })
    const query = `{ resources(kind: { kind: "Pod" }, namespace: "deck", filter: { label: "app=web", status: ["Waiting"] }) { nodes {
      apiVersion kind owner { kind owner { kind metadata { name } } } project { name workspace { name } } } } }`
    await firstPod(world)
    const { resources } = await ann.data<{ resources: { nodes: unknown[] } }>(query)
    assert.deepEqual(resources.nodes, [
      {
        apiVersion: 'v1',
        kind: 'Pod',
        owner: { kind: 'ReplicaSet', owner: { kind: 'Deployment', metadata: { name: 'web' } } },
        project: { name: 'deck', workspace: { name: 'crew' } },
      },
    ])
  })

  it('what an object owns is found as deep as it is asked for, each object once', async () => {
    const maps = { group: '', version: 'v1', resource: 'configmaps' }
    const owned = async (name: string, ...owners: KubeObject[]): Promise<KubeObject> =>
      world.kube.create(maps, {
        metadata: {
          name,
          namespace: 'deck',
          ownerReferences: owners.map(({ metadata: { name: owner = '', uid = '' } }) => ({
            apiVersion: 'v1',
            kind: 'ConfigMap',
            name: owner,
            uid,
          })),
        },
      })
    const top = await owned('top')
    const left = await owned('left', top)
    const right = await owned('right', top)
    const bottom = await owned('bottom', left, right)
    // Nobody keeps references from going in a circle.
    const ownerReferences = [
      { apiVersion: 'v1', kind: 'ConfigMap', name: 'bottom', uid: bottom.metadata.uid },
    ]
    await world.kube.patch(
      maps,
      'top',
      { metadata: { ownerReferences } },
      { type: 'merge', namespace: 'deck' },
    )
    const query = `query ($depth: Int, $first: Int, $after: String) { configMap(name: "top", namespace: "deck") {
      owned(kinds: ["configmaps"], depth: $depth, first: $first, after: $after) {
        totalCount pageInfo { endCursor } nodes { metadata { name } } } } }`
    type Owned = {
      configMap: {
        owned: {
          totalCount: number
          pageInfo: { endCursor: string }
          nodes: { metadata: { name: string } }[]
        }
      }
    }
    const named = async (variables: object): Promise<string[]> => {
      const { configMap } = await ann.data<Owned>(query, variables)
      return configMap.owned.nodes.map(({ metadata }) => metadata.name).toSorted()
    }
    assert.deepEqual(await named({}), ['left', 'right'])
    for (const depth of [2, 3, 5]) {
      assert.deepEqual(await named({ depth }), ['bottom', 'left', 'right'], `${depth} levels deep`)
    }
    for (const depth of [0, 6])
      assert.deepEqual(await ann.codes(query, { depth }), ['BAD_USER_INPUT'])
    const { configMap } = await ann.data<Owned>(query, { depth: 2, first: 2 })
    const after = configMap.owned.pageInfo.endCursor
    assert.equal((await named({ depth: 2, first: 2, after })).length, 1)
    assert.deepEqual(await ann.codes(query, { depth: 1, after }), ['CURSOR_MISMATCH'])
    const pods = `{ appsDeployment(name: "web", namespace: "deck") { owned(depth: 2) { nodes { kind } } } }`
    const web = await ann.data<{ appsDeployment: { owned: { nodes: { kind: string }[] } } }>(pods)
    assert.deepEqual(web.appsDeployment.owned.nodes.map(({ kind }) => kind).toSorted(), [
      'Pod',
      'ReplicaSet',
    ])
    const rest = await world.as('admin')
    await rest.post('/kapis/iam.kubesphere.io/v1beta1/users', account('zoe', 'platform-regular'))
    assert.deepEqual(await (await world.graph('zoe')).codes(query, { depth: 2 }), ['FORBIDDEN'])
  })

  it('an object is created, applied, patched in each way and deleted', async () => {
    interface Written {
      object: { raw: { data: Record<string, string> } } | null
      conflicts: { field: string; manager: string }[]
    }
    const dry = { object: configMap('life'), options: { dryRun: true } }
    await admin.data(create, dry)
    const ref = { resource: 'configmaps', namespace: 'default', name: 'life' }
    assert.deepEqual(await admin.codes(read, { ref }), ['NOT_FOUND'])
    await admin.data(create, { object: configMap('life', { a: '1' }) })
    assert.deepEqual(await admin.codes(create, { object: configMap('life') }), ['ALREADY_EXISTS'])

    const other = { object: configMap('life', { a: '2' }), options: { fieldManager: 'other' } }
    const refused = await admin.data<{ applyResource: Written }>(apply, other)
    assert.equal(refused.applyResource.object, null)
    assert.deepEqual(
      refused.applyResource.conflicts.map(({ field, manager }) => [field, manager]),
      [['.data.a', 'ks-facade']],
    )
    const forced = { ...other, options: { fieldManager: 'other', force: true } }
    const taken = await admin.data<{ applyResource: Written }>(apply, forced)
    assert.deepEqual(taken.applyResource.object?.raw.data, { a: '2' })

    const patches = [
      [{ merge: { data: { a: null, b: '1' } } }, { b: '1' }],
      [{ json: [{ op: 'add', path: '/data/c', value: '2' }] }, { b: '1', c: '2' }],
      [{ strategic: { data: { d: '3' } } }, { b: '1', c: '2', d: '3' }],
    ]
    for (const [change, data] of patches) {
      const done = await admin.data<{ patchResource: Written }>(patch, { ref, patch: change })
      assert.deepEqual(done.patchResource.object?.raw.data, data)
    }
    assert.deepEqual(await admin.codes(patch, { ref, patch: {} }), ['BAD_USER_INPUT'])
    assert.deepEqual(await admin.codes(patch, { ref, patch: { merge: {}, strategic: {} } }), [
      'BAD_USER_INPUT',
    ])

    const stale = { ref, options: { preconditions: { resourceVersion: '1' } } }
    assert.deepEqual(await admin.codes(remove, stale), ['CONFLICT'])
    const { deleteResource } = await admin.data<{ deleteResource: { gone: boolean } }>(remove, {
      ref,
    })
    assert.equal(deleteResource.gone, true)
    assert.deepEqual(await admin.codes(remove, { ref }), ['NOT_FOUND'])
  })

  it('writes are judged like those of the REST face', async () => {
    assert.deepEqual(await ann.codes(create, { object: configMap('mine') }), ['FORBIDDEN'])
    const options = { fieldManager: 'ann' }
    assert.deepEqual(await ann.codes(apply, { object: configMap('mine'), options }), ['FORBIDDEN'])
    const user = { ...account('eve'), spec: { email: 'eve@example.org', password: PASSWORD } }
    assert.deepEqual(await ann.codes(create, { object: user }), ['FORBIDDEN'])
    const own = { group: 'iam.kubesphere.io', resource: 'users', name: 'ann' }
    const promotion = {
      metadata: { annotations: { 'iam.kubesphere.io/globalrole': 'platform-admin' } },
    }
    assert.deepEqual(await ann.codes(patch, { ref: own, patch: { merge: promotion } }), [
      'FORBIDDEN',
    ])
    for (const object of [null, [], 'x', {}, { apiVersion: 'v1', kind: 'Pod' }]) {
      const answer = await admin.answer(create, { object })
      assert.ok(answer.body.errors?.length, JSON.stringify(object))
    }
  })

  it('every kind is judged with what RequestInfo reads out of its path', async () => {
    const { kinds } = await admin.data<{ kinds: Record<string, string>[] }>(
      '{ kinds { group version kind plural namespaced } }',
    )
    assert.ok(kinds.length > 80, `only ${kinds.length} kinds`)
    for (const kind of kinds) {
      const info = { ...kind, resource: kind['plural'] } as unknown as KindInfo
      const namespace = info.namespaced ? 'deck' : ''
      for (const [verb, method, name] of [
        ['list', 'GET', ''],
        ['get', 'GET', 'x'],
        ['create', 'POST', ''],
        ['patch', 'PATCH', 'x'],
        ['delete', 'DELETE', 'x'],
      ] as const) {
        const url = resourcePath(info, { namespace, name: name || undefined })
        const view = { method, url, headers: {}, remoteAddress: '' }
        const path = attributesOf(requestInfo(view))
        const judged = objectAttributes(verb, { info, namespace }, name)
        assert.deepEqual({ ...judged, path: path.path }, path, `${verb} ${url}`)
      }
    }
  })
})
