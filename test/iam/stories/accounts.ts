import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { IAM, PASSWORD, account, eventually, type World } from '../world.ts'

const CLUSTER_ROLES = {
  group: 'iam.kubesphere.io',
  version: 'v1beta1',
  resource: 'clusterroles',
}
/** Failed logins that lock an account: `authenticateRateLimiterMaxTries` by default. */
const MOST_FAILURES = 5

/** Accounts from creation to deletion. */
export function accounts(world: () => World): void {
  describe('an account', () => {
    it('can log in as soon as it is created, and its password is never shown', async () => {
      const admin = await world().as('admin')
      const created = await admin.post(`${IAM}/users`, account('ann', 'platform-regular'))
      assert.equal(created.status, 200, created.text)
      assert.equal(created.json['kind'], undefined)
      const ann = await world().as('ann')
      const self = await ann.get(`${IAM}/users/ann`)
      assert.equal(self.status, 200)
      assert.equal(self.json['kind'], 'User')
      for (const answer of [created, self, await ann.get(`${IAM}/users`)]) {
        assert.doesNotMatch(answer.text, /\$2[aby]\$|"password"/)
      }
    })

    it('is refused for a name that is taken, a weak password and a role that is not there', async () => {
      const admin = await world().as('admin')
      const taken = await admin.post(`${IAM}/users`, account('admin'))
      assert.equal(taken.status, 409)
      assert.equal(taken.text, 'users.iam.kubesphere.io "admin" already exists\n')
      const weak = { ...account('weak'), spec: { email: '', password: 'weak' } }
      assert.equal((await admin.post(`${IAM}/users`, weak)).status, 422)
      const unknown = await admin.post(`${IAM}/users`, account('nobody', 'nope'))
      assert.equal(unknown.status, 404)
      assert.equal(unknown.text, 'GlobalRole.iam.kubesphere.io "nope" not found\n')
      assert.equal((await admin.get(`${IAM}/users/nobody`)).status, 404)
    })

    it('changes its role by PUT, one binding at a time', async () => {
      const admin = await world().as('admin')
      await admin.post(`${IAM}/users`, account('rob', 'platform-regular'))
      const { json } = await admin.get(`${IAM}/users/rob`)
      const annotations = { 'iam.kubesphere.io/globalrole': 'platform-self-provisioner' }
      const body = { ...json, metadata: { ...json.metadata, annotations } }
      const updated = await admin.put(`${IAM}/users/rob`, body)
      assert.equal(updated.status, 200, updated.text)
      const users = await admin.get(`${IAM}/users?globalrole=platform-self-provisioner`)
      assert.ok(users.names.includes('rob'))
      const before = await admin.get(`${IAM}/users?globalrole=platform-regular`)
      assert.ok(!before.names.includes('rob'))
    })

    it('needs the current password for a new one, unless a manager sets it', async () => {
      const admin = await world().as('admin')
      await admin.post(`${IAM}/users`, account('pat'))
      const pat = await world().as('pat')
      const path = `${IAM}/users/pat/password`
      const next = 'An0ther-Password'
      const wrong = await pat.put(path, { currentPassword: 'wrong', password: next })
      assert.deepEqual([wrong.status, wrong.text], [400, 'incorrect old password\n'])
      assert.equal((await pat.put(path, { password: next })).status, 400)
      const right = await pat.put(path, { currentPassword: PASSWORD, password: next })
      assert.equal(right.status, 200, right.text)
      assert.equal((await pat.get(`${IAM}/users/pat`)).status, 401, 'all sessions have ended')
      const again = await world().as('pat', next)
      assert.equal((await admin.put(path, { password: PASSWORD })).status, 200)
      assert.equal((await again.get(`${IAM}/users/pat`)).status, 401)
      await world().login('pat')
    })

    it('is gone after DELETE with its bindings, and its tokens with it', async () => {
      const admin = await world().as('admin')
      await admin.post(`${IAM}/users`, account('del', 'platform-regular'))
      const token = await world().login('del')
      const deleted = await admin.delete(`${IAM}/users/del`)
      assert.deepEqual(deleted.json, { message: 'success' })
      const again = await admin.delete(`${IAM}/users/del`)
      assert.deepEqual(
        [again.status, again.text],
        [404, 'User.iam.kubesphere.io "del" not found\n'],
      )
      assert.equal((await world().withToken(token).get(`${IAM}/users`)).status, 401)
      const users = await admin.get(`${IAM}/users?globalrole=platform-regular`)
      assert.ok(!users.names.includes('del'))
    })

    it('has a record of each login, failed ones too', async () => {
      const admin = await world().as('admin')
      await admin.post(`${IAM}/users`, account('log'))
      await world().login('log')
      await assert.rejects(world().login('log', 'wrong'))
      const records = await eventually(
        () => admin.get(`${IAM}/users/log/loginrecords`),
        ({ json }) => json.totalItems === 2,
      )
      const outcomes = records.json.items?.map(
        (item) => (item['spec'] as { success: boolean }).success,
      )
      assert.deepEqual(outcomes?.toSorted(), [false, true])
    })

    it('is locked after too many failures, told so, and opened again by who manages accounts', async () => {
      const admin = await world().as('admin')
      await admin.post(`${IAM}/users`, account('hasty', 'platform-regular'))
      const session = await world().as('hasty')
      // Records and the account's last transition are told apart by whole seconds: some failures may not count.
      let failures = 0
      let said = ''
      while (!said.includes('Rate limit exceeded') && failures < 50) {
        said = await world().login('hasty', 'Wrong-Pa55word').catch(String)
        failures++
        await world().settled()
      }
      assert.ok(failures > MOST_FAILURES, `locked after ${failures}`)
      const locked = await admin.get(`${IAM}/users/hasty`)
      assert.equal((locked.json['status'] as { state: string }).state, 'AuthLimitExceeded')
      assert.match((locked.json['status'] as { reason: string }).reason, /^Failed login/)
      for (const password of [PASSWORD, 'Wrong-Pa55word']) {
        await assert.rejects(world().login('hasty', password), /Rate limit exceeded/)
      }
      assert.equal((await session.get(`${IAM}/users/hasty`)).status, 200, 'sessions go on')
      const open = async () => {
        const { json } = await admin.get(`${IAM}/users/hasty`)
        return admin.put(`${IAM}/users/hasty`, { ...json, status: { state: 'Active' } })
      }
      // Reconcilers write the login records' traces at the same time.
      assert.equal((await eventually(open, ({ status }) => status !== 409)).status, 200)
      await world().login('hasty')
    })

    it('is left without a password by an empty one, and cannot log in then', async () => {
      const admin = await world().as('admin')
      await admin.post(`${IAM}/users`, account('bare'))
      const path = `${IAM}/users/bare/password`
      assert.equal((await admin.put(path, { password: '' })).status, 200)
      for (const password of [PASSWORD, '', '$2a$10$']) {
        await assert.rejects(world().login('bare', password), /Invalid username or password/)
      }
      const weak = await admin.put(path, { password: 'weak' })
      assert.equal(weak.status, 422, weak.text)
      assert.equal((await admin.put(path, { password: PASSWORD })).status, 200)
      await world().login('bare')
    })

    it('keeps its role when another cannot be bound, and none is made that no binding can name', async () => {
      const admin = await world().as('admin')
      for (const name of ['y', 'x-y']) {
        await world().kube.create(CLUSTER_ROLES, {
          apiVersion: 'iam.kubesphere.io/v1beta1',
          kind: 'ClusterRole',
          metadata: { name },
          rules: [{ verbs: ['get'], apiGroups: [''], resources: ['nodes'] }],
        })
      }
      for (const name of ['col', 'col-x']) await admin.post(`${IAM}/users`, account(name))
      await world().settled()
      const members = `${IAM}/clustermembers`
      const add = (username: string, roleRef: string) =>
        admin.post(members, [{ username, roleRef }])
      assert.equal((await add('col-x', 'y')).status, 200)
      assert.equal((await add('col', 'cluster-viewer')).status, 200)
      const taken = await add('col', 'x-y')
      assert.deepEqual(
        [taken.status, taken.text],
        [409, 'clusterrolebindings.iam.kubesphere.io "col-x-y" already exists\n'],
      )
      const of = async (role: string) => (await admin.get(`${members}?clusterrole=${role}`)).names
      assert.ok((await of('cluster-viewer')).includes('col'))
      assert.deepEqual(await of('y'), ['col-x'])

      const long = 'n'.repeat(70)
      const refused = await admin.post(`${IAM}/users`, account(long, 'platform-regular'))
      assert.equal(refused.status, 400, refused.text)
      assert.equal((await admin.get(`${IAM}/users/${long}`)).status, 404)
      for (const member of ['col', 'col-x']) await admin.delete(`${members}/${member}`)
    })
  })
}
