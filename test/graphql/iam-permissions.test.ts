import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { account, IAM, type Answer, type Caller } from '../iam/world.ts'
import { startGraphWorld, type GraphWorld } from './graph.ts'
import { people, settle, type Standing } from './people.ts'

/** The same question to both faces, with arguments that change nothing whoever asks. */
interface Row {
  readonly what: string
  readonly rest: (caller: Caller) => Promise<Answer>
  readonly query: string
  readonly variables?: object
  /** Code of the error that the graph answers to whoever is allowed. */
  readonly code?: string
}

const paths = {
  GLOBAL: { roles: 'globalroles', members: '' },
  WORKSPACE: {
    roles: 'workspaces/crew/workspaceroles',
    members: 'workspaces/crew/workspacemembers',
  },
  CLUSTER: { roles: 'clusterroles', members: 'clustermembers' },
  NAMESPACE: {
    roles: 'namespaces/deck/roles',
    members: 'namespaces/deck/namespacemembers',
  },
}
const kinds = {
  GLOBAL: 'GlobalRole',
  WORKSPACE: 'WorkspaceRole',
  CLUSTER: 'ClusterRole',
  NAMESPACE: 'Role',
}
/** What no object can be called. */
const BAD = 'Not A Name'

type Level = keyof typeof paths

const at = (level: Level) => ({
  level,
  ...(level === 'WORKSPACE' ? { workspace: 'crew' } : {}),
  ...(level === 'NAMESPACE' ? { namespace: 'deck' } : {}),
})

function write(
  what: string,
  rest: Row['rest'],
  [field, type, fields]: [string, string, string],
  input: object,
  code?: string,
): Row {
  const query = `mutation ($input: ${type}!) { ${field}(input: $input) { ${fields} } }`
  return { what, rest, query, variables: { input }, ...(code ? { code } : {}) }
}

const id = 'clientMutationId'
const ghost = `${IAM}/users/ghost`
const body = account('ghost')

const users: Row[] = [
  { what: 'list users', rest: (c) => c.get(`${IAM}/users`), query: '{ users { totalCount } }' },
  {
    what: 'get a user',
    rest: (c) => c.get(`${IAM}/users/tom`),
    query: '{ user(name: "tom") { name } }',
  },
  {
    what: 'login records of a user',
    rest: (c) => c.get(`${IAM}/users/tom/loginrecords`),
    query: '{ loginRecords(user: "tom") { totalCount } }',
  },
  write(
    'create a user',
    (c) => c.post(`${IAM}/users`, account('ghost', 'nope')),
    ['createUser', 'CreateUserInput', id],
    { name: 'ghost', email: 'g@example.com', globalRole: 'nope' },
    'NOT_FOUND',
  ),
  write(
    'update a user',
    (c) => c.put(ghost, body),
    ['updateUser', 'UpdateUserInput', id],
    { name: 'ghost', lang: 'en' },
    'NOT_FOUND',
  ),
  write(
    'close an account',
    (c) => c.put(ghost, { ...body, status: { state: 'Disabled' } }),
    ['deactivateUser', 'UserInput', id],
    { name: 'ghost' },
    'NOT_FOUND',
  ),
  write(
    'open an account',
    (c) => c.put(ghost, { ...body, status: { state: 'Active' } }),
    ['activateUser', 'UserInput', id],
    { name: 'ghost' },
    'NOT_FOUND',
  ),
  write(
    'set a password',
    (c) => c.put(`${ghost}/password`, { password: 'Some-Pa55word' }),
    ['setPassword', 'SetPasswordInput', id],
    { name: 'ghost', password: 'Some-Pa55word' },
    'NOT_FOUND',
  ),
  write(
    'delete a user',
    (c) => c.delete(ghost),
    ['deleteUser', 'UserInput', id],
    { name: 'ghost' },
    'NOT_FOUND',
  ),
  {
    what: 'list role templates',
    rest: (c) => c.get(`${IAM}/roletemplates`),
    query: '{ roleTemplates { totalCount } }',
  },
  {
    what: 'review access',
    rest: (c) => c.post(`${IAM}/subjectaccessreviews`, { spec: { user: 'tom' } }),
    query: '{ accessReview(user: "tom", attributes: [{ verb: "get" }]) { allowed } }',
  },
]

