import {
  everything,
  managedWorkloads,
  read,
  rule,
  viewedWorkloads,
  type PolicyRule,
} from '../rules.ts'
import type { TemplateRow } from './template.ts'

const store = 'application.kubesphere.io'
const releases = 'applications,attachments'
const workloadMenu =
  'applications,deployments,statefulsets,daemonsets,jobs,cronjobs,pods,services,ingresses'
const access = 'namespace-access-control'
const configuration = 'namespace-configuration-management'

interface Pair {
  /** Name after `namespace-view-` and `namespace-manage-`. */
  readonly of: string
  readonly category: string
  readonly noun: readonly [string, string]
  readonly menu: string
  readonly view: Partial<TemplateRow> & { rules: readonly PolicyRule[] }
  readonly manage: Partial<TemplateRow> & { rules: readonly PolicyRule[] }
}

const pairs: readonly Pair[] = [
  {
    of: 'project-settings',
    category: 'namespace-settings',
    noun: ['project settings', '项目设置'],
    menu: 'project-settings',
    view: {
      hidden: true,
      basic: true,
      rules: [
        rule('*', 'namespaces', 'get'),
        rule('resources.kubesphere.io', 'quotas,metrics', 'list'),
        rule('', 'limitranges', 'list'),
      ],
    },
    manage: { hidden: true, rules: [everything] },
  },
  {
    of: 'members',
    category: access,
    noun: ['project members', '项目成员'],
    menu: 'members',
    view: { rules: [rule('*', 'namespacemembers,rolebindings', read)] },
    manage: { hidden: true, rules: [rule('*', 'namespacemembers,rolebindings', '*')] },
  },
  {
    of: 'roles',
    category: access,
    noun: ['project roles', '项目角色'],
    menu: 'roles',
    view: { needs: 'namespace-view-members', rules: [rule('*', 'roles', read)] },
    manage: { hidden: true, rules: [rule('*', 'roles', '*')] },
  },
  {
    of: 'app-workloads',
    category: 'namespace-application-workloads',
    noun: ['workloads', '应用负载'],
    menu: workloadMenu,
    view: {
      needs: 'namespace-view-volumes,namespace-view-secrets,namespace-view-configmaps',
      rules: [rule('*', viewedWorkloads, read)],
    },
    manage: {
      to: 'operator',
      needs: 'namespace-view-app-workloads',
      rules: [rule('*', managedWorkloads, '*'), rule('*', 'secrets', 'list')],
    },
  },
  {
    of: 'configmaps',
    category: configuration,
    noun: ['config maps', '配置字典'],
    menu: 'configmaps',
    view: { rules: [rule('*', 'configmaps', read)] },
    manage: {
      to: 'operator',
      needs: 'namespace-view-configmaps',
      rules: [rule('*', 'configmaps', '*')],
    },
  },
  {
    of: 'secrets',
    category: configuration,
    noun: ['secrets', '保密字典'],
    menu: 'secrets',
    view: { rules: [rule('*', 'secrets', read)] },
    manage: {
      to: 'operator',
      needs: 'namespace-view-secrets',
      rules: [rule('*', 'secrets', '*')],
    },
  },
  {
    of: 'serviceaccount',
    category: configuration,
    noun: ['service accounts', '服务账号'],
    menu: 'serviceaccounts',
    view: {
      needs: 'namespace-view-roles,namespace-view-secrets',
      rules: [rule('*', 'serviceaccounts', read)],
    },
    manage: {
      needs: 'namespace-view-serviceaccount',
      rules: [rule('*', 'serviceaccounts', '*')],
    },
  },
  {
    of: 'persistentvolumeclaims',
    category: 'namespace-storage-management',
    noun: ['volume claims', '持久卷声明'],
    menu: 'persistentvolumeclaims',
    view: { rules: [rule('*', 'persistentvolumeclaims', read), rule('*', 'pods', 'list')] },
    manage: {
      to: 'operator',
      needs: 'namespace-view-persistentvolumeclaims',
      rules: [rule('*', 'persistentvolumeclaims', '*'), rule('*', 'pods', 'list')],
    },
  },
  {
    of: 'app-releases',
    category: 'namespace-app',
    noun: ['app releases', '应用实例'],
    menu: 'app-releases',
    view: { to: 'viewer', rules: [rule(store, releases, 'get,list')] },
    manage: {
      to: 'operator,admin',
      needs:
        'namespace-view-app-releases,namespace-delete-app-releases,namespace-create-app-releases',
      rules: [rule(store, releases, '*')],
    },
  },
]

/** `post` is what the original grants here; no request has that verb. */
const releaseSteps = [
  ['create', 'post'],
  ['delete', 'delete'],
] as const

export const namespaceTemplates: readonly TemplateRow[] = [
  ...pairs.flatMap(({ of, view, manage, ...row }): TemplateRow[] => [
    { ...row, name: `namespace-view-${of}`, action: 'view', to: 'operator,viewer', ...view },
    { ...row, name: `namespace-manage-${of}`, action: 'manage', ...manage },
  ]),
  ...releaseSteps.map(([action, verb]): TemplateRow => ({
    name: `namespace-${action}-app-releases`,
    category: 'namespace-app',
    action,
    noun: ['app releases', '应用实例'],
    menu: 'app-releases',
    menuAction: 'manage',
    to: 'operator,admin',
    rules: [rule(store, releases, verb)],
  })),
]
