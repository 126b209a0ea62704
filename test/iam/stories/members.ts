import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { IAM, TENANT, account, project, workspace, type World } from '../world.ts'

const members = `${IAM}/workspaces/team/workspacemembers`
const projectMembers = `${IAM}/namespaces/team-app/namespacemembers`

/** Workspaces, projects and who is in them. */
export function membership(world: () => World): void {
  describe('a workspace', () => {
    it('is listed for its manager as soon as it is created, with its four roles', async () => {
      const admin = await world().as('admin')
      await admin.post(`${IAM}/users`, account('mia', 'platform-self-provisioner'))
      await admin.post(`${IAM}/users`, account('tom', 'platform-regular'))
      const mia = await world().as('mia')
      const created = await mia.post(`${TENANT}/workspacetemplates`, workspace('team', 'mia'))
      assert.equal(created.status, 200, created.text)
      const templates = await mia.get(`${TENANT}/workspacetemplates`)
      assert.deepEqual(templates.names, ['team'])
      const roles = await mia.get(`${IAM}/workspaces/team/workspaceroles`)
      assert.deepEqual(roles.names.toSorted(), [
        'team-admin',
        'team-regular',
        'team-self-provisioner',
        'team-viewer',
      ])
    })

    it('cannot be made for somebody else without the right to', async () => {
      const mia = await world().as('mia')
      const refused = await mia.post(`${TENANT}/workspacetemplates`, workspace('other', 'tom'))
      assert.equal(refused.status, 403)
      assert.match(refused.text, /^workspacetemplates\.tenant\.kubesphere\.io "other" is forbidden/)
    })

    it('has members: added, found, changed and removed, each as often as one likes', async () => {
      const mia = await world().as('mia')
      const tom = [{ username: 'tom', roleRef: 'team-viewer' }]
      for (let round = 0; round < 2; round++) {
        const added = await mia.post(members, tom)
        assert.deepEqual([added.status, JSON.parse(added.text)], [200, tom])
      }
      assert.deepEqual((await mia.get(members)).names, ['tom', 'mia'])
      assert.deepEqual((await mia.get(`${members}?workspacerole=team-viewer`)).names, ['tom'])
      assert.equal((await mia.get(`${members}?name=zzz`)).json.items, null)

      const change = { username: 'tom', roleRef: 'team-regular' }
      assert.equal((await mia.put(`${members}/tom`, change)).status, 200)
      const one = await mia.get(`${members}/tom`)
      assert.equal(
        one.json.metadata.annotations?.['iam.kubesphere.io/workspacerole'],
        'team-regular',
      )
      const list = await (await world().as('tom')).get(`${TENANT}/workspacetemplates`)
      assert.deepEqual(list.names, ['team'])

      for (let round = 0; round < 2; round++) {
        assert.equal((await mia.delete(`${members}/tom`)).status, 200)
      }
      const gone = await mia.get(`${members}/tom`)
      assert.deepEqual([gone.status, gone.text], [400, 'member tom not exist\n'])
    })

    it('names what is wrong with a member', async () => {
      const mia = await world().as('mia')
      const add = (username: string, roleRef: string) => mia.post(members, [{ username, roleRef }])
      const foreign = await add('tom', 'system-workspace-viewer')
      assert.deepEqual(
        [foreign.status, foreign.text],
        [404, 'workspacerole.iam.kubesphere.io "system-workspace-viewer" not found\n'],
      )
      assert.equal(
        (await add('tom', 'nope')).text,
        'WorkspaceRole.iam.kubesphere.io "nope" not found\n',
      )
      assert.equal((await add('a@b.c', 'team-viewer')).status, 400)
      const other = await mia.put(`${members}/mia`, { username: 'tom', roleRef: 'team-viewer' })
      assert.equal(other.text, 'incorrect username mia, the username must equal to the member\n')
      const stranger = await mia.put(`${members}/tom`, { username: 'tom', roleRef: 'team-viewer' })
      assert.deepEqual([stranger.status, stranger.text], [400, 'member tom not exist\n'])
    })
  })

  describe('a project', () => {
    it('has its roles and its creator as admin as soon as it is created', async () => {
      const mia = await world().as('mia')
      const created = await mia.post(
        `${TENANT}/workspaces/team/namespaces`,
        project('team-app', 'mia'),
      )
      assert.equal(created.status, 200, created.text)
      assert.equal(created.json.metadata.labels?.['kubesphere.io/workspace'], 'team')
      const again = await mia.post(
        `${TENANT}/workspaces/team/namespaces`,
        project('team-app', 'mia'),
      )
      assert.deepEqual([again.status, again.text], [400, 'namespaces "team-app" already exists\n'])
      const roles = await mia.get(`${IAM}/namespaces/team-app/roles`)
      assert.deepEqual(roles.names.toSorted(), ['admin', 'operator', 'viewer'])
      assert.deepEqual((await mia.get(projectMembers)).names, ['mia'])
    })

    it('is seen by those who have a role in it', async () => {
      const [mia, tom] = [await world().as('mia'), await world().as('tom')]
      assert.deepEqual((await tom.get(`${TENANT}/namespaces`)).names, [])
      await mia.post(projectMembers, [{ username: 'tom', roleRef: 'viewer' }])
      assert.deepEqual((await tom.get(`${TENANT}/namespaces`)).names, ['team-app'])
      assert.deepEqual((await tom.get(`${TENANT}/workspaces/team/namespaces`)).names, ['team-app'])
      const seen = await mia.get(`${TENANT}/workspaces/team/workspacemembers/tom/namespaces`)
      assert.deepEqual(seen.names, ['team-app'])
      await mia.delete(`${projectMembers}/tom`)
      assert.deepEqual((await tom.get(`${TENANT}/namespaces`)).names, [])
    })

    it('keeps its workspace whatever a patch says', async () => {
      const mia = await world().as('mia')
      const path = `${TENANT}/workspaces/team/namespaces/team-app`
      for (const labels of [null, { 'kubesphere.io/workspace': null }, { a: 'b' }]) {
        const patched = await mia.patch(path, { metadata: { labels } })
        assert.equal(patched.status, 200, patched.text)
        assert.equal(patched.json.metadata.labels?.['kubesphere.io/workspace'], 'team')
      }
      const array = await mia.patch(path, [], 'application/json-patch+json')
      assert.deepEqual(
        [array.status, array.text],
        [400, 'json: cannot unmarshal array into Go value of type v1.Namespace\n'],
      )
    })

    it('cannot be reached through another workspace', async () => {
      const admin = await world().as('admin')
      const path = `${TENANT}/workspaces/system-workspace/namespaces/team-app`
      for (const answer of [await admin.get(path), await admin.delete(path)]) {
        assert.deepEqual([answer.status, answer.text], [404, 'namespace "team-app" not found\n'])
      }
    })
  })

  describe('the end of a workspace', () => {
    it('needs a body, and takes roles and bindings with it', async () => {
      const mia = await world().as('mia')
      const path = `${TENANT}/workspacetemplates/team`
      const bare = await mia.delete(path)
      assert.equal(bare.status, 400)
      const deleted = await mia.delete(path, { propagationPolicy: 'Orphan' })
      assert.equal(deleted.status, 200, deleted.text)
      const admin = await world().as('admin')
      const again = await admin.delete(path, {})
      assert.equal(again.status, 400)
      assert.match(again.text, /^failed to get workspace template: WorkspaceTemplate/)
      assert.deepEqual((await mia.get(`${TENANT}/workspacetemplates`)).names, [])
    })
  })
}
