import { manageScopes, regoModule, viewScopes } from '../rego.ts'
import {
  managedClusterGroups,
  read,
  rule,
  urlRule,
  viewedClusterGroups,
  workspaceResources,
} from '../rules.ts'
import type { TemplateRow } from './template.ts'

const tenant = 'tenant.kubesphere.io'
const workspaces = ['workspaces', '企业空间'] as const
const clusters = ['clusters', '集群'] as const
const clusterIam = 'clustermembers,clusterroles'

export const globalTemplates: readonly TemplateRow[] = [
  {
    name: 'global-create-workspaces',
    category: 'global-workspace-management',
    action: 'create',
    noun: workspaces,
    menu: 'workspaces',
    rules: [rule(tenant, 'workspaces,workspacetemplates', 'create,watch')],
  },
  {
    name: 'global-view-workspaces',
    category: 'global-workspace-management',
    action: 'view',
    noun: workspaces,
    menu: 'workspaces',
    rules: [rule('*', workspaceResources, read), rule('resources.kubesphere.io', '*', read)],
  },
  {
    name: 'global-manage-workspaces',
    category: 'global-workspace-management',
    action: 'manage',
    noun: workspaces,
    menu: 'workspaces',
    rules: [rule('*', workspaceResources, '*'), rule('resources.kubesphere.io', '*', '*')],
  },
  {
    name: 'global-view-clusters',
    category: 'global-cluster-management',
    action: 'view',
    noun: clusters,
    menu: 'clusters',
    rego: regoModule(viewScopes),
    rules: [
      rule(viewedClusterGroups, '*', read),
      rule(tenant, 'workspaces,workspacetemplates', read),
      rule('iam.kubesphere.io', clusterIam, read),
      urlRule('*', 'GET'),
    ],
  },
  {
    name: 'global-manage-clusters',
    category: 'global-cluster-management',
    action: 'manage',
    noun: clusters,
    menu: 'clusters',
    needs: 'global-view-clusters',
    rego: regoModule(manageScopes),
    rules: [
      rule(managedClusterGroups, '*', '*'),
      rule(tenant, 'workspaces,workspacetemplates', 'update,patch'),
      rule('iam.kubesphere.io', clusterIam, '*'),
      urlRule('*', 'GET'),
    ],
  },
  {
    name: 'global-manage-platform-settings',
    category: 'global-platform-settings',
    action: 'manage',
    noun: ['platform settings', '平台设置'],
    menu: 'platform-settings',
    hidden: true,
    rules: [rule('extensions.kubesphere.io', '*', '*'), rule('kubesphere.io', '*', '*')],
  },
  {
    name: 'global-view-roles',
    category: 'global-access-control',
    action: 'view',
    noun: ['platform roles', '平台角色'],
    menu: 'roles',
    needs: 'global-view-users',
    rules: [rule('iam.kubesphere.io', 'globalroles', read)],
  },
  {
    name: 'global-manage-roles',
    category: 'global-access-control',
    action: 'manage',
    noun: ['platform roles', '平台角色'],
    menu: 'roles',
    hidden: true,
    rules: [rule('*', 'globalroles', '*')],
  },
  {
    name: 'global-view-users',
    category: 'global-access-control',
    action: 'view',
    noun: ['users', '用户'],
    menu: 'users',
    rules: [rule('*', 'users,users/loginrecords', read)],
  },
  {
    name: 'global-manage-users',
    category: 'global-access-control',
    action: 'manage',
    noun: ['users', '用户'],
    menu: 'users',
    hidden: true,
    rules: [rule('*', 'users,users/password,users/loginrecords', '*')],
  },
  {
    name: 'global-role-template-manage-app',
    category: 'manage-app',
    action: 'manage',
    noun: ['the app store', '应用商店'],
    menu: 'manage-app',
    to: 'admin',
    rules: [rule('application.kubesphere.io', '*', '*')],
  },
]
