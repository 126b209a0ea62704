import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { IAM, TENANT, account, workspace, type World } from '../world.ts'

interface Role {
  metadata: { name: string; labels?: Record<string, string> }
  rules?: { verbs: string[]; apiGroups: string[]; resources: string[] }[]
}

const levels: readonly [kind: string, path: string, template: string, resource: string][] = [
  ['GlobalRole', `${IAM}/globalroles`, 'global-view-users', 'users'],
  [
    'WorkspaceRole',
    `${IAM}/workspaces/guild/workspaceroles`,
    'workspace-view-members',
    'workspacemembers',
  ],
  ['Role', `${IAM}/namespaces/default/roles`, 'namespace-view-members', 'namespacemembers'],
]

/** Roles by the handler for kinds without routes of their own (iam-oauth.md §20). */
export function roles(world: () => World): void {
  describe('a role', () => {
    it('make ready: a workspace', async () => {
      const admin = await world().as('admin')
      const made = await admin.post(`${TENANT}/workspacetemplates`, workspace('guild', 'admin'))
      assert.equal(made.status, 200, made.text)
      await world().settled()
    })

    for (const [kind, path, template, resource] of levels) {
      it(`of kind ${kind} allows what its templates allow as soon as it is written`, async () => {
        const admin = await world().as('admin')
        const name = `smith-${kind.toLowerCase()}`
        const draft = {
          apiVersion: 'iam.kubesphere.io/v1beta1',
          kind,
          metadata: { name },
          aggregationRoleTemplates: { templateNames: [template] },
          rules: [],
        }
        const made = await admin.post(path, draft)
        assert.deepEqual([made.status, made.text], [200, ''])
        const read = async () => (await admin.get(`${path}/${name}`)).json as unknown as Role
        const stored = await read()
        const resources = stored.rules?.flatMap((rule) => rule.resources) ?? []
        assert.ok(resources.includes(resource), JSON.stringify(stored.rules))
        if (kind === 'WorkspaceRole') {
          assert.equal(stored.metadata.labels?.['kubesphere.io/workspace'], 'guild')
        }

        const own = { verbs: ['get'], apiGroups: [''], resources: ['pods'] }
        const changed = await admin.patch(`${path}/${name}`, { ...draft, rules: [own] })
        assert.deepEqual([changed.status, changed.text], [200, ''])
        const after = await read()
        assert.deepEqual(after.rules?.[0], own)
        assert.ok(after.rules?.some((rule) => rule.resources.includes(resource)))

        const other = { ...draft, kind: 'RoleTemplate' }
        const wrong = await admin.post(path, other)
        assert.deepEqual([wrong.status, wrong.text], [400, 'wrong resource GroupVersionKind\n'])
        const gone = await admin.delete(`${path}/${name}`)
        assert.deepEqual([gone.status, gone.text], [200, ''])
        assert.equal((await admin.get(`${path}/${name}`)).status, 404)
      })
    }

    it('is written by those who may, and by nobody else', async () => {
      const admin = await world().as('admin')
      await admin.post(`${IAM}/users`, account('tinker', 'platform-regular'))
      const tinker = await world().as('tinker')
      for (const [kind, path] of levels) {
        const draft = { apiVersion: 'iam.kubesphere.io/v1beta1', kind, metadata: { name: 'mine' } }
        for (const refused of [
          await tinker.post(path, draft),
          await tinker.put(`${path}/admin`, draft),
          await tinker.delete(`${path}/admin`),
        ]) {
          assert.equal(refused.status, 403, refused.text)
        }
      }
    })
  })
}
