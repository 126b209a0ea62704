import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { account, IAM, PASSWORD, project, TENANT, workspace } from '../iam/world.ts'
import { startGraphWorld, type Graph, type GraphWorld } from './graph.ts'

interface Role {
  name: string
  templates: string[]
  rules: { verbs: string[]; apiGroups: string[]; resources: string[] }[]
}

/** A mutation that takes one input and gives the fields back. */
const mutation = (field: string, type: string, fields: string): string =>
  `mutation ($input: ${type}!) { ${field}(input: $input) { ${fields} } }`

const account$ = 'user { name email displayName lang status globalRoleName groups }'
const updateUser = mutation('updateUser', 'UpdateUserInput', account$)
const activateUser = mutation('activateUser', 'UserInput', 'user { status }')
const deactivateUser = mutation('deactivateUser', 'UserInput', 'user { status }')
const deleteUser = mutation('deleteUser', 'UserInput', 'id name clientMutationId')
const revokeSessions = mutation('revokeSessions', 'UserInput', 'user { name }')
const memberships = 'memberships { level username roleName user { name } role { name } }'
const addMembers = mutation('addMembers', 'AddMembersInput', memberships)
const updateMember = mutation('updateMember', 'UpdateMemberInput', memberships)
const removeMembers = mutation('removeMembers', 'RemoveMembersInput', 'usernames')
const assignRole = mutation('assignRole', 'AssignRoleInput', memberships)
const role$ = 'role { name templates rules { verbs apiGroups resources } }'
const createRole = mutation('createRole', 'CreateRoleInput', role$)
const updateRole = mutation('updateRole', 'UpdateRoleInput', role$)
const deleteRole = mutation('deleteRole', 'DeleteRoleInput', 'id name')

const USERS = { group: 'iam.kubesphere.io', version: 'v1beta1', resource: 'users' }

