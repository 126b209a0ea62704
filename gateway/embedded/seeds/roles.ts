import type { KubeObject } from '../../kube/types.ts'
import { manageScopes, ownAffairs, regoModule, viewScopes } from './rego.ts'
import {
  everything,
  operatedGroups,
  read,
  readEverything,
  rule,
  urlRule,
  type PolicyRule,
} from './rules.ts'

const apiVersion = 'iam.kubesphere.io/v1beta1'
const autoAggregate = { 'iam.kubesphere.io/auto-aggregate': 'true' }

/** The annotation that the console shows below a role's name: JSON by language. */
function described(en: string, zh: string, creator: string): Record<string, string> {
  return {
    'kubesphere.io/creator': creator,
    'kubesphere.io/description': JSON.stringify({ zh, en }),
  }
}

function selecting(labels: Record<string, string>): object {
  return { roleSelector: { matchLabels: labels } }
}

function scoped(scope: string, to?: string): Record<string, string> {
  return {
    'iam.kubesphere.io/scope': scope,
    ...(scope === 'namespace' && { 'kubesphere.io/managed': 'true' }),
    ...(to && { [`iam.kubesphere.io/aggregate-to-${to}`]: '' }),
  }
}

function globalRole(
  name: string,
  rules: readonly PolicyRule[],
  annotations?: Record<string, string>,
  aggregationRoleTemplates?: object,
): KubeObject {
  return {
    apiVersion,
    kind: 'GlobalRole',
    metadata: { name, ...(annotations && { annotations }) },
    ...(aggregationRoleTemplates && { aggregationRoleTemplates }),
    rules,
  }
}

const openConfig = 'config.kubesphere.io'
const images = urlRule('/static/images/*', 'GET')

/** Seven roles that hold in the whole platform. */
export function globalRoles(): KubeObject[] {
  return [
    globalRole('anonymous', [rule(openConfig, 'configs', 'get,list'), images]),
    globalRole(
      'authenticated',
      [
        rule(openConfig, 'configs,platformconfigs', 'get,list'),
        rule('iam.kubesphere.io', 'users,roletemplates,categories', 'list'),
        rule('resources.kubesphere.io', 'registry,git', 'get,create'),
        rule('resources.kubesphere.io', 'clusters', 'get,list'),
        rule('*', 'storageclasses,storageclasscapabilities,nodes', 'get,list'),
        rule('resources.kubesphere.io', 'namespaces,services', 'list'),
        rule('tenant.kubesphere.io', 'workspacetemplates', 'patch'),
        rule('extensions.kubesphere.io', 'jsbundles,extensionentries', 'get,list'),
        rule('kubesphere.io', 'extensions', 'get,list'),
        rule('application.kubesphere.io', 'apps,categories,apps/versions,applications', 'get,list'),
        rule('cluster.kubesphere.io', 'labels', 'get,list'),
        images,
      ],
      { ...autoAggregate, 'iam.kubesphere.io/rego-override': regoModule(ownAffairs) },
      selecting(scoped('global', 'authenticated')),
    ),
    globalRole(
      'platform-admin',
      [everything, urlRule('*', '*')],
      {
        ...described('Everything in the whole platform.', '平台上的全部权限。', 'admin'),
        ...autoAggregate,
        'iam.kubesphere.io/rego-override': regoModule(viewScopes, manageScopes),
      },
      selecting(scoped('global')),
    ),
    globalRole(
      'platform-regular',
      [],
      described('Nothing until invited into a workspace.', '受邀加入企业空间前没有权限。', 'admin'),
    ),
    globalRole(
      'platform-self-provisioner',
      [rule('tenant.kubesphere.io', 'workspaces,workspacetemplates', 'create,watch')],
      described('Creates workspaces and runs them.', '创建企业空间并管理自己的企业空间。', 'admin'),
      { templateNames: ['global-create-workspaces'] },
    ),
    globalRole('pre-registration', [rule('iam.kubesphere.io', 'users', 'create,list')]),
    globalRole('ks-console', [rule(`extensions.kubesphere.io,${openConfig}`, '*', read)]),
  ]
}

function globalRoleBinding(
  name: string,
  role: string,
  subjects: readonly object[],
  labels?: Record<string, string>,
): KubeObject {
  return {
    apiVersion,
    kind: 'GlobalRoleBinding',
    metadata: { name, ...(labels && { labels }) },
    roleRef: { apiGroup: 'iam.kubesphere.io', kind: 'GlobalRole', name: role },
    subjects,
  }
}