function rolesAt(level: Level): Row[] {
  const { roles } = paths[level]
  const list = `${IAM}/${roles}`
  const place = Object.entries(at(level))
    .map(([key, value]) => (key === 'level' ? `level: ${value}` : `${key}: "${value}"`))
    .join(', ')
  const named = (name: string) => ({
    apiVersion: 'iam.kubesphere.io/v1beta1',
    kind: kinds[level],
    metadata: { name },
    rules: [],
  })
  return [
    {
      what: `list roles, ${level}`,
      rest: (c) => c.get(list),
      query: `{ platformRoles(${place}) { totalCount } }`,
    },
    {
      what: `get a role, ${level}`,
      rest: (c) => c.get(`${list}/nope`),
      query: `{ platformRole(${place}, name: "nope") { name } }`,
    },
    write(
      `create a role, ${level}`,
      (c) => c.post(list, named(BAD)),
      ['createRole', 'CreateRoleInput', id],
      { ...at(level), name: BAD },
      'INVALID',
    ),
    write(
      `update a role, ${level}`,
      (c) => c.put(`${list}/nope`, named('nope')),
      ['updateRole', 'UpdateRoleInput', id],
      { ...at(level), name: 'nope' },
      'NOT_FOUND',
    ),
    write(
      `delete a role, ${level}`,
      (c) => c.delete(`${list}/nope`),
      ['deleteRole', 'DeleteRoleInput', id],
      { ...at(level), name: 'nope' },
      'NOT_FOUND',
    ),
  ]
}

function membersAt(level: Exclude<Level, 'GLOBAL'>): Row[] {
  const list = `${IAM}/${paths[level].members}`
  const reads: Row[] =
    level === 'WORKSPACE'
      ? [
          {
            what: `get a member, ${level}`,
            rest: (c) => c.get(`${list}/ghost`),
            query: '{ workspace(name: "crew") { member(username: "ghost") { roleName } } }',
          },
          {
            what: `list members, ${level}`,
            rest: (c) => c.get(list),
            query: '{ workspace(name: "crew") { members { totalCount } } }',
          },
        ]
      : []
  const ghostly = { username: 'ghost', role: 'nope' }
  return [
    ...reads,
    write(
      `add members, ${level}`,
      (c) => c.post(list, [{ username: 'ghost', roleRef: 'nope' }]),
      ['addMembers', 'AddMembersInput', id],
      { ...at(level), members: [ghostly] },
      'NOT_FOUND',
    ),
    write(
      `assign a role, ${level}`,
      (c) => c.post(list, [{ username: 'ghost', roleRef: 'nope' }]),
      ['assignRole', 'AssignRoleInput', id],
      { ...at(level), ...ghostly },
      'NOT_FOUND',
    ),
    write(
      `change a member, ${level}`,
      (c) => c.put(`${list}/ghost`, { username: 'ghost', roleRef: 'nope' }),
      ['updateMember', 'UpdateMemberInput', id],
      { ...at(level), ...ghostly },
      'NOT_FOUND',
    ),
    write(
      `remove members, ${level}`,
      (c) => c.delete(`${list}/ghost`),
      ['removeMembers', 'RemoveMembersInput', id],
      { ...at(level), usernames: ['ghost'] },
    ),
  ]
}

const rows = [
  ...users,
  ...(['GLOBAL', 'WORKSPACE', 'CLUSTER', 'NAMESPACE'] as const).flatMap(rolesAt),
  ...(['WORKSPACE', 'CLUSTER', 'NAMESPACE'] as const).flatMap(membersAt),
]

describe('REST and the graph allow and refuse the same', () => {
  let world: GraphWorld
  let callers: ReadonlyMap<string, Standing>

  before(async () => {
    world = await startGraphWorld()
    const make = `mutation ($input: CreateRoleInput!) { createRole(input: $input) { role { name } } }`
    const templates = ['global-manage-users', 'global-view-roles']
    const admin = await world.graph('admin')
    await admin.data(make, { input: { level: 'GLOBAL', name: 'people', templates } })
    callers = await settle(world, { ...people, hrs: ['people', '', '', ''] })
  })
  after(() => world?.[Symbol.asyncDispose]())

  for (const { what, rest, query, variables, code } of rows) {
    it(what, async () => {
      const verdicts: Record<string, [rest: boolean, graph: boolean]> = {}
      for (const [name, as] of callers) {
        const answer = await rest(as.rest)
        assert.ok(answer.status < 500, `${name}: ${answer.status} ${answer.text}`)
        const [found] = await as.graph.codes(query, variables)
        verdicts[name] = [answer.status !== 403, found !== 'FORBIDDEN']
        if (found !== 'FORBIDDEN') assert.equal(found, code, name)
      }
      for (const [name, [one, other]] of Object.entries(verdicts)) {
        assert.equal(other, one, `${name}: REST ${one}, graph ${other}`)
      }
      assert.deepEqual(verdicts['admin'], [true, true])
    })
  }
})
