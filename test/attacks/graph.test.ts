import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { ask } from '../graphql/double.ts'
import { startGraphWorld, type Graph, type GraphWorld } from '../graphql/graph.ts'
import { account, eventually, IAM, PASSWORD, project, TENANT, workspace } from '../iam/world.ts'

const iam = 'iam.kubesphere.io'
const create = `mutation ($object: JSON!) { createResource(object: $object) { object { raw } } }`
const apply = `mutation ($object: JSON!) {
  applyResource(object: $object, options: { fieldManager: "attack", force: true }) { object { raw } } }`
const update = `mutation ($object: JSON!) { updateResource(object: $object) { object { raw } } }`
const patch = `mutation ($ref: ObjectRef!, $patch: PatchInput!) {
  patchResource(ref: $ref, patch: $patch) { object { raw } } }`
const remove = `mutation ($ref: ObjectRef!) { deleteResource(ref: $ref) { gone } }`
const secretsOf = `query ($namespace: String!) {
  resources(kind: { kind: "Secret" }, namespace: $namespace) { nodes { raw } } }`

const secret = (namespace: string, more: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'shop', namespace },
  ...more,
})
const ref = (resource: string, name: string, group = iam, namespace?: string) => ({
  group,
  resource,
  name,
  ...(namespace ? { namespace } : {}),
})

