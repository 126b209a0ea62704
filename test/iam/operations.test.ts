import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { attributesOf, requestInfo } from '../../gateway/context/index.ts'
import type { Attributes } from '../../gateway/context/index.ts'
import { createClusterService } from '../../gateway/domain/cluster/index.ts'
import { createIam, type Place, type RoleLevel } from '../../gateway/domain/iam/index.ts'
import { createTenant } from '../../gateway/domain/tenant/index.ts'
import { clusterRoutes } from '../../rest-compat/routes/cluster/v1alpha1.ts'
import { iamRoutes } from '../../rest-compat/routes/iam/v1beta1.ts'
import type { RouteRow } from '../../rest-compat/routes/registry.ts'
import { tenantRoutes } from '../../rest-compat/routes/tenant/v1beta1.ts'

/** `needs` looks at arguments alone, so that services without anything behind them will do. */
const nothing = {} as never
const iam = createIam(nothing)
const tenant = createTenant(nothing)
const cluster = createClusterService(nothing)

const query = {} as never
const alpha = { workspace: 'alpha' }
const prod = { namespace: 'alpha-prod' }
const project = { ...alpha, ...prod }

/** What the operation behind a route needs, for the arguments of the route's sample. */
const needed: Record<string, Attributes> = {
  ListUsers: iam.users.list.needs({ query }),
  CreateUser: iam.users.create.needs({ user: {} }),
  DescribeUser: iam.users.get.needs({ name: 'alice' }),
  UpdateUser: iam.users.update.needs({ name: 'alice', user: {} }),
  DeleteUser: iam.users.delete.needs({ name: 'alice' }),
  ModifyPassword: iam.users.setPassword.needs({ name: 'alice', password: '' }),
  ListUserLoginRecords: iam.users.loginRecords.needs({ name: 'alice', query }),
  ListUserRoleTemplates: iam.users.roleTemplates.needs({ name: 'alice', scope: 'global' }),
  ...members('Cluster', 'cluster', {}, 'bob'),
  ...members('Workspace', 'workspace', alpha, 'bob'),
  DescribeWorkspaceMember: iam.members.workspace.get.needs({ ...alpha, name: 'bob' }),
  ...members('Namespace', 'namespace', prod, 'carol'),
  CreateSubjectAccessReview: iam.access.review.needs({ spec: {} }),
  ListWorkspaces: tenant.workspaces.list.needs({ query }),
  DescribeWorkspace: tenant.workspaces.get.needs(alpha),
  ListWorkspaceTemplates: tenant.templates.list.needs({ query }),
  CreateWorkspaceTemplate: tenant.templates.create.needs({ template: {} }),
  DescribeWorkspaceTemplate: tenant.templates.get.needs(alpha),
  UpdateWorkspaceTemplate: tenant.templates.update.needs({ ...alpha, template: {} }),
  PatchWorkspaceTemplate: tenant.templates.patch.needs({ ...alpha, patch: [] }),
  DeleteWorkspaceTemplate: tenant.templates.delete.needs(alpha),
  ListClusters: tenant.clusters.list.needs({ query }),
  ListWorkspaceClusters: tenant.clusters.ofWorkspace.needs(alpha),
  ListNamespaces: tenant.namespaces.list.needs({ query }),
  ListWorkspaceNamespaces: tenant.namespaces.list.needs({ ...alpha, query }),
  CreateNamespace: tenant.namespaces.create.needs({ ...alpha, namespace: {} }),
  DescribeNamespace: tenant.namespaces.get.needs(project),
  UpdateNamespace: tenant.namespaces.update.needs({ ...alpha, name: 'alpha-prod', namespace: {} }),
  PatchNamespace: tenant.namespaces.patch.needs({ ...alpha, name: 'alpha-prod', patch: {} }),
  DeleteNamespace: tenant.namespaces.delete.needs(project),
  ListMemberNamespaces: tenant.namespaces.ofMember.needs({ ...alpha, member: 'carol', query }),
  CreateWorkspaceResourceQuota: tenant.quotas.create.needs({ ...alpha, quota: {} }),
  DescribeWorkspaceResourceQuota: tenant.quotas.get.needs({ ...alpha, name: 'alpha' }),
  UpdateWorkspaceResourceQuota: tenant.quotas.update.needs({ ...alpha, name: 'alpha', quota: {} }),
  DeleteWorkspaceResourceQuota: tenant.quotas.delete.needs({ ...alpha, name: 'alpha' }),
  ListPlatformMetrics: tenant.metrics.platform.needs({ query }),
  ListWorkspaceMetrics: tenant.metrics.workspace.needs({ ...alpha, query }),
  ValidateCluster: cluster.validate.needs({ cluster: {} }),
  UpdateClusterKubeconfig: cluster.updateKubeconfig.needs({ name: 'member', kubeconfig: '' }),
  GrantCluster: cluster.grant.needs({ name: 'member', requests: [] }),
  ListClusterLabels: cluster.labels.list.needs({}),
  CreateClusterLabels: cluster.labels.create.needs({ labels: [] }),
  DeleteClusterLabels: cluster.labels.delete.needs({ labels: [] }),
  UpdateClusterLabel: cluster.labels.update.needs({ label: 'lbl1', key: '', value: '' }),
  BindClusterLabels: cluster.labels.bind.needs({ labels: [], clusters: [] }),
}

