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

const iamVersion = 'iam.kubesphere.io/v1beta1'
const secretIn = (namespace: string, name: string, more: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { namespace, name },
  ...more,
})

/** Rows of the list of holes where a request is judged by its address: what is read or written is what stands there. */
export function addresses(world: () => World): void {
  describe('a request reaches what its address names', () => {
    it('make ready: wanda manages north, carl is admin of a project in it; south is neither’s', async () => {
      const admin = await world().as('admin')
      for (const name of ['wanda', 'carl']) await admin.post(`${IAM}/users`, account(name))
      const placed = { clusters: [{ name: 'host' }] }
      for (const [name, manager] of [
        ['north', 'wanda'],
        ['south', 'admin'],
      ] as const) {
        const body = workspace(name, manager, placed)
        const created = await admin.post(`${TENANT}/workspacetemplates`, body)
        assert.equal(created.status, 200, created.text)
      }
      await admin.post(`${TENANT}/workspaces/north/namespaces`, project('north-app', 'carl'))
      await admin.post(`${TENANT}/workspaces/south/namespaces`, project('south-app', 'admin'))
      await world().settled()
      const secrets = '/api/v1/namespaces/south-app/secrets'
      const put = await admin.post(
        secrets,
        secretIn('south-app', 'shop', { stringData: { k: 'v' } }),
      )
      assert.equal(put.status, 201, put.text)
      const carl = await world().as('carl')
      const mine = () => carl.get('/kapi/v1/namespaces/north-app/secrets')
      assert.equal((await eventually(mine, ({ status }) => status === 200)).status, 200)
    })

    it('a kind without namespaces has nothing below one, whose roles would judge who reads it', async () => {
      const [carl, admin] = [await world().as('carl'), await world().as('admin')]
      const found = [
        `${IAM}/namespaces/north-app/users/admin`,
        `${IAM}/namespaces/north-app/globalroles/platform-admin`,
        `${TENANT}/namespaces/north-app/workspaces/south`,
        '/kapis/cluster.kubesphere.io/v1alpha1/namespaces/north-app/clusters/host',
      ]
      for (const path of found) {
        assert.ok([403, 404].includes((await carl.get(path)).status), path)
        assert.equal((await admin.get(path)).status, 404, path)
      }
    })

    it('8: a binding is made where the address says, or not at all', async () => {
      const carl = await world().as('carl')
      const body = {
        apiVersion: iamVersion,
        kind: 'RoleBinding',
        metadata: { name: 'way-out', namespace: 'south-app' },
        subjects: [{ kind: 'User', name: 'carl' }],
        roleRef: { apiGroup: iamVersion, kind: 'Role', name: 'admin' },
      }
      const answer = await carl.post(`${IAM}/namespaces/north-app/rolebindings`, body)
      assert.equal(answer.status, 400, answer.text)
      const admin = await world().as('admin')
      const there = await admin.get('/apis/iam.kubesphere.io/v1beta1/rolebindings')
      assert.ok(!there.names.includes('way-out'))
    })

    it('9: nothing is written into another namespace', async () => {
      const carl = await world().as('carl')
      const body = secretIn('south-app', 'shop', { stringData: { k: 'changed' } })
      const answers = [
        await carl.patch('/kapi/v1/namespaces/north-app/secrets/zz', body),
        await carl.put('/kapi/v1/namespaces/north-app/secrets/shop', body),
        await carl.post('/kapi/v1/namespaces/north-app/secrets', body),
      ]
      for (const { status, text } of answers) assert.equal(status, 400, text)
      const admin = await world().as('admin')
      const { json } = await admin.get('/api/v1/namespaces/south-app/secrets/shop')
      assert.deepEqual(json['data'], { k: Buffer.from('v').toString('base64') })
    })

    it('10: nor into another workspace, by its name in the body or in the address', async () => {
      const wanda = await world().as('wanda')
      const roles = `${IAM}/workspaces/north/workspaceroles`
      const ready = () => wanda.get(`${roles}/north-viewer`)
      assert.equal((await eventually(ready, ({ status }) => status === 200)).status, 200)
      const role = (name: string) => ({
        apiVersion: iamVersion,
        kind: 'WorkspaceRole',
        metadata: { name },
        rules: [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }],
      })
      const admin = await world().as('admin')
      const theirs = '/apis/iam.kubesphere.io/v1beta1/workspaceroles/south-admin'
      const before = (await admin.get(theirs)).text
      const answers = [
        await wanda.patch(`${roles}/north-viewer`, role('south-admin')),
        await wanda.patch(`${roles}/south-admin`, role('south-admin')),
        await wanda.put(`${roles}/south-admin`, role('south-admin')),
        await wanda.delete(`${roles}/south-admin`),
      ]
      for (const { status, text } of answers) assert.ok([400, 403, 404].includes(status), text)
      assert.equal((await admin.get(theirs)).text, before)
    })

    it('23: a list in a workspace is of that workspace, whatever is selected', async () => {
      const wanda = await world().as('wanda')
      for (const query of ['', '?labelSelector=!x', '?labelSelector=x!=y', '?labelSelector=(((']) {
        const { names, status, text } = await wanda.get(
          `${IAM}/workspaces/north/workspaceroles${query}`,
        )
        assert.equal(status, 200, text)
        assert.ok(names.length > 0, query)
        assert.deepEqual(
          names.filter((name) => !name.startsWith('north-')),
          [],
          query,
        )
      }
    })

    it('32: what a project’s administrator stores steers no list of others', async () => {
      const carl = await world().as('carl')
      const configuration = [
        `resource: { group: iam.kubesphere.io, version: v1beta1, kind: GlobalRole }`,
        `regoPolicy: "package filter\\ndefault match = false"`,
      ].join('\n')
      const type = 'config.kubesphere.io/custom-resource-filter'
      const stringData = { 'configuration.yaml': configuration }
      const secret = secretIn('north-app', 'steer', { type, stringData })
      const stored = await carl.post('/api/v1/namespaces/north-app/secrets', secret)
      assert.equal(stored.status, 201, stored.text)
      await world().settled()
      const admin = await world().as('admin')
      assert.ok((await admin.get(`${IAM}/globalroles?name=a`)).names.length > 0)
    })

    it('65: the address of a login is that of the connection', async () => {
      const form = {
        grant_type: 'password',
        client_id: 'kubesphere',
        client_secret: 'kubesphere',
        username: 'carl',
        password: 'not the password',
      }
      const forged = { 'x-forwarded-for': '1.2.3.4, 5.6.7.8', 'x-real-ip': '9.9.9.9' }
      const body = new URLSearchParams(form)
      const answer = await fetch(`${world().url}/oauth/token`, {
        method: 'POST',
        body,
        headers: forged,
      })
      assert.equal(answer.status, 400)
      const admin = await world().as('admin')
      const look = () => admin.get(`${IAM}/users/carl/loginrecords`)
      const failed = ({ json }: Answer) =>
        (json.items ?? [])
          .map(({ spec }) => spec as { success: boolean; sourceIP: string })
          .filter(({ success }) => !success)
      const records = failed(await eventually(look, (told) => failed(told).length > 0))
      assert.deepEqual(
        records.map(({ sourceIP }) => sourceIP),
        ['127.0.0.1'],
      )
    })
  })
}
