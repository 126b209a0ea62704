import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { PASSWORD } from '../iam/world.ts'
import { startGraphWorld, type Graph, type GraphWorld } from './graph.ts'

const createUser = `mutation ($input: CreateUserInput!) {
  createUser(input: $input) { clientMutationId user { id name email status globalRole { name } } }
}`
const createWorkspace = `mutation ($input: CreateWorkspaceInput!) {
  createWorkspace(input: $input) {
    workspace { id name displayName manager { name } clusters { name } roles { nodes { name } } }
  }
}`
const createProject = `mutation ($input: CreateProjectInput!) {
  createProject(input: $input) {
    project { id name workspaceName creator roles(orderBy: [{ by: NAME, direction: ASC }]) { nodes { name } } }
  }
}`

interface Named {
  name: string
}

interface Page<T = Named> {
  totalCount: number
  nodes: T[]
}

const names = ({ nodes }: Page) => nodes.map(({ name }) => name)

describe('the platform in the graph', () => {
  let world: GraphWorld
  let admin: Graph
  let ann: Graph
  let ben: Graph

  before(async () => {
    world = await startGraphWorld()
    admin = await world.graph('admin')
    for (const name of ['ann', 'ben']) {
      const input = {
        name,
        email: `${name}@example.org`,
        password: PASSWORD,
        globalRole: 'platform-regular',
        clientMutationId: name,
      }
      const { createUser: payload } = await admin.data<{
        createUser: { clientMutationId: string; user: Record<string, unknown> }
      }>(createUser, { input })
      assert.equal(payload.clientMutationId, name)
      assert.deepEqual(
        { ...payload.user, id: undefined },
        {
          id: undefined,
          name,
          email: `${name}@example.org`,
          status: 'ACTIVE',
          globalRole: { name: 'platform-regular' },
        },
      )
    }
    ann = await world.graph('ann')
    ben = await world.graph('ben')
    const { createWorkspace: made } = await admin.data<{
      createWorkspace: { workspace: Named & { roles: Page; clusters: Named[]; manager: Named } }
    }>(createWorkspace, {
      input: { name: 'crew', displayName: 'The crew', manager: 'ann' },
    })
    assert.equal(made.workspace.manager.name, 'ann')
    assert.deepEqual(made.workspace.clusters, [{ name: 'host' }])
    assert.ok(names(made.workspace.roles).includes('crew-admin'))
    const project = await ann.data<{
      createProject: { project: Named & { creator: string; workspaceName: string; roles: Page } }
    }>(createProject, { input: { workspace: 'crew', name: 'deck', displayName: 'Deck' } })
    const { creator, workspaceName, roles } = project.createProject.project
    assert.deepEqual([creator, workspaceName], ['ann', 'crew'])
    assert.deepEqual(names(roles), ['admin', 'operator', 'viewer'])
    await world.settled()
  })
  after(() => world?.[Symbol.asyncDispose]())

  it('me is who asks, with roles and what they may do', async () => {
    const query = `query ($may: [AccessAttributes!]!) { me {
      name email globalRoleName
      memberships(level: WORKSPACE) { level roleName workspace { name } role { name scope } }
      can(attributes: $may) { allowed }
    } }`
    const may = [
      { verb: 'create', group: 'iam.kubesphere.io', resource: 'users' },
      { verb: 'get', group: 'tenant.kubesphere.io', resource: 'workspaces', workspace: 'crew' },
    ]
    const { me } = await ann.data<{ me: Record<string, unknown> }>(query, { may })
    assert.equal(me['globalRoleName'], 'platform-regular')
    assert.deepEqual(me['memberships'], [
      {
        level: 'WORKSPACE',
        roleName: 'crew-admin',
        workspace: { name: 'crew' },
        role: { name: 'crew-admin', scope: 'crew' },
      },
    ])
    assert.deepEqual(me['can'], [{ allowed: false }, { allowed: true }])
  })

  it('workspaces have numbers and a quota, accounts and clusters their workspaces', async () => {
    const rest = await world.as('admin')
    const path = '/kapis/tenant.kubesphere.io/v1beta1/workspaces/crew/resourcequotas'
    const quota = { metadata: { name: 'crew' }, spec: { quota: { hard: { pods: '20' } } } }
    assert.equal((await rest.post(path, quota)).status, 200)
    const query = `{ workspace(name: "crew") {
      quota { name hard used } none: quota(name: "none") { name }
      metrics { projects roles roleBindings } } }`
    const { workspace } = await ann.data<{ workspace: Record<string, unknown> }>(query)
    assert.deepEqual(workspace['metrics'], { projects: 1, roles: 4, roleBindings: 1 })
    assert.equal(workspace['none'], null)
    const { hard, name } = workspace['quota'] as Record<string, unknown>
    assert.deepEqual({ hard, name }, { hard: { pods: '20' }, name: 'crew' })

    const own = '{ me { workspaces { totalCount nodes { name } } } }'
    assert.deepEqual(await ann.data(own), {
      me: { workspaces: { totalCount: 1, nodes: [{ name: 'crew' }] } },
    })
    assert.deepEqual(await ben.data(own), { me: { workspaces: { totalCount: 0, nodes: [] } } })
    const placed =
      '{ cluster(name: "host") { workspaces(filter: { name: "crew" }) { nodes { name } } } }'
    assert.deepEqual(await admin.data(placed), {
      cluster: { workspaces: { nodes: [{ name: 'crew' }] } },
    })
    const all = '{ platformMetrics { users workspaces clusters } }'
    const { platformMetrics } = await admin.data<{ platformMetrics: { users: number } }>(all)
    assert.ok(platformMetrics.users >= 3)
  })

  it('nobody is me for a stranger, and strangers see nothing', async () => {
    const ask = async (query: string) => {
      const response = await fetch(`${world.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query }),
      })
      return (await response.json()) as {
        data: Record<string, unknown> | null
        errors?: { extensions: { code: string } }[]
      }
    }
    assert.deepEqual((await ask('{ me { name } }')).data, { me: null })
    for (const query of [
      '{ users { totalCount } }',
      '{ clusters { totalCount } }',
      '{ resources(kind: { kind: "Pod" }) { totalCount } }',
      '{ kinds { kind } }',
    ]) {
      const { data, errors = [] } = await ask(query)
      assert.equal(data, null, query)
      assert.ok(['FORBIDDEN', 'UNAUTHENTICATED'].includes(errors[0]?.extensions.code ?? ''), query)
    }
  })

  it('users page for those who may list them', async () => {
    const query = `query ($after: String) {
      users(first: 1, after: $after, filter: { names: ["ann", "ben"] }, orderBy: [{ by: NAME, direction: ASC }]) {
        totalCount pageCount pageInfo { hasNextPage hasPreviousPage endCursor } nodes { name }
      }
    }`
    interface Users {
      users: Page & { pageCount: number; pageInfo: { hasNextPage: boolean; endCursor: string } }
    }
    const first = await admin.data<Users>(query)
    assert.deepEqual([first.users.totalCount, first.users.pageCount], [2, 2])
    const second = await admin.data<Users>(query, { after: first.users.pageInfo.endCursor })
    assert.deepEqual([...names(first.users), ...names(second.users)], ['ann', 'ben'])
    assert.equal(second.users.pageInfo.hasNextPage, false)
    const roles = '{ platformRoles(level: GLOBAL) { totalCount } }'
    assert.deepEqual(await ann.codes(roles), ['FORBIDDEN'])
  })

  it('a get of what is not there is null, of what one may not see an error', async () => {
    const query = `query ($name: ID!) { user(name: $name) { name } }`
    assert.deepEqual(await admin.data(query, { name: 'nobody' }), { user: null })
    assert.deepEqual(await ann.data(query, { name: 'ann' }), { user: { name: 'ann' } })
    assert.deepEqual(await ann.codes(query, { name: 'ben' }), ['FORBIDDEN'])
    const none = '{ workspace(name: "none") { name } cluster(name: "none") { name } }'
    assert.deepEqual(await admin.data(none), { workspace: null, cluster: null })
  })

  it('workspaces show projects and members to their members only', async () => {
    const query = `{ workspaces(first: 10) { totalCount nodes {
      name displayName manager { name }
      projects(first: 10) { totalCount nodes { name displayName workspace { name } members(first: 10) { nodes { username roleName } } } }
      members(first: 10) { totalCount nodes { level username roleName user { email } } }
      roles { totalCount }
    } } }`
    const { workspaces } = await ann.data<{ workspaces: Page<Record<string, unknown>> }>(query)
    assert.deepEqual(workspaces.nodes, [
      {
        name: 'crew',
        displayName: 'The crew',
        manager: { name: 'ann' },
        projects: {
          totalCount: 1,
          nodes: [
            {
              name: 'deck',
              displayName: 'Deck',
              workspace: { name: 'crew' },
              members: { nodes: [{ username: 'ann', roleName: 'admin' }] },
            },
          ],
        },
        members: {
          totalCount: 1,
          nodes: [
            {
              level: 'WORKSPACE',
              username: 'ann',
              roleName: 'crew-admin',
              user: { email: 'ann@example.org' },
            },
          ],
        },
        roles: { totalCount: 4 },
      },
    ])
    const plain = '{ workspaces { totalCount } }'
    assert.deepEqual(await ben.data(plain), { workspaces: { totalCount: 0 } })
    const inside = '{ workspace(name: "crew") { name members { totalCount } } }'
    assert.deepEqual(await ben.codes(inside), ['FORBIDDEN'])
    const all = await admin.data<{ workspaces: Page }>(
      '{ workspaces { totalCount nodes { name } } }',
    )
    assert.deepEqual(names(all.workspaces), ['crew', 'system-workspace'])
  })

  it('platform roles tell whom they are bound to', async () => {
    const query = `query ($level: RoleLevel!, $workspace: String, $namespace: String) {
      platformRoles(level: $level, workspace: $workspace, namespace: $namespace, first: 100, orderBy: [{ by: NAME, direction: ASC }]) {
        nodes { name level scope templates subjects { kind name binding user { name } } }
      }
    }`
    interface Role extends Named {
      scope: string
      subjects: { kind: string; name: string; user: Named | null }[]
    }
    const roles = async (graph: Graph, variables: object) => {
      const { platformRoles } = await graph.data<{ platformRoles: Page<Role> }>(query, variables)
      return platformRoles.nodes
    }
    const global = await roles(admin, { level: 'GLOBAL' })
    const regular = global.find(({ name }) => name === 'platform-regular')
    assert.deepEqual(regular?.subjects.map(({ name }) => name).toSorted(), ['ann', 'ben'])
    const own = await roles(ann, { level: 'WORKSPACE', workspace: 'crew' })
    const crewAdmin = own.find(({ name }) => name === 'crew-admin')
    assert.deepEqual(
      crewAdmin?.subjects.map(({ user }) => user?.name),
      ['ann'],
    )
    assert.equal(crewAdmin?.scope, 'crew')
    const inProject = await roles(ann, { level: 'NAMESPACE', namespace: 'deck' })
    assert.deepEqual(
      inProject.map(({ name }) => name),
      ['admin', 'operator', 'viewer'],
    )
    assert.ok((await roles(admin, { level: 'CLUSTER' })).length > 1)
    assert.deepEqual(await ben.codes(query, { level: 'WORKSPACE', workspace: 'crew' }), [
      'FORBIDDEN',
    ])
    const one = `{ platformRole(level: GLOBAL, name: "platform-admin") { name rules { verbs apiGroups resources } } }`
    assert.deepEqual(await admin.data(one), {
      platformRole: {
        name: 'platform-admin',
        rules: [
          { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
          { verbs: ['*'], apiGroups: [], resources: [] },
        ],
      },
    })
  })

  it('the cluster shows its state, kinds and no credentials', async () => {
    const query = `{ clusters { nodes {
      name host ready kubernetesVersion kubeSphereVersion labels { key value }
      kinds(filter: { names: ["deploy"] }) { kind group version plural namespaced verbs allowed typeName }
      object { raw }
    } } }`
    interface Cluster extends Named {
      host: boolean
      kubeSphereVersion: string
      kinds: Record<string, unknown>[]
      object: { raw: { spec: { connection: object } } }
    }
    const { clusters } = await admin.data<{ clusters: Page<Cluster> }>(query)
    const [host] = clusters.nodes
    assert.deepEqual([host?.name, host?.host], ['host', true])
    const version = (await (await fetch(`${world.url}/version`)).json()) as { gitVersion: string }
    assert.equal(host?.kubeSphereVersion, version.gitVersion)
    assert.deepEqual(
      host?.kinds.map(({ kind, group, plural, namespaced }) => [kind, group, plural, namespaced]),
      [['Deployment', 'apps', 'deployments', true]],
    )
    assert.ok(!('kubeconfig' in (host?.object.raw.spec.connection ?? {})))
    assert.deepEqual(await ben.codes('{ cluster(name: "host") { name } }'), ['FORBIDDEN'])
  })

  it('allowed tells what the caller may do with a kind where', async () => {
    const query = `query ($ns: String) { kinds(filter: { names: ["pods"], groups: [""] }) { allowed(namespace: $ns) } }`
    const allowed = async (graph: Graph) => {
      const { kinds } = await graph.data<{ kinds: { allowed: string[] }[] }>(query, { ns: 'deck' })
      return kinds[0]?.allowed ?? []
    }
    assert.ok((await allowed(ann)).includes('delete'))
    assert.deepEqual(await allowed(ben), [])
  })

  it('a password is changed with the old one, and never shown', async () => {
    const query = `mutation ($input: SetPasswordInput!) { setPassword(input: $input) { user { name object { raw yaml } } } }`
    const wrong = { name: 'ben', currentPassword: 'Wrong-Pa55word', password: 'Other-Pa55word' }
    assert.notDeepEqual(await ben.codes(query, { input: wrong }), [])
    const right = { ...wrong, currentPassword: PASSWORD }
    const answer = await ben.answer(query, { input: right })
    assert.ok(!JSON.stringify(answer.body).includes('$2'))
    assert.deepEqual(await ben.codes('{ me { name } }'), ['UNAUTHENTICATED'], 'sessions end')
    const again = await world.graph('ben', 'Other-Pa55word')
    const back = { name: 'ben', currentPassword: 'Other-Pa55word', password: PASSWORD }
    assert.deepEqual(await again.codes(query, { input: back }), [])
    ben = await world.graph('ben')
  })

  it('mistakes of a write are typed errors', async () => {
    const again = { name: 'ann', email: 'other@example.org', password: PASSWORD }
    assert.deepEqual(await admin.codes(createUser, { input: again }), ['ALREADY_EXISTS'])
    const bad = { name: 'Not A Name', email: 'x@example.org' }
    const { body } = await admin.answer(createUser, { input: bad })
    const [error] = body.errors ?? []
    assert.ok(error)
    assert.equal(error.extensions['code'], 'INVALID')
    assert.equal((error.extensions['status'] as { code: number }).code, 422)
    assert.ok((error.extensions['causes'] as { field: string }[])[0]?.field)
    assert.deepEqual(await ben.codes(createWorkspace, { input: { name: 'mine' } }), ['FORBIDDEN'])
    assert.deepEqual(
      await ben.codes(createProject, { input: { workspace: 'crew', name: 'mine' } }),
      ['FORBIDDEN'],
    )
    const promoted = { name: 'eve', email: 'e@example.org', globalRole: 'platform-admin' }
    assert.deepEqual(await ben.codes(createUser, { input: promoted }), ['FORBIDDEN'])
  })

  it('login records are the account’s own and the administrator’s to see', async () => {
    const query = `query ($name: ID!) { user(name: $name) { loginRecords { totalCount nodes { success type sourceIP time } } } }`
    interface Records {
      user: { loginRecords: Page<{ success: boolean }> }
    }
    const { user } = await admin.data<Records>(query, { name: 'ann' })
    assert.ok(user.loginRecords.totalCount >= 1)
    assert.ok(user.loginRecords.nodes.every(({ success }) => success))
  })

  it('node gives back every core type by its id, and nodes keep the order', async () => {
    const ids = await ann.data<{
      me: { id: string }
      workspace: { id: string; roles: Page<{ id: string }>; projects: Page<{ id: string }> }
    }>(`{ me { id } workspace(name: "crew") { id
      roles(filter: { names: ["crew-viewer"] }) { nodes { id } } projects { nodes { id } } } }`)
    const { me, workspace } = ids
    const all = [me.id, workspace.id, workspace.roles.nodes[0]?.id, workspace.projects.nodes[0]?.id]
    const query = `query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id
      ... on User { name } ... on Workspace { name } ... on PlatformRole { name } ... on Project { name } } }`
    const { nodes } = await ann.data<{ nodes: Record<string, string>[] }>(query, { ids: all })
    assert.deepEqual(
      nodes.map(({ __typename, id, name }) => [__typename, id, name]),
      [
        ['User', me.id, 'ann'],
        ['Workspace', workspace.id, 'crew'],
        ['PlatformRole', all[2], 'crew-viewer'],
        ['Project', all[3], 'deck'],
      ],
    )
    assert.deepEqual(await ben.codes('query ($id: ID!) { node(id: $id) { id } }', { id: all[2] }), [
      'FORBIDDEN',
    ])
    assert.deepEqual(await ann.codes('{ node(id: "made-up") { id } }'), ['BAD_USER_INPUT'])
  })

  it('entities are judged one by one', async () => {
    const query = `query ($of: [_Any!]!) { _entities(representations: $of) {
      ... on User { email } ... on Workspace { displayName } ... on Cluster { host } ... on PlatformRole { name } } }`
    const of = [
      { __typename: 'User', name: 'ann' },
      { __typename: 'User', name: 'ben' },
      { __typename: 'Workspace', name: 'crew' },
      { __typename: 'PlatformRole', level: 'WORKSPACE', scope: 'crew', name: 'crew-viewer' },
      { __typename: 'Workspace', name: 'none' },
    ]
    const { body } = await ann.answer(query, { of })
    assert.deepEqual(body.data?.['_entities'], [
      { email: 'ann@example.org' },
      null,
      { displayName: 'The crew' },
      { name: 'crew-viewer' },
      null,
    ])
    assert.deepEqual(body.errors?.[0]?.path, ['_entities', 1])
  })
})
