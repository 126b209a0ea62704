import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { PASSWORD } from '../../iam/world.ts'
import type { Graph, GraphWorld } from '../graph.ts'
import { mutation, type Role } from './mutation.ts'

const memberships = 'memberships { level username roleName user { name } role { name } }'
const assignRole = mutation('assignRole', 'AssignRoleInput', memberships)

/** What is told of the rights of oneself and of others. */
export function access(world: () => GraphWorld, admin: () => Graph): void {
  describe('what somebody may, in the graph', () => {
    it('access is told of oneself to everybody, of others to who may ask', async () => {
      const list = { verb: 'list', group: 'iam.kubesphere.io', resource: 'users', level: 'GLOBAL' }
      const attributes = [list, { ...list, verb: 'delete' }, { verb: 'GET', path: '/kapis/x' }]
      const can = 'query ($a: [AccessAttributes!]!) { can(attributes: $a) { allowed } }'
      const review =
        'query ($u: String!, $a: [AccessAttributes!]!) { accessReview(user: $u, attributes: $a) { allowed reason } }'
      const own = await (
        await world().graph('eve')
      ).data<{ can: { allowed: boolean }[] }>(can, {
        a: attributes,
      })
      const told = await admin().data<{
        accessReview: { allowed: boolean; reason: string | null }[]
      }>(review, { u: 'eve', a: attributes })
      const allowed = (of: { allowed: boolean }[]) => of.map((one) => one.allowed)
      assert.deepEqual(allowed(own.can), [true, false, false])
      assert.deepEqual(allowed(told.accessReview), allowed(own.can))
      assert.match(told.accessReview[0]?.reason ?? '', /^RBAC: allowed by GlobalRoleBinding/)
      const field = await admin().data<{ user: { can: { allowed: boolean }[] } }>(
        'query ($a: [AccessAttributes!]!) { user(name: "eve") { can(attributes: $a) { allowed } } }',
        { a: attributes },
      )
      assert.deepEqual(field.user.can, own.can)
      const eve = await world().graph('eve')
      assert.deepEqual(await eve.codes(review, { u: 'ben', a: attributes }), ['FORBIDDEN'])
    })

    it('role templates of an account are those of its role, in words of a language', async () => {
      const query = `query ($language: String!) { user(name: "ben") {
      roleTemplates(level: WORKSPACE, workspace: "crew") { name level displayName(language: $language) rules { verbs } } } }`
      interface Found {
        user: { roleTemplates: { name: string; level: string; displayName: string }[] }
      }
      const at = { level: 'WORKSPACE', workspace: 'crew' }
      await admin().data(assignRole, { input: { ...at, username: 'ben', role: 'crew-regular' } })
      const { platformRole } = await admin().data<{ platformRole: Role }>(
        '{ platformRole(level: WORKSPACE, workspace: "crew", name: "crew-regular") { templates } }',
      )
      const read = async (language: string) =>
        (await admin().data<Found>(query, { language })).user.roleTemplates
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
      const { loginRecords } = await admin().data<{
        loginRecords: { totalCount: number; pageCount: number; nodes: { success: boolean }[] }
      }>(query)
      assert.ok(loginRecords.totalCount >= 1)
      assert.equal(loginRecords.pageCount, loginRecords.totalCount)
      assert.deepEqual(await (await world().graph('eve')).codes(query), ['FORBIDDEN'])
      await (await world().graph('ben', PASSWORD)).data(query)
    })
  })
}