/** Rows of the list of holes by the graph: the number stands in front. */
describe('the graph under attack', () => {
  let world: GraphWorld
  let admin: Graph
  /** No role at all. */
  let eve: Graph
  /** Admin of project alpha-prod. */
  let carol: Graph
  /** Admin of workspace alpha. */
  let alice: Graph

  before(async () => {
    world = await startGraphWorld()
    const rest = await world.as('admin')
    for (const name of ['eve', 'carol', 'alice', 'victim']) {
      await rest.post(`${IAM}/users`, account(name))
    }
    const placed = { clusters: [{ name: 'host' }] }
    for (const [name, manager] of [
      ['alpha', 'alice'],
      ['beta', 'admin'],
    ] as const) {
      await rest.post(`${TENANT}/workspacetemplates`, workspace(name, manager, placed))
    }
    for (const [name, creator] of [
      ['alpha', 'carol'],
      ['beta', 'admin'],
    ] as const) {
      const path = `${TENANT}/workspaces/${name}/namespaces`
      await rest.post(path, project(`${name}-prod`, creator))
    }
    await world.settled()
    const stored = secret('beta-prod', { stringData: { k: 'v' } })
    const put = await rest.post('/api/v1/namespaces/beta-prod/secrets', stored)
    assert.equal(put.status, 201, put.text)
    admin = await world.graph('admin')
    eve = await world.graph('eve')
    carol = await world.graph('carol')
    alice = await world.graph('alice')
    const mine = () => carol.codes(secretsOf, { namespace: 'alpha-prod' })
    assert.deepEqual(await eventually(mine, (codes) => codes.length === 0), [])
  })
  after(() => world[Symbol.asyncDispose]())

  async function forbidden(
    caller: Graph,
    attacks: readonly (readonly [query: string, variables: object])[],
  ): Promise<void> {
    for (const [query, variables] of attacks) {
      const codes = await caller.codes(query, variables)
      assert.deepEqual(codes, ['FORBIDDEN'], JSON.stringify(variables))
    }
  }

  it('1, 2, 6, 7: nobody writes another account, nor the rights of the own one', async () => {
    const victim = {
      apiVersion: `${iam}/v1beta1`,
      kind: 'User',
      metadata: { name: 'victim', resourceVersion: '1' },
      spec: { email: 'eve@example.com', password: '$2a$10$x' },
    }
    const mallory = { ...victim, metadata: { name: 'mallory' } }
    const link = { [`${iam}/identity-provider.gh`]: 'somebody' }
    await forbidden(eve, [
      [create, { object: mallory }],
      [apply, { object: victim }],
      [update, { object: victim }],
      [patch, { ref: ref('users', 'victim'), patch: { merge: { spec: { password: 'x' } } } }],
      [patch, { ref: ref('users', 'eve'), patch: { merge: { spec: { groups: ['g'] } } } }],
      [patch, { ref: ref('users', 'eve'), patch: { merge: { metadata: { annotations: link } } } }],
      [remove, { ref: ref('users', 'victim') }],
      [
        'mutation ($input: UpdateUserInput!) { updateUser(input: $input) { user { name } } }',
        { input: { name: 'victim', email: 'eve2@example.com' } },
      ],
      [
        'mutation ($input: CreateUserInput!) { createUser(input: $input) { user { name } } }',
        { input: { name: 'mallory', email: 'm@example.com', password: PASSWORD } },
      ],
    ])
  })

  it('3, 4, 5: nobody rewrites, makes or places a foreign workspace', async () => {
    const group = 'tenant.kubesphere.io'
    const beta = ref('workspacetemplates', 'beta', group)
    const placement = { op: 'add', path: '/spec/placement/clusters', value: null }
    const own = { ...workspace('evil', 'eve'), apiVersion: `${group}/v1beta1` }
    await forbidden(eve, [
      [
        patch,
        { ref: beta, patch: { merge: { spec: { template: { spec: { manager: 'eve' } } } } } },
      ],
      [patch, { ref: beta, patch: { json: [placement] } }],
      [apply, { object: own }],
      [create, { object: own }],
    ])
  })

  it('8, 9: what is written lies where its writer may write', async () => {
    const binding = (namespace: string) => ({
      apiVersion: `${iam}/v1beta1`,
      kind: 'RoleBinding',
      metadata: { name: 'way-out', namespace },
      subjects: [{ kind: 'User', name: 'carol' }],
      roleRef: { apiGroup: iam, kind: 'Role', name: 'admin' },
    })
    const changed = secret('beta-prod', { stringData: { k: 'changed' } })
    await forbidden(carol, [
      [create, { object: binding('beta-prod') }],
      [create, { object: changed }],
      [apply, { object: changed }],
      [
        patch,
        {
          ref: ref('secrets', 'shop', '', 'beta-prod'),
          patch: { merge: { stringData: { k: 'changed' } } },
        },
      ],
      [remove, { ref: ref('secrets', 'shop', '', 'beta-prod') }],
    ])
    await carol.data(create, { object: secret('alpha-prod', { stringData: { k: 'own' } }) })
    for (const change of [
      { merge: { metadata: { namespace: 'beta-prod' } } },
      { json: [{ op: 'replace', path: '/metadata/namespace', value: 'beta-prod' }] },
    ]) {
      const variables = { ref: ref('secrets', 'shop', '', 'alpha-prod'), patch: change }
      assert.equal((await carol.codes(patch, variables)).length, 1)
    }
    const { data } = (
      await (await world.as('admin')).get('/api/v1/namespaces/beta-prod/secrets/shop')
    ).json
    assert.deepEqual(data, { k: Buffer.from('v').toString('base64') })
  })

  it('10, 23: roles of another workspace are out of reach', async () => {
    const updateRole = `mutation ($input: UpdateRoleInput!) { updateRole(input: $input) { role { name } } }`
    const rules = [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }]
    const input = { level: 'WORKSPACE', workspace: 'alpha', name: 'beta-admin', rules }
    assert.deepEqual(await alice.codes(updateRole, { input }), ['NOT_FOUND'])
    await forbidden(alice, [
      [updateRole, { input: { ...input, workspace: 'beta' } }],
      [patch, { ref: ref('workspaceroles', 'beta-admin'), patch: { merge: { rules } } }],
    ])
    const { workspace: alpha } = await alice.data<{
      workspace: { roles: { nodes: { name: string }[] } }
    }>('{ workspace(name: "alpha") { roles(filter: { labelSelector: "!x" }) { nodes { name } } } }')
    const names = alpha.roles.nodes.map(({ name }) => name)
    assert.ok(names.length > 0)
    assert.deepEqual(
      names.filter((name) => !name.startsWith('alpha-')),
      [],
    )
  })

  it('13, 14: headers that name somebody make nobody of one', async () => {
    const token = await world.login('carol', PASSWORD)
    for (const headers of [
      { 'impersonate-user': 'admin', 'impersonate-group': 'system:masters' },
      { 'x-remote-user': 'admin', 'x-remote-group': 'system:masters' },
    ]) {
      const of = { token, headers, variables: { namespace: 'beta-prod' } }
      const { body } = await ask(`${world.url}/graphql`, secretsOf, of)
      assert.equal(body.errors?.[0]?.extensions['code'], 'FORBIDDEN')
      const own = { ...of, variables: { namespace: 'alpha-prod' } }
      const { body: mine } = await ask(`${world.url}/graphql`, secretsOf, own)
      assert.equal(mine.errors, undefined)
    }
  })

  it('20, 21, 22: no field shows a password hash, and no filter finds one', async () => {
    for (const caller of [eve, admin]) {
      const { body } = await caller.answer(`{
        resources(kind: { group: "${iam}", kind: "User" }) { nodes { raw yaml } }
        one: resource(ref: { group: "${iam}", kind: "User", name: "eve" }) { raw yaml }
        live: resources(kind: { group: "${iam}", kind: "User" }, consistency: STRONG) { nodes { raw } } }`)
      assert.ok(body.data)
      assert.doesNotMatch(JSON.stringify(body), /\$2[aby]\$|"password"/)
    }
  })

  it('24, 25, 26: no field shows a credential of a cluster or a client', async () => {
    const gvr = { group: 'cluster.kubesphere.io', version: 'v1alpha1', resource: 'clusters' }
    await world.kube.create(gvr, {
      apiVersion: `${gvr.group}/${gvr.version}`,
      kind: 'Cluster',
      metadata: { name: 'offline' },
      spec: { connection: { type: 'proxy', token: 'token-of-offline' } },
    })
    const all = `{
      resources(kind: { group: "${gvr.group}", kind: "Cluster" }, consistency: STRONG) { nodes { raw yaml } }
      clusters { nodes { name object { raw } } }
      clusterConnectionConfigs { name data }
      loginOptions { clients { name } identityProviders { name } } }`
    for (const caller of [eve, carol, admin]) {
      const { body } = await caller.answer(all)
      assert.doesNotMatch(JSON.stringify(body), /token-of-offline|"secret"|PRIVATE KEY/)
    }
    await world.kube.delete(gvr, 'offline')
  })

  it('40, 45, 46: only a live access token logs in', async () => {
    const rest = await world.as('admin')
    await rest.post(`${IAM}/users`, account('leaver'))
    await world.settled()
    const form = {
      grant_type: 'password',
      username: 'leaver',
      password: PASSWORD,
      client_id: 'kubesphere',
      client_secret: 'kubesphere',
    }
    const login = await fetch(`${world.url}/oauth/token`, {
      method: 'POST',
      body: new URLSearchParams(form),
    })
    const tokens = (await login.json()) as { access_token: string; refresh_token: string }
    const status = async (token: string) =>
      (await ask(`${world.url}/graphql`, '{ me { user { name } } }', { token })).status
    assert.equal(await status(tokens.refresh_token), 401)
    assert.equal(await status(tokens.access_token), 200)
    const headers = { authorization: `Bearer ${tokens.access_token}` }
    await fetch(`${world.url}/oauth/logout`, { headers })
    assert.equal(await status(tokens.access_token), 401)
    assert.equal(await status(tokens.refresh_token), 401)
  })

  it('62, 64: strangers get no object of any cluster, and names stay names', async () => {
    const list = `query ($cluster: String) {
      resources(kind: { kind: "Pod" }, cluster: $cluster) { nodes { raw } } }`
    for (const cluster of ['host', 'nowhere']) {
      const { body } = await ask(`${world.url}/graphql`, list, { variables: { cluster } })
      assert.ok(body.errors?.length, cluster)
      assert.equal(body.data ?? null, null)
    }
    for (const namespace of ['../beta-prod', 'alpha-prod/../beta-prod', 'beta-prod%2f', '.']) {
      const codes = await carol.codes(secretsOf, { namespace })
      assert.ok(codes.length === 1 && codes[0] !== undefined, namespace)
    }
  })
})