describe('accounts and roles in the graph', () => {
  let world: GraphWorld
  let admin: Graph

  before(async () => {
    world = await startGraphWorld()
    const rest = await world.as('admin')
    for (const name of ['ann', 'ben', 'eve']) {
      await rest.post(`${IAM}/users`, account(name, 'platform-regular'))
    }
    await rest.post(`${TENANT}/workspacetemplates`, workspace('crew', 'ann'))
    await rest.post(`${TENANT}/workspaces/crew/namespaces`, project('deck', 'ann'))
    await world.settled()
    admin = await world.graph('admin')
  })
  after(() => world?.[Symbol.asyncDispose]())

  const version = async (name: string) =>
    (await world.kube.get(USERS, name)).metadata.resourceVersion

  it('an account changes in what is given, null takes away, and the same again changes nothing', async () => {
    const input = { name: 'eve', displayName: 'Eve', lang: 'en', groups: ['staff'] }
    const first = await admin.data<{ updateUser: { user: object } }>(updateUser, { input })
    const eve = {
      name: 'eve',
      email: 'eve@example.com',
      displayName: 'Eve',
      lang: 'en',
      status: 'ACTIVE',
      globalRoleName: 'platform-regular',
      groups: ['staff'],
    }
    assert.deepEqual(first.updateUser.user, eve)
    await world.settled()
    const before = await version('eve')
    await admin.data(updateUser, { input })
    assert.equal(await version('eve'), before)
    const less = { name: 'eve', displayName: null, groups: null }
    const second = await admin.data<{ updateUser: { user: object } }>(updateUser, { input: less })
    assert.deepEqual(second.updateUser.user, { ...eve, displayName: null, groups: [] })
    // The password is none of it.
    await world.login('eve')
  })

  it('a change for a version that is not stored is a conflict, one without a version is not', async () => {
    const old = await version('ben')
    const input = { name: 'ben', displayName: 'Ben' }
    await admin.data(updateUser, { input })
    const stale = { ...input, displayName: 'Benjamin', resourceVersion: old }
    assert.deepEqual(await admin.codes(updateUser, { input: stale }), ['CONFLICT'])
    await admin.data(updateUser, { input: { ...input, displayName: 'Benjamin' } })
  })

  it('people change themselves, but not what carries rights', async () => {
    const eve = await world.graph('eve')
    await eve.data(updateUser, { input: { name: 'eve', lang: 'zh' } })
    for (const change of [{ groups: ['g'] }, { globalRole: 'platform-admin' }]) {
      const input = { name: 'eve', ...change }
      assert.deepEqual(await eve.codes(updateUser, { input }), ['FORBIDDEN'])
    }
    assert.deepEqual(await eve.codes(deactivateUser, { input: { name: 'eve' } }), ['FORBIDDEN'])
    const none = { name: 'eve', globalRole: null }
    assert.deepEqual(await admin.codes(updateUser, { input: none }), ['BAD_USER_INPUT'])
    const nobody = { name: 'nobody', displayName: 'x' }
    assert.deepEqual(await admin.codes(updateUser, { input: nobody }), ['NOT_FOUND'])
  })

  it('a closed account is out at once, and in again when it is opened', async () => {
    const ben = await world.graph('ben')
    const input = { name: 'ben' }
    for (let round = 0; round < 2; round++) {
      assert.deepEqual(await admin.data(deactivateUser, { input }), {
        deactivateUser: { user: { status: 'DISABLED' } },
      })
    }
    assert.deepEqual(await ben.codes('{ me { name } }'), ['UNAUTHENTICATED'])
    await assert.rejects(world.login('ben'), /Account suspended/)
    for (let round = 0; round < 2; round++) {
      assert.deepEqual(await admin.data(activateUser, { input }), {
        activateUser: { user: { status: 'ACTIVE' } },
      })
    }
    assert.deepEqual(
      await ben.codes('{ me { name } }'),
      ['UNAUTHENTICATED'],
      'the old session stays out',
    )
    await world.login('ben')
  })

  it('sessions are revoked by oneself and by who manages accounts, by nobody else', async () => {
    const input = { name: 'ben' }
    const [one, two] = [await world.graph('ben'), await world.graph('ben')]
    const eve = await world.graph('eve')
    assert.deepEqual(await eve.codes(revokeSessions, { input }), ['FORBIDDEN'])
    assert.deepEqual(await two.data('{ me { name } }'), { me: input })
    await one.data(revokeSessions, { input })
    for (const graph of [one, two]) {
      assert.deepEqual(await graph.codes('{ me { name } }'), ['UNAUTHENTICATED'])
    }
    const three = await world.graph('ben')
    assert.deepEqual(await admin.data(revokeSessions, { input }), {
      revokeSessions: { user: input },
    })
    assert.deepEqual(await three.codes('{ me { name } }'), ['UNAUTHENTICATED'])
    assert.deepEqual(await admin.codes(revokeSessions, { input: { name: 'no' } }), ['NOT_FOUND'])
  })

  it('an account goes with its sessions and roles', async () => {
    const rest = await world.as('admin')
    await rest.post(`${IAM}/users`, account('tmp', 'platform-regular'))
    const tmp = await world.graph('tmp')
    const input = { name: 'tmp', clientMutationId: 'm' }
    const { deleteUser: gone } = await admin.data<{ deleteUser: { id: string } }>(deleteUser, {
      input,
    })
    assert.deepEqual(gone, { id: gone.id, ...input })
    assert.deepEqual(await tmp.codes('{ me { name } }'), ['UNAUTHENTICATED'])
    await world.settled()
    assert.deepEqual(
      await admin.data('query ($id: ID!) { node(id: $id) { id } }', { id: gone.id }),
      {
        node: null,
      },
    )
    assert.deepEqual(await admin.codes(deleteUser, { input }), ['NOT_FOUND'])
  })

  const places = [
    { level: 'WORKSPACE', workspace: 'crew', roles: ['crew-viewer', 'crew-regular'] },
    { level: 'CLUSTER', cluster: 'host', roles: ['cluster-viewer', 'cluster-admin'] },
    { level: 'NAMESPACE', namespace: 'deck', roles: ['viewer', 'operator'] },
  ]
  for (const { roles: [low = '', high = ''] = [], ...at } of places) {
    it(`members at level ${at.level} are added, changed and removed, each as often as one likes`, async () => {
      const held = async () => {
        const query = `query ($level: RoleLevel) { user(name: "eve") { memberships(level: $level) { roleName } } }`
        const { user } = await admin.data<{ user: { memberships: { roleName: string }[] } }>(
          query,
          {
            level: at.level,
          },
        )
        return user.memberships.map(({ roleName }) => roleName)
      }
      const one = (name: string) => ({
        memberships: [
          {
            level: at.level,
            username: 'eve',
            roleName: name,
            user: { name: 'eve' },
            role: { name },
          },
        ],
      })
      const added = { ...at, members: [{ username: 'eve', role: low }] }
      const changed = { ...at, username: 'eve', role: high }
      assert.deepEqual(await admin.codes(updateMember, { input: changed }), ['NOT_FOUND'])
      for (let round = 0; round < 2; round++) {
        assert.deepEqual(await admin.data(addMembers, { input: added }), { addMembers: one(low) })
        assert.deepEqual(await held(), [low])
      }
      for (let round = 0; round < 2; round++) {
        assert.deepEqual(await admin.data(updateMember, { input: changed }), {
          updateMember: one(high),
        })
        assert.deepEqual(await held(), [high])
      }
      assert.deepEqual(await admin.data(assignRole, { input: { ...changed, role: low } }), {
        assignRole: one(low),
      })
      assert.deepEqual(await held(), [low])
      const removed = { ...at, usernames: ['eve', 'nobody', 'a@b.c'] }
      for (let round = 0; round < 2; round++) {
        await admin.data(removeMembers, { input: removed })
        assert.deepEqual(await held(), [])
      }
    })

    it(`members at level ${at.level} are refused for a bad name, a missing role and a wrong place`, async () => {
      const codes = (members: object[], over: object = {}) =>
        admin.codes(addMembers, { input: { ...at, members, ...over } })
      const good = { username: 'eve', role: low }
      assert.deepEqual(await codes([{ ...good, username: 'a@b.c' }]), ['BAD_USER_INPUT'])
      assert.deepEqual(await codes([good, { ...good, username: '' }]), ['BAD_USER_INPUT'])
      assert.deepEqual(await codes([{ ...good, role: 'nope' }]), ['NOT_FOUND'])
      const other = at.level === 'WORKSPACE' ? { namespace: 'deck' } : { workspace: 'crew' }
      assert.deepEqual(await codes([good], other), ['BAD_USER_INPUT'])
      const many = Array.from({ length: 101 }, () => good)
      assert.deepEqual(await codes(many), ['BAD_USER_INPUT'])
      const eve = await world.graph('eve')
      assert.deepEqual(await eve.codes(addMembers, { input: { ...at, members: [good] } }), [
        'FORBIDDEN',
      ])
    })
  }

  it('one member of a workspace is read with the role, null for whoever is none', async () => {
    const query = `query ($name: String!) { workspace(name: "crew") { member(username: $name) { roleName user { name } } } }`
    assert.deepEqual(await admin.data(query, { name: 'ann' }), {
      workspace: { member: { roleName: 'crew-admin', user: { name: 'ann' } } },
    })
    assert.deepEqual(await admin.data(query, { name: 'eve' }), { workspace: { member: null } })
  })

  it('a global role is assigned by who may hand it out', async () => {
    const give = (graph: Graph, role: string) =>
      graph.codes(assignRole, { input: { level: 'GLOBAL', username: 'eve', role } })
    const held = async () => admin.data('{ user(name: "eve") { globalRoleName } }')
    for (let round = 0; round < 2; round++) {
      assert.deepEqual(await give(admin, 'platform-self-provisioner'), [])
      assert.deepEqual(await held(), { user: { globalRoleName: 'platform-self-provisioner' } })
    }
    assert.deepEqual(await give(await world.graph('eve'), 'platform-admin'), ['FORBIDDEN'])
    assert.deepEqual(await give(await world.graph('ann'), 'platform-regular'), ['FORBIDDEN'])
    assert.deepEqual(await give(admin, 'nope'), ['NOT_FOUND'])
    assert.deepEqual(await give(admin, 'platform-regular'), [])
    const { users } = await admin.data<{ users: { nodes: { name: string }[] } }>(
      '{ users(globalRole: "platform-regular") { nodes { name } } }',
    )
    assert.deepEqual(users.nodes.map(({ name }) => name).toSorted(), ['ann', 'ben', 'eve'])
  })

  const levels = [
    { level: 'GLOBAL', templates: ['global-view-users', 'global-view-roles'] },
    {
      level: 'WORKSPACE',
      workspace: 'crew',
      templates: ['workspace-view-members', 'workspace-view-roles'],
    },
    { level: 'CLUSTER', templates: ['cluster-view-nodes', 'cluster-view-settings'] },
    {
      level: 'NAMESPACE',
      namespace: 'deck',
      templates: ['namespace-view-members', 'namespace-view-roles'],
    },
  ]
  for (const { templates: wanted, ...at } of levels) {
    it(`a role at level ${at.level} is made of templates, again of fewer, and deleted`, async () => {
      const { roleTemplates } = await admin.data<{ roleTemplates: { nodes: { name: string }[] } }>(
        'query ($level: RoleLevel) { roleTemplates(level: $level, first: 200) { nodes { name } } }',
        { level: at.level },
      )
      const known = new Set(roleTemplates.nodes.map(({ name }) => name))
      const templates = wanted.filter((name) => known.has(name))
      // Templates of clusters have no rules.
      const bare = at.level === 'CLUSTER'
      if (!bare) assert.equal(templates.length, 2)
      const name = `helper-${at.level.toLowerCase()}`
      const input = { ...at, name, displayName: 'Helper', templates }
      const made = (await admin.data<{ createRole: { role: Role } }>(createRole, { input }))
        .createRole
      assert.deepEqual(made.role.templates, templates)
      if (!bare) assert.ok(made.role.rules.length > 1, JSON.stringify(made.role.rules))
      assert.deepEqual(await admin.codes(createRole, { input }), ['ALREADY_EXISTS'])

      const fewer = { ...at, name, templates: templates.slice(0, 1) }
      const less = (await admin.data<{ updateRole: { role: Role } }>(updateRole, { input: fewer }))
        .updateRole.role
      assert.deepEqual(less.templates, templates.slice(0, 1))
      if (!bare) assert.ok(less.rules.length < made.role.rules.length)
      const rule = { verbs: ['get'], apiGroups: [''], resources: ['pods'] }
      const own = { ...at, name, templates: [], rules: [rule] }
      const last = (await admin.data<{ updateRole: { role: Role } }>(updateRole, { input: own }))
        .updateRole.role
      assert.deepEqual([last.templates, last.rules], [[], [rule]])

      if (at.level !== 'GLOBAL') {
        await admin.data(assignRole, { input: { ...at, username: 'eve', role: name } })
      }
      const eve = await world.graph('eve')
      for (const document of [createRole, updateRole]) {
        assert.deepEqual(await eve.codes(document, { input }), ['FORBIDDEN'])
      }
      const gone = { ...at, name }
      assert.deepEqual(await eve.codes(deleteRole, { input: gone }), ['FORBIDDEN'])
      assert.equal(
        (await admin.data<{ deleteRole: Role }>(deleteRole, { input: gone })).deleteRole.name,
        name,
      )
      assert.deepEqual(await admin.codes(deleteRole, { input: gone }), ['NOT_FOUND'])
      assert.deepEqual(await admin.codes(updateRole, { input: fewer }), ['NOT_FOUND'])
    })
  }

  it('a role whose templates a selector chooses is not given others', async () => {
    const input = { level: 'GLOBAL', name: 'authenticated', templates: ['global-view-users'] }
    assert.deepEqual(await admin.codes(updateRole, { input }), ['BAD_USER_INPUT'])
  })

  it('a role of one workspace is not reached through another', async () => {
    const rest = await world.as('admin')
    await rest.post(`${TENANT}/workspacetemplates`, workspace('other', 'ben'))
    await world.settled()
    const ben = await world.graph('ben')
    for (const document of [updateRole, deleteRole]) {
      const input = { level: 'WORKSPACE', workspace: 'other', name: 'crew-viewer' }
      assert.deepEqual(await ben.codes(document, { input }), ['NOT_FOUND'])
    }
    const input = { level: 'WORKSPACE', workspace: 'crew', name: 'crew-viewer' }
    assert.deepEqual(await ben.codes(deleteRole, { input }), ['FORBIDDEN'])
  })

  it('access is told of oneself to everybody, of others to who may ask', async () => {
    const list = { verb: 'list', group: 'iam.kubesphere.io', resource: 'users', level: 'GLOBAL' }
    const attributes = [list, { ...list, verb: 'delete' }, { verb: 'GET', path: '/kapis/x' }]
    const can = 'query ($a: [AccessAttributes!]!) { can(attributes: $a) { allowed } }'
    const review =
      'query ($u: String!, $a: [AccessAttributes!]!) { accessReview(user: $u, attributes: $a) { allowed reason } }'
    const own = await (
      await world.graph('eve')
    ).data<{ can: { allowed: boolean }[] }>(can, {
      a: attributes,
    })
    const told = await admin.data<{ accessReview: { allowed: boolean; reason: string | null }[] }>(
      review,
      { u: 'eve', a: attributes },
    )
    const allowed = (of: { allowed: boolean }[]) => of.map((one) => one.allowed)
    assert.deepEqual(allowed(own.can), [true, false, false])
    assert.deepEqual(allowed(told.accessReview), allowed(own.can))
    assert.match(told.accessReview[0]?.reason ?? '', /^RBAC: allowed by GlobalRoleBinding/)
    const field = await admin.data<{ user: { can: { allowed: boolean }[] } }>(
      'query ($a: [AccessAttributes!]!) { user(name: "eve") { can(attributes: $a) { allowed } } }',
      { a: attributes },
    )
    assert.deepEqual(field.user.can, own.can)
    const eve = await world.graph('eve')
    assert.deepEqual(await eve.codes(review, { u: 'ben', a: attributes }), ['FORBIDDEN'])
  })

  it('role templates of an account are those of its role, in words of a language', async () => {
    const query = `query ($language: String!) { user(name: "ben") {
      roleTemplates(level: WORKSPACE, workspace: "crew") { name level displayName(language: $language) rules { verbs } } } }`
    interface Found {
      user: { roleTemplates: { name: string; level: string; displayName: string }[] }
    }
    const at = { level: 'WORKSPACE', workspace: 'crew' }
    await admin.data(assignRole, { input: { ...at, username: 'ben', role: 'crew-regular' } })
    const { platformRole } = await admin.data<{ platformRole: Role }>(
      '{ platformRole(level: WORKSPACE, workspace: "crew", name: "crew-regular") { templates } }',
    )
    const read = async (language: string) =>
      (await admin.data<Found>(query, { language })).user.roleTemplates
    const english = await read('en')
    assert.ok(english.length > 0)
    assert.deepEqual(
      english.map(({ name }) => name),
      platformRole.templates,
    )
    assert.ok(english.every(({ level, displayName }) => level === 'WORKSPACE' && displayName))
    assert.notDeepEqual(await read('zh'), english)
    assert.deepEqual(await read('tlh'), english)
  })

  it('login records are there for who may read them alone', async () => {
    const query =
      '{ loginRecords(user: "ben", first: 1) { totalCount pageCount nodes { success } } }'
    const { loginRecords } = await admin.data<{
      loginRecords: { totalCount: number; pageCount: number; nodes: { success: boolean }[] }
    }>(query)
    assert.ok(loginRecords.totalCount >= 1)
    assert.equal(loginRecords.pageCount, loginRecords.totalCount)
    assert.deepEqual(await (await world.graph('eve')).codes(query), ['FORBIDDEN'])
    await (await world.graph('ben', PASSWORD)).data(query)
  })
})
