import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { account, IAM } from '../../iam/world.ts'
import type { Graph, GraphWorld } from '../graph.ts'
import { mutation } from './mutation.ts'

const account$ = 'user { name email displayName lang status globalRoleName groups }'
const updateUser = mutation('updateUser', 'UpdateUserInput', account$)
const activateUser = mutation('activateUser', 'UserInput', 'user { status }')
const deactivateUser = mutation('deactivateUser', 'UserInput', 'user { status }')
const deleteUser = mutation('deleteUser', 'UserInput', 'id name clientMutationId')
const revokeSessions = mutation('revokeSessions', 'UserInput', 'user { name }')
const USERS = { group: 'iam.kubesphere.io', version: 'v1beta1', resource: 'users' }

/** Accounts: changed, closed, opened, logged out, deleted. */
export function accounts(world: () => GraphWorld, admin: () => Graph): void {
  describe('accounts in the graph', () => {
    const version = async (name: string) =>
      (await world().kube.get(USERS, name)).metadata.resourceVersion

    it('an account changes in what is given, null takes away, and the same again changes nothing', async () => {
      const input = { name: 'eve', displayName: 'Eve', lang: 'en', groups: ['staff'] }
      const first = await admin().data<{ updateUser: { user: object } }>(updateUser, { input })
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
      await world().settled()
      const before = await version('eve')
      await admin().data(updateUser, { input })
      assert.equal(await version('eve'), before)
      const less = { name: 'eve', displayName: null, groups: null }
      const second = await admin().data<{ updateUser: { user: object } }>(updateUser, {
        input: less,
      })
      assert.deepEqual(second.updateUser.user, { ...eve, displayName: null, groups: [] })
      // The password is none of it.
      await world().login('eve')
    })

    it('a change for a version that is not stored is a conflict, one without a version is not', async () => {
      const old = await version('ben')
      const input = { name: 'ben', displayName: 'Ben' }
      await admin().data(updateUser, { input })
      const stale = { ...input, displayName: 'Benjamin', resourceVersion: old }
      assert.deepEqual(await admin().codes(updateUser, { input: stale }), ['CONFLICT'])
      await admin().data(updateUser, { input: { ...input, displayName: 'Benjamin' } })
    })

    it('people change themselves, but not what carries rights', async () => {
      const eve = await world().graph('eve')
      await eve.data(updateUser, { input: { name: 'eve', lang: 'zh' } })
      for (const change of [{ groups: ['g'] }, { globalRole: 'platform-admin' }]) {
        const input = { name: 'eve', ...change }
        assert.deepEqual(await eve.codes(updateUser, { input }), ['FORBIDDEN'])
      }
      assert.deepEqual(await eve.codes(deactivateUser, { input: { name: 'eve' } }), ['FORBIDDEN'])
      const none = { name: 'eve', globalRole: null }
      assert.deepEqual(await admin().codes(updateUser, { input: none }), ['BAD_USER_INPUT'])
      const nobody = { name: 'nobody', displayName: 'x' }
      assert.deepEqual(await admin().codes(updateUser, { input: nobody }), ['NOT_FOUND'])
    })

    it('a closed account is out at once, and in again when it is opened', async () => {
      const ben = await world().graph('ben')
      const input = { name: 'ben' }
      for (let round = 0; round < 2; round++) {
        assert.deepEqual(await admin().data(deactivateUser, { input }), {
          deactivateUser: { user: { status: 'DISABLED' } },
        })
      }
      assert.deepEqual(await ben.codes('{ me { name } }'), ['UNAUTHENTICATED'])
      await assert.rejects(world().login('ben'), /Account suspended/)
      for (let round = 0; round < 2; round++) {
        assert.deepEqual(await admin().data(activateUser, { input }), {
          activateUser: { user: { status: 'ACTIVE' } },
        })
      }
      assert.deepEqual(
        await ben.codes('{ me { name } }'),
        ['UNAUTHENTICATED'],
        'the old session stays out',
      )
      await world().login('ben')
    })

    it('sessions are revoked by oneself and by who manages accounts, by nobody else', async () => {
      const input = { name: 'ben' }
      const [one, two] = [await world().graph('ben'), await world().graph('ben')]
      const eve = await world().graph('eve')
      assert.deepEqual(await eve.codes(revokeSessions, { input }), ['FORBIDDEN'])
      assert.deepEqual(await two.data('{ me { name } }'), { me: input })
      await one.data(revokeSessions, { input })
      for (const graph of [one, two]) {
        assert.deepEqual(await graph.codes('{ me { name } }'), ['UNAUTHENTICATED'])
      }
      const three = await world().graph('ben')
      assert.deepEqual(await admin().data(revokeSessions, { input }), {
        revokeSessions: { user: input },
      })
      assert.deepEqual(await three.codes('{ me { name } }'), ['UNAUTHENTICATED'])
      assert.deepEqual(await admin().codes(revokeSessions, { input: { name: 'no' } }), [
        'NOT_FOUND',
      ])
    })

    it('an account goes with its sessions and roles', async () => {
      const rest = await world().as('admin')
      await rest.post(`${IAM}/users`, account('tmp', 'platform-regular'))
      const tmp = await world().graph('tmp')
      const input = { name: 'tmp', clientMutationId: 'm' }
      const { deleteUser: gone } = await admin().data<{ deleteUser: { id: string } }>(deleteUser, {
        input,
      })
      assert.deepEqual(gone, { id: gone.id, ...input })
      assert.deepEqual(await tmp.codes('{ me { name } }'), ['UNAUTHENTICATED'])
      await world().settled()
      assert.deepEqual(
        await admin().data('query ($id: ID!) { node(id: $id) { id } }', { id: gone.id }),
        {
          node: null,
        },
      )
      assert.deepEqual(await admin().codes(deleteUser, { input }), ['NOT_FOUND'])
    })
  })
}
