import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { TENANT, workspace } from '../../iam/world.ts'
import type { Graph, GraphWorld } from '../graph.ts'
import { mutation, type Role } from './mutation.ts'

const memberships = 'memberships { level username roleName user { name } role { name } }'
const assignRole = mutation('assignRole', 'AssignRoleInput', memberships)
const role$ = 'role { name templates rules { verbs apiGroups resources } }'
const createRole = mutation('createRole', 'CreateRoleInput', role$)
const updateRole = mutation('updateRole', 'UpdateRoleInput', role$)
const deleteRole = mutation('deleteRole', 'DeleteRoleInput', 'id name')

/** Roles at each level, made of templates. */
export function roles(world: () => GraphWorld, admin: () => Graph): void {
  describe('roles in the graph', () => {
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
        const { roleTemplates } = await admin().data<{
          roleTemplates: { nodes: { name: string }[] }
        }>(
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
        const made = (await admin().data<{ createRole: { role: Role } }>(createRole, { input }))
          .createRole
        assert.deepEqual(made.role.templates, templates)
        if (!bare) assert.ok(made.role.rules.length > 1, JSON.stringify(made.role.rules))
        assert.deepEqual(await admin().codes(createRole, { input }), ['ALREADY_EXISTS'])

        const fewer = { ...at, name, templates: templates.slice(0, 1) }
        const less = (
          await admin().data<{ updateRole: { role: Role } }>(updateRole, { input: fewer })
        ).updateRole.role
        assert.deepEqual(less.templates, templates.slice(0, 1))
        if (!bare) assert.ok(less.rules.length < made.role.rules.length)
        const rule = { verbs: ['get'], apiGroups: [''], resources: ['pods'] }
        const own = { ...at, name, templates: [], rules: [rule] }
        const last = (
          await admin().data<{ updateRole: { role: Role } }>(updateRole, { input: own })
        ).updateRole.role
        assert.deepEqual([last.templates, last.rules], [[], [rule]])

        if (at.level !== 'GLOBAL') {
          await admin().data(assignRole, { input: { ...at, username: 'eve', role: name } })
        }
        const eve = await world().graph('eve')
        for (const document of [createRole, updateRole]) {
          assert.deepEqual(await eve.codes(document, { input }), ['FORBIDDEN'])
        }
        const gone = { ...at, name }
        assert.deepEqual(await eve.codes(deleteRole, { input: gone }), ['FORBIDDEN'])
        assert.equal(
          (await admin().data<{ deleteRole: Role }>(deleteRole, { input: gone })).deleteRole.name,
          name,
        )
        assert.deepEqual(await admin().codes(deleteRole, { input: gone }), ['NOT_FOUND'])
        assert.deepEqual(await admin().codes(updateRole, { input: fewer }), ['NOT_FOUND'])
      })
    }

    it('a role whose templates a selector chooses is not given others', async () => {
      const input = { level: 'GLOBAL', name: 'authenticated', templates: ['global-view-users'] }
      assert.deepEqual(await admin().codes(updateRole, { input }), ['BAD_USER_INPUT'])
    })

    it('a role of one workspace is not reached through another', async () => {
      const rest = await world().as('admin')
      await rest.post(`${TENANT}/workspacetemplates`, workspace('other', 'ben'))
      await world().settled()
      const ben = await world().graph('ben')
      for (const document of [updateRole, deleteRole]) {
        const input = { level: 'WORKSPACE', workspace: 'other', name: 'crew-viewer' }
        assert.deepEqual(await ben.codes(document, { input }), ['NOT_FOUND'])
      }
      const input = { level: 'WORKSPACE', workspace: 'crew', name: 'crew-viewer' }
      assert.deepEqual(await ben.codes(deleteRole, { input }), ['FORBIDDEN'])
    })
  })
}