/** Who has the global roles from the start. */
export function globalRoleBindings(): KubeObject[] {
  const subject = (kind: string, name: string) => ({ apiGroup: 'iam.kubesphere.io', kind, name })
  return [
    globalRoleBinding('admin', 'platform-admin', [subject('User', 'admin')], {
      'iam.kubesphere.io/user-ref': 'admin',
      'iam.kubesphere.io/role-ref': 'platform-admin',
    }),
    globalRoleBinding('anonymous', 'anonymous', [subject('Group', 'system:unauthenticated')]),
    globalRoleBinding('authenticated', 'authenticated', [subject('Group', 'system:authenticated')]),
    globalRoleBinding('pre-registration', 'pre-registration', [
      subject('Group', 'pre-registration'),
      subject('User', 'system:pre-registration'),
    ]),
    globalRoleBinding(
      'ks-console',
      'ks-console',
      [
        {
          apiGroup: 'kubesphere.io',
          kind: 'ServiceAccount',
          name: 'ks-console',
          namespace: 'kubesphere-system',
        },
      ],
      { 'iam.kubesphere.io/role-ref': 'ks-console' },
    ),
  ]
}

function clusterRole(
  name: string,
  about: readonly [string, string],
  selector: Record<string, string>,
  rules: readonly PolicyRule[],
): KubeObject {
  return {
    apiVersion,
    kind: 'ClusterRole',
    metadata: { name, annotations: { ...described(...about, 'system'), ...autoAggregate } },
    aggregationRoleTemplates: selecting(selector),
    rules,
  }
}

/** The two roles that hold in one cluster. */
export function clusterRoles(): KubeObject[] {
  return [
    clusterRole(
      'cluster-admin',
      ['Everything in the cluster.', '集群中的全部权限。'],
      scoped('cluster'),
      [everything, urlRule('*', '*')],
    ),
    clusterRole(
      'cluster-viewer',
      ['Reads everything in the cluster.', '查看集群中的全部资源。'],
      { 'iam.kubesphere.io/aggregate-to-cluster-viewer': '' },
      [readEverything, urlRule('*', 'GET')],
    ),
  ]
}

type Builtin = readonly [
  role: string,
  en: string,
  zh: string,
  rules: readonly PolicyRule[],
  to?: string,
]

const projectRoles: readonly Builtin[] = [
  ['admin', 'Everything in the project.', '项目中的全部权限。', [everything]],
  [
    'operator',
    'Everything in the project but users and roles.',
    '项目中除用户和角色以外的全部权限。',
    [readEverything, rule(operatedGroups, '*', '*')],
    'operator',
  ],
  [
    'viewer',
    'Reads everything in the project.',
    '查看项目中的全部资源。',
    [readEverything],
    'viewer',
  ],
]

const workspaceRoles: readonly Builtin[] = [
  ['admin', 'Everything in the workspace.', '企业空间中的全部权限。', [everything]],
  ['regular', 'Sees the settings of the workspace.', '查看企业空间的设置。', [], 'regular'],
  [
    'self-provisioner',
    'Sees the settings of the workspace and creates projects.',
    '查看企业空间的设置，并可创建项目。',
    [],
    'self-provisioner',
  ],
  [
    'viewer',
    'Reads everything in the workspace.',
    '查看企业空间中的全部资源。',
    [readEverything],
    'viewer',
  ],
]

/** Roles that every workspace and every managed namespace gets a copy of. */
export function builtinRoles(): KubeObject[] {
  const row = (
    scope: string,
    prefix: string,
    kind: string,
    [role, en, zh, rules, to]: Builtin,
  ) => ({
    apiVersion,
    kind: 'BuiltinRole',
    metadata: { name: `${prefix}-${role}`, labels: { 'iam.kubesphere.io/scope': scope } },
    ...(scope === 'namespace' && {
      targetSelector: { matchLabels: { 'kubesphere.io/managed': 'true' } },
    }),
    role: {
      apiVersion,
      kind,
      metadata: { name: role, annotations: { ...described(en, zh, 'system'), ...autoAggregate } },
      aggregationRoleTemplates: selecting(scoped(scope, to)),
      rules,
    },
  })
  return [
    ...projectRoles.map((builtin) => row('namespace', 'project', 'Role', builtin)),
    ...workspaceRoles.map((builtin) => row('workspace', 'workspace', 'WorkspaceRole', builtin)),
  ]
}
