import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { GVR, KubeObject } from '../../gateway/kube/types.ts'
import { account } from '../iam/world.ts'
import { ask, serveGraphql, type Answer } from './double.ts'
import { startGraphWorld, type GraphWorld } from './graph.ts'

const core = (resource: string): GVR => ({ group: '', version: 'v1', resource })
const apps = (resource: string): GVR => ({ group: 'apps', version: 'v1', resource })
const namespace = 'family'
const template = {
  metadata: { labels: { app: 'web' } },
  spec: { containers: [{ name: 'c', image: 'busybox' }] },
}
const workload = { replicas: 0, selector: { matchLabels: { app: 'web' } }, template }

function ownedBy(owner: KubeObject): object {
  const { apiVersion, kind, metadata } = owner
  const { name, uid } = metadata
  return { ownerReferences: [{ apiVersion, kind, name, uid }] }
}

describe('a filter by owner', () => {
  let world: GraphWorld
  let token: string
  let deployment: KubeObject
  const chain: KubeObject[] = []
  const urls = { cache: '', live: '' }
  const stack = new AsyncDisposableStack()

  async function make(
    gvr: GVR,
    apiVersion: string,
    kind: string,
    name: string,
    rest: object,
    owner?: KubeObject,
  ): Promise<KubeObject> {
    const metadata = { name, namespace, ...(owner ? ownedBy(owner) : {}) }
    const made = await world.kube.create<KubeObject>(gvr, { apiVersion, kind, metadata, ...rest })
    return { ...made, apiVersion, kind }
  }
  const map = (name: string, owner?: KubeObject) =>
    make(core('configmaps'), 'v1', 'ConfigMap', name, {}, owner)

  before(async () => {
    world = stack.use(await startGraphWorld())
    const { kube, app } = world
    const rest = await world.as('admin')
    for (const name of ['ann', 'bob']) {
      await rest.post('/kapis/iam.kubesphere.io/v1beta1/users', account(name, 'platform-regular'))
    }
    await world.settled()
    await kube.create(core('namespaces'), {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: namespace },
    })
    await kube
      .create(core('serviceaccounts'), { metadata: { name: 'default', namespace } })
      .catch(() => {})
    // Paused, so that its controller adds nothing to it.
    const spec = { ...workload, paused: true }
    deployment = await make(apps('deployments'), 'apps/v1', 'Deployment', 'web', { spec })
    for (const set of ['old', 'new', 'alone']) {
      const owner = set === 'alone' ? undefined : deployment
      const of = { spec: workload }
      const made = await make(apps('replicasets'), 'apps/v1', 'ReplicaSet', set, of, owner)
      for (const n of [1, 2]) {
        await make(core('pods'), 'v1', 'Pod', `${set}-${n}`, { spec: template.spec }, made)
      }
    }
    await make(core('pods'), 'v1', 'Pod', 'orphan', { spec: template.spec })
    for (let n = 0; n < 7; n++) chain.push(await map(`link-${n}`, chain.at(-1)))
    // A circle: the first is owned by the last.
    const [first, last] = [chain[0] ?? assert.fail(), chain.at(-1) ?? assert.fail()]
    await kube.patch(
      core('configmaps'),
      'link-0',
      { metadata: ownedBy(last) },
      { type: 'merge', namespace },
    )
    assert.equal(first.metadata.name, 'link-0')
    const apiGroup = 'iam.kubesphere.io'
    const apiVersion = `${apiGroup}/v1beta1`
    const iam = (resource: string): GVR => ({ group: apiGroup, version: 'v1beta1', resource })
    await kube.create(iam('roles'), {
      apiVersion,
      kind: 'Role',
      metadata: { name: 'ann', namespace },
      rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['list'] }],
    })
    await kube.create(iam('rolebindings'), {
      apiVersion,
      kind: 'RoleBinding',
      metadata: { name: 'ann', namespace },
      roleRef: { apiGroup, kind: 'Role', name: 'ann' },
      subjects: [{ apiGroup, kind: 'User', name: 'ann' }],
    })
    const { graphql } = app.config.facade
    const facade = { ...app.config.facade, graphql: { ...graphql, live: ['*/*'] } }
    urls.cache = stack.use(await serveGraphql(app)).url
    urls.live = stack.use(await serveGraphql({ ...app, config: { ...app.config, facade } })).url
    token = await world.login('admin')
  })
  after(() => stack.disposeAsync())

  interface Page {
    readonly totalCount: number
    readonly pageInfo: { readonly endCursor: string | null; readonly hasNextPage: boolean }
    readonly nodes: readonly { readonly metadata: { readonly name: string } }[]
  }

  const page = (field: string, more = '') => `query ($filter: ResourceFilter, $after: String) {
    list: ${field}(${more} filter: $filter, after: $after, orderBy: [{ by: NAME, direction: ASC }]) {
      totalCount pageInfo { endCursor hasNextPage } nodes { metadata { name } } } }`
  const here = `namespace: "${namespace}"`

  async function read(url: string, query: string, variables: object, as = token): Promise<Page> {
    const { body } = await ask(url, query, { token: as, variables })
    assert.deepEqual(body.errors, undefined)
    return body.data?.['list'] as Page
  }
  const namesOf = ({ nodes }: Page) => nodes.map(({ metadata }) => metadata.name)
  const codes = ({ body }: Answer) => body.errors?.map(({ extensions }) => extensions['code'])

  /** Names of what a list gives, out of the caches and from the API server alike. */
  async function found(field: string, filter: object): Promise<string[]> {
    const [cached, live, strong] = await Promise.all([
      read(urls.cache, page(field, here), { filter }),
      read(urls.live, page(field, here), { filter }),
      read(urls.cache, page(field, `${here}, consistency: STRONG`), { filter }),
    ])
    assert.deepEqual(live, { ...cached, pageInfo: live.pageInfo })
    assert.deepEqual(namesOf(strong), namesOf(cached))
    assert.equal(cached.totalCount, cached.nodes.length)
    return namesOf(cached)
  }

  it('finds what an owner owns, and what is owned by that as deep as is said', async () => {
    const own = ['new-1', 'new-2', 'old-1', 'old-2']
    const uid = deployment.metadata.uid ?? ''
    for (const owner of [{ uid }, { kind: 'Deployment', name: 'web' }, { kind: 'Deployment' }]) {
      assert.deepEqual(await found('appsReplicaSets', { owner }), ['new', 'old'])
      assert.deepEqual(await found('pods', { owner }), [])
      assert.deepEqual(await found('pods', { owner: { ...owner, depth: 2 } }), own)
      assert.deepEqual(await found('pods', { owner: { ...owner, depth: 5 } }), own)
    }
    assert.deepEqual(await found('pods', { owner: { kind: 'ReplicaSet', name: 'old' } }), [
      'old-1',
      'old-2',
    ])
    assert.deepEqual(
      await found('pods', { owner: { kind: 'Deployment', name: 'x', depth: 3 } }),
      [],
    )
  })

  it('goes with other conditions, in any place of a filter', async () => {
    const owner = { kind: 'Deployment', name: 'web', depth: 2 }
    const lone = ['alone-1', 'alone-2', 'orphan']
    assert.deepEqual(await found('pods', { not: { owner } }), lone)
    assert.deepEqual(await found('pods', { owner, names: ['old-1', 'orphan'] }), ['old-1'])
    assert.deepEqual(await found('pods', { any: [{ owner }, { names: ['orphan'] }] }), [
      'new-1',
      'new-2',
      'old-1',
      'old-2',
      'orphan',
    ])
    const set = { kind: 'ReplicaSet', name: 'new' }
    assert.deepEqual(await found('pods', { owner, all: [{ owner: set }] }), ['new-1', 'new-2'])
  })

  it('ends where it is told, and in circles', async () => {
    const owner = { kind: 'ConfigMap', name: 'link-0' }
    assert.deepEqual(await found('configMaps', { owner }), ['link-1'])
    assert.deepEqual(await found('configMaps', { owner: { ...owner, depth: 3 } }), [
      'link-1',
      'link-2',
      'link-3',
    ])
    assert.equal((await found('configMaps', { owner: { ...owner, depth: 5 } })).length, 5)
    assert.deepEqual(await found('configMaps', { owner: { kind: 'Secret', depth: 5 } }), [])
  })

  it('pages by cursors that stand for it, while what is owned changes', async () => {
    const filter = { owner: { kind: 'Deployment', name: 'web', depth: 2 } }
    const query = page('pods', `${here}, first: 2`)
    const first = await read(urls.cache, query, { filter })
    assert.deepEqual([namesOf(first), first.totalCount], [['new-1', 'new-2'], 4])
    const { items } = await world.kube.list<KubeObject>(apps('replicasets'), { namespace })
    const old = items.find(({ metadata }) => metadata.name === 'old') ?? assert.fail()
    const set = { ...old, apiVersion: 'apps/v1', kind: 'ReplicaSet' }
    await make(core('pods'), 'v1', 'Pod', 'old-0', { spec: template.spec }, set)
    const after = first.pageInfo.endCursor
    const next = await read(urls.cache, query, { filter, after })
    assert.deepEqual([namesOf(next), next.totalCount], [['old-0', 'old-1'], 5])
    const other = { owner: { ...filter.owner, depth: 3 } }
    const answer = await ask(urls.cache, query, { token, variables: { filter: other, after } })
    assert.deepEqual(codes(answer), ['CURSOR_MISMATCH'])
    await world.kube.delete(core('pods'), 'old-0', { namespace, gracePeriodSeconds: 0 })
  })

  it('holds for lists of several kinds, and for all namespaces', async () => {
    const filter = { owner: { kind: 'Deployment', name: 'web', depth: 2 } }
    const all = await read(urls.cache, page('resourcesIn', `category: "all", ${here},`), { filter })
    assert.deepEqual(
      namesOf(all).filter((name) => !name.includes('-')),
      ['new', 'old'],
    )
    assert.equal(all.totalCount, namesOf(all).length)
    const everywhere = await read(urls.cache, page('pods'), { filter })
    assert.deepEqual(
      namesOf(everywhere),
      namesOf(all).filter((name) => name.includes('-')),
    )
    const some = await read(urls.cache, page('pods', 'accessibleOnly: true,'), { filter })
    assert.deepEqual(namesOf(some), namesOf(everywhere))
  })

  it('leads through nothing that the caller may not list, and is no way around the right to list', async () => {
    const ann = await world.login('ann')
    const direct = { owner: { kind: 'ReplicaSet', name: 'old', depth: 2 } }
    const query = page('pods', here)
    const own = await read(urls.cache, query, { filter: direct }, ann)
    assert.deepEqual(namesOf(own), ['old-1', 'old-2'])
    const through = { owner: { kind: 'Deployment', name: 'web', depth: 2 } }
    for (const more of [here, 'accessibleOnly: true,']) {
      const list = await read(urls.cache, page('pods', more), { filter: through }, ann)
      assert.deepEqual(namesOf(list), [], more)
    }
    const bob = await world.login('bob')
    const answer = await ask(urls.cache, query, { token: bob, variables: { filter: direct } })
    assert.deepEqual(codes(answer), ['FORBIDDEN'])
  })

  it('is refused where it makes no sense', async () => {
    const uid = deployment.metadata.uid ?? ''
    for (const owner of [
      {},
      { name: 'web' },
      { uid, kind: 'Deployment' },
      { uid, name: 'web' },
      { uid, depth: 0 },
      { uid, depth: 6 },
    ]) {
      const variables = { filter: { owner } }
      const answer = await ask(urls.cache, page('pods', here), { token, variables })
      assert.deepEqual(codes(answer), ['BAD_USER_INPUT'], JSON.stringify(owner))
    }
    const many = { any: Array.from({ length: 11 }, () => ({ owner: { uid } })) }
    const crowd = await ask(urls.cache, page('pods', here), { token, variables: { filter: many } })
    assert.deepEqual(codes(crowd), ['BAD_USER_INPUT'])
    const users = `query ($filter: ResourceFilter) { users(filter: $filter) { totalCount } }`
    const count = async (owner: object) =>
      ask(urls.cache, users, { token, variables: { filter: { owner } } })
    assert.deepEqual(codes(await count({ uid, depth: 2 })), ['BAD_USER_INPUT'])
    assert.deepEqual((await count({ uid })).body.data, { users: { totalCount: 0 } })
  })
})
