import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Graph, GraphWorld } from '../graph.ts'
import { mutation } from './mutation.ts'

const memberships = 'memberships { level username roleName user { name } role { name } }'
const addMembers = mutation('addMembers', 'AddMembersInput', memberships)
const updateMember = mutation('updateMember', 'UpdateMemberInput', memberships)
const removeMembers = mutation('removeMembers', 'RemoveMembersInput', 'usernames')
const assignRole = mutation('assignRole', 'AssignRoleInput', memberships)

/** Members at each level, and who may assign a global role. */
export function members(world: () => GraphWorld, admin: () => Graph): void {
  describe('members in the graph', () => {
    const places = [
      { level: 'WORKSPACE', workspace: 'crew', roles: ['crew-viewer', 'crew-regular'] },
      { level: 'CLUSTER', cluster: 'host', roles: ['cluster-viewer', 'cluster-admin'] },
      { level: 'NAMESPACE', namespace: 'deck', roles: ['viewer', 'operator'] },
    ]
    for (const { roles: [low = '', high = ''] = [], ...at } of places) {
      it(`members at level ${at.level} are added, changed and removed, each as often as one likes`, async () => {
        const held = async () => {
          const query = `query ($level: RoleLevel) { user(name: "eve") { memberships(level: $level) { roleName } } }`
          const { user } = await admin().data<{ user: { memberships: { roleName: string }[] } }>(
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
        assert.deepEqual(await admin().codes(updateMember, { input: changed }), ['NOT_FOUND'])
        for (let round = 0; round < 2; round++) {
          assert.deepEqual(await admin().data(addMembers, { input: added }), {
            addMembers: one(low),
          })
          assert.deepEqual(await held(), [low])
        }
        for (let round = 0; round < 2; round++) {
          assert.deepEqual(await admin().data(updateMember, { input: changed }), {
            updateMember: one(high),
          })
          assert.deepEqual(await held(), [high])
        }
        assert.deepEqual(await admin().data(assignRole, { input: { ...changed, role: low } }), {
          assignRole: one(low),
        })
        assert.deepEqual(await held(), [low])
        const removed = { ...at, usernames: ['eve', 'nobody', 'a@b.c'] }
        for (let round = 0; round < 2; round++) {
          await admin().data(removeMembers, { input: removed })
          assert.deepEqual(await held(), [])
        }
      })

      it(`members at level ${at.level} are refused for a bad name, a missing role and a wrong place`, async () => {
        const codes = (members: object[], over: object = {}) =>
          admin().codes(addMembers, { input: { ...at, members, ...over } })
        const good = { username: 'eve', role: low }
        assert.deepEqual(await codes([{ ...good, username: 'a@b.c' }]), ['BAD_USER_INPUT'])
        assert.deepEqual(await codes([good, { ...good, username: '' }]), ['BAD_USER_INPUT'])
        assert.deepEqual(await codes([{ ...good, role: 'nope' }]), ['NOT_FOUND'])
        const other = at.level === 'WORKSPACE' ? { namespace: 'deck' } : { workspace: 'crew' }
        assert.deepEqual(await codes([good], other), ['BAD_USER_INPUT'])
        const many = Array.from({ length: 101 }, () => good)
        assert.deepEqual(await codes(many), ['BAD_USER_INPUT'])
        const eve = await world().graph('eve')
        assert.deepEqual(await eve.codes(addMembers, { input: { ...at, members: [good] } }), [
          'FORBIDDEN',
        ])
      })
    }

    it('one member of a workspace is read with the role, null for whoever is none', async () => {
      const query = `query ($name: String!) { workspace(name: "crew") { member(username: $name) { roleName user { name } } } }`
      assert.deepEqual(await admin().data(query, { name: 'ann' }), {
        workspace: { member: { roleName: 'crew-admin', user: { name: 'ann' } } },
      })
      assert.deepEqual(await admin().data(query, { name: 'eve' }), { workspace: { member: null } })
    })

    it('a global role is assigned by who may hand it out', async () => {
      const give = (graph: Graph, role: string) =>
        graph.codes(assignRole, { input: { level: 'GLOBAL', username: 'eve', role } })
      const held = async () => admin().data('{ user(name: "eve") { globalRoleName } }')
      for (let round = 0; round < 2; round++) {
        assert.deepEqual(await give(admin(), 'platform-self-provisioner'), [])
        assert.deepEqual(await held(), { user: { globalRoleName: 'platform-self-provisioner' } })
      }
      assert.deepEqual(await give(await world().graph('eve'), 'platform-admin'), ['FORBIDDEN'])
      assert.deepEqual(await give(await world().graph('ann'), 'platform-regular'), ['FORBIDDEN'])
      assert.deepEqual(await give(admin(), 'nope'), ['NOT_FOUND'])
      assert.deepEqual(await give(admin(), 'platform-regular'), [])
      const { users } = await admin().data<{ users: { nodes: { name: string }[] } }>(
        '{ users(globalRole: "platform-regular") { nodes { name } } }',
      )
      assert.deepEqual(users.nodes.map(({ name }) => name).toSorted(), ['ann', 'ben', 'eve'])
    })
  })
}
