import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  IAM,
  TENANT,
  account,
  eventually,
  project,
  workspace,
  type Answer,
  type World,
} from '../world.ts'

const RAW = '/apis/iam.kubesphere.io/v1beta1'

/** Rows of the list of holes that are the business of accounts, tenants and clusters; the number stands in front. */
export function holes(world: () => World): void {
  describe('holes stay shut', () => {
    it('make ready: eve has no role, cat is admin of one project', async () => {
      const admin = await world().as('admin')
      for (const name of ['eve', 'cat', 'vic']) await admin.post(`${IAM}/users`, account(name))
      const placed = { clusters: [{ name: 'host' }] }
      for (const [name, manager] of [
        ['one', 'admin'],
        ['two', 'admin'],
      ] as const) {
        const created = await admin.post(
          `${TENANT}/workspacetemplates`,
          workspace(name, manager, placed),
        )
        assert.equal(created.status, 200, created.text)
      }
      await admin.post(`${TENANT}/workspaces/one/namespaces`, project('one-app', 'cat'))
      await admin.post(`${TENANT}/workspaces/two/namespaces`, project('two-app', 'admin'))
    })

    it('1, 2: nobody writes another account through a path below the own one', async () => {
      const eve = await world().as('eve')
      const body = account('vic')
      for (const answer of [
        await eve.patch(`${IAM}/users/eve/x`, body),
        await eve.put(`${IAM}/users/eve/x`, body),
        await eve.post(`${IAM}/users/eve/x`, account('mallory')),
      ]) {
        assert.ok([404, 405].includes(answer.status), `${answer.status} ${answer.text}`)
      }
      const admin = await world().as('admin')
      assert.equal((await admin.get(`${IAM}/users/mallory`)).status, 404)
    })

    it('5: nobody changes the placement of a foreign workspace', async () => {
      const eve = await world().as('eve')
      const path = `${TENANT}/workspacetemplates/two`
      for (const operation of [
        { op: 'add', path: '/spec/placement/clusters', value: null },
        { op: 'add', path: '/spec/placement', value: { clusterSelector: {} } },
        { op: 'remove', path: '/spec/placement/clusters/0', value: {} },
        { op: 'add', path: '/spec/placement', value: null },
        { op: 'replace', path: '/spec', value: {} },
      ]) {
        const answer = await eve.patch(path, [operation], 'application/json-patch+json')
        assert.equal(answer.status, 403, `${JSON.stringify(operation)}: ${answer.text}`)
      }
      const { json } = await (await world().as('admin')).get(path)
      assert.deepEqual(json.spec['placement'], { clusters: [{ name: 'host' }] })
    })

    it('6, 7: groups, state and external identities are not one’s own to set', async () => {
      const eve = await world().as('eve')
      const { json: self } = await eve.get(`${IAM}/users/eve`)
      const link = { 'iam.kubesphere.io/identity-provider.gh': 'somebody' }
      for (const body of [
        { ...self, spec: { ...self.spec, groups: ['g'] } },
        { ...self, metadata: { ...self.metadata, annotations: link } },
        { ...self, status: { state: 'Disabled' } },
      ]) {
        const answer = await eve.put(`${IAM}/users/eve`, body)
        assert.equal(answer.status, 403, answer.text)
      }
      // The login may still be on its way into the account's status.
      const allowed = await eventually(
        async () => {
          const { json } = await eve.get(`${IAM}/users/eve`)
          return eve.put(`${IAM}/users/eve`, { ...json, spec: { ...json.spec, lang: 'en' } })
        },
        ({ status }) => status !== 409,
      )
      assert.equal(allowed.status, 200, allowed.text)
    })

    it('11: who may create accounts hands out no roles', async () => {
      const admin = await world().as('admin')
      await world().kube.create(
        { group: 'iam.kubesphere.io', version: 'v1beta1', resource: 'globalroles' },
        {
          apiVersion: 'iam.kubesphere.io/v1beta1',
          kind: 'GlobalRole',
          metadata: { name: 'only-creator' },
          rules: [{ verbs: ['create'], apiGroups: ['iam.kubesphere.io'], resources: ['users'] }],
        },
      )
      await world().settled()
      const created = await admin.post(`${IAM}/users`, account('creator', 'only-creator'))
      assert.equal(created.status, 200, created.text)
      const creator = await world().as('creator')
      assert.equal((await creator.post(`${IAM}/users`, account('plain'))).status, 200)
      const refused = await creator.post(`${IAM}/users`, account('root', 'platform-admin'))
      assert.equal(refused.status, 403, refused.text)
      assert.equal((await admin.get(`${IAM}/users/root`)).status, 404)
    })

    it('12: a name that is no label value matches nothing', async () => {
      const admin = await world().as('admin')
      await admin.post(`${IAM}/clustermembers`, [{ username: 'vic', roleRef: 'cluster-viewer' }])
      assert.equal((await admin.delete(`${IAM}/clustermembers/a@b.c`)).status, 200)
      assert.ok((await admin.get(`${IAM}/clustermembers`)).names.includes('vic'))
      const none = await admin.get(`${IAM}/clustermembers?clusterrole=a@b`)
      assert.equal(none.json.totalItems, 0)
      const add = [{ username: 'a@b.c', roleRef: 'cluster-viewer' }]
      assert.equal((await admin.post(`${IAM}/clustermembers`, add)).status, 400)
    })

    it('20, 21, 22: no answer carries a password hash', async () => {
      const eve = await world().as('eve')
      for (const path of [
        `${RAW}/users`,
        `${RAW}/users/eve`,
        `${IAM}/workspaces/one/users?labelSelector=!x`,
        `${IAM}/users/eve/x`,
        '/kapis/resources.kubesphere.io/v1alpha3/users/eve',
      ]) {
        const { text } = await eve.get(path)
        assert.doesNotMatch(text, /\$2[aby]\$/, path)
      }
    })

    it('24, 25: no answer carries the credentials of a cluster', async () => {
      const admin = await world().as('admin')
      const cat = await world().as('cat')
      const blank = (answer: Answer): void => {
        assert.equal(answer.status, 200, answer.text)
        assert.doesNotMatch(answer.text, /"kubeconfig"|"token": "/)
      }
      const own = await cat.get(`${TENANT}/clusters?roleBindingExists=true`)
      assert.deepEqual(own.names, ['host'])
      blank(own)
      blank(await admin.get(`${TENANT}/clusters`))
      blank(await admin.get(`${TENANT}/workspaces/one/clusters`))
      assert.equal((await cat.get(`${TENANT}/clusters?roleBindingExists=zz`)).status, 500)
    })

    it('25: a cluster shows its token to nobody, through /apis only to whoever may replace it', async () => {
      const gvr = { group: 'cluster.kubesphere.io', version: 'v1alpha1', resource: 'clusters' }
      const connection = { type: 'proxy', token: 'token-of-offline' }
      await world().kube.create(gvr, {
        apiVersion: `${gvr.group}/${gvr.version}`,
        kind: 'Cluster',
        metadata: { name: 'offline' },
        spec: { connection },
      })
      const raw = `/apis/${gvr.group}/${gvr.version}/clusters`
      const kapis = '/kapis/resources.kubesphere.io/v1alpha3/clusters'
      for (const user of ['eve', 'cat', 'admin']) {
        const caller = await world().as(user)
        const seen = await eventually(
          () => caller.get(`${kapis}/offline`),
          ({ status }) => status !== 404,
        )
        assert.ok([200, 403].includes(seen.status), seen.text)
        const answers = [seen, await caller.get(kapis), await caller.get(`${TENANT}/clusters`)]
        if (user !== 'admin') {
          for (const path of [raw, `${raw}/offline`, `${raw}?watch=true&timeoutSeconds=1`]) {
            answers.push(await caller.get(path))
          }
        }
        for (const { text } of answers) assert.doesNotMatch(text, /token-of-offline/, user)
      }
      const admin = await world().as('admin')
      assert.match((await admin.get(`${raw}/offline`)).text, /token-of-offline/)
      await world().kube.delete(gvr, 'offline')
    })

    it('31: reads of foreign tenants go as far as the roles say', async () => {
      const eve = await world().as('eve')
      assert.equal((await eve.get(`${TENANT}/workspaces/two`)).status, 200)
      assert.deepEqual((await eve.get(`${TENANT}/workspaces`)).names, [])
      assert.deepEqual((await eve.get(`${TENANT}/workspaces/two/namespaces`)).names, [])
    })

    it('61: a member without annotations is read like any other', async () => {
      const admin = await world().as('admin')
      const members = `${IAM}/workspaces/one/workspacemembers`
      await admin.post(members, [{ username: 'vic', roleRef: 'one-viewer' }])
      const one = await admin.get(`${members}/vic`)
      assert.equal(one.status, 200, one.text)
    })
  })
}