/** Routes that write templates under the name of workspaces: judged by their path, same operation as above. */
const aliases = new Set(['CreateWorkspace', 'UpdateWorkspace', 'PatchWorkspace', 'DeleteWorkspace'])

function members(
  word: string,
  level: 'cluster' | 'workspace' | 'namespace',
  at: { workspace?: string; namespace?: string },
  name: string,
): Record<string, Attributes> {
  const of = iam.members[level]
  const member = { username: name, roleRef: '' }
  return {
    [`List${word}Members`]: of.list.needs({ ...at, query }),
    [`Create${word}Members`]: of.add.needs({ ...at, members: [] }),
    [`Update${word}Member`]: of.change.needs({ ...at, name, member }),
    [`Remove${word}Member`]: of.remove.needs({ ...at, name }),
  }
}

function judgedByPath({ method, sample }: Pick<RouteRow, 'method' | 'sample'>): Attributes {
  return attributesOf(requestInfo({ method, url: sample, headers: {}, remoteAddress: '' }))
}

const BASE = '/kapis/iam.kubesphere.io/v1beta1'
const role = { name: 'r', draft: {} }

/** Operations that the REST face reaches by its handler for kinds without routes, or by a route beside their own. */
const beside: [method: RouteRow['method'], sample: string, needs: Attributes][] = [
  ['PUT', `${BASE}/users/alice`, iam.users.change.needs({ name: 'alice', change: {} })],
  ['PUT', `${BASE}/users/alice/password`, iam.users.revokeSessions.needs({ name: 'alice' })],
  ...roles('globalroles', { level: 'global' }),
  ...roles('clusterroles', { level: 'cluster' }),
  ...roles('workspaces/alpha/workspaceroles', { level: 'workspace', ...alpha }),
  ...roles('namespaces/alpha-prod/roles', { level: 'namespace', ...prod }),
]

function roles(
  path: string,
  at: Place & { level: RoleLevel },
): [method: RouteRow['method'], sample: string, needs: Attributes][] {
  return [
    ['GET', `${BASE}/${path}`, iam.roles.list.needs({ ...at, query })],
    ['GET', `${BASE}/${path}/r`, iam.roles.get.needs({ ...at, ...role })],
    ['POST', `${BASE}/${path}`, iam.roles.create.needs({ ...at, ...role })],
    ['PUT', `${BASE}/${path}/r`, iam.roles.change.needs({ ...at, ...role })],
    ['DELETE', `${BASE}/${path}/r`, iam.roles.delete.needs({ ...at, ...role })],
  ]
}

describe('both faces ask the same permission', () => {
  for (const row of [...iamRoutes, ...tenantRoutes, ...clusterRoutes]) {
    if (aliases.has(row.operation)) continue
    it(`${row.method} ${row.sample}`, () => {
      const asked = needed[row.operation]
      assert.ok(asked, `no operation stands beside ${row.operation}`)
      assert.deepEqual({ ...asked, path: '' }, { ...judgedByPath(row), path: '' })
    })
  }
  for (const [method, sample, asked] of beside) {
    it(`${method} ${sample}, by name of the operation`, () => {
      assert.deepEqual({ ...asked, path: '' }, { ...judgedByPath({ method, sample }), path: '' })
    })
  }
})
