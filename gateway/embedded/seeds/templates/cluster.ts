import type { TemplateRow } from './template.ts'

const workloadMenu =
  'deployments,statefulsets,daemonsets,jobs,cronjobs,pods,services,ingresses,configmaps,secrets,serviceaccounts'

interface Pair {
  /** Name after `cluster-view-` and `cluster-manage-`. */
  readonly of: string
  readonly category: string
  readonly noun: readonly [string, string]
  readonly menu: string
  /** Whether the view template goes into `cluster-viewer`. */
  readonly viewer?: boolean
  readonly viewNeeds?: string
  readonly manageNeeds?: string
  readonly viewOnly?: boolean
}

const pairs: readonly Pair[] = [
  {
    of: 'cluster-settings',
    category: 'cluster-settings',
    noun: ['cluster settings', '集群设置'],
    menu: 'cluster-settings',
    viewer: true,
  },
  {
    of: 'crds',
    category: 'cluster-resource-management',
    noun: ['custom resources', '自定义资源'],
    menu: 'customresources',
    viewer: true,
  },
  {
    of: 'members',
    category: 'cluster-access-control',
    noun: ['cluster members', '集群成员'],
    menu: 'members',
    viewer: true,
    manageNeeds: 'cluster-view-roles,cluster-view-members',
  },
  {
    of: 'roles',
    category: 'cluster-access-control',
    noun: ['cluster roles', '集群角色'],
    menu: 'roles',
    viewer: true,
    viewNeeds: 'cluster-view-members',
    manageNeeds: 'cluster-view-roles',
  },
  {
    of: 'nodes',
    category: 'cluster-resource-management',
    noun: ['nodes', '节点'],
    menu: 'nodes',
    viewer: true,
    manageNeeds: 'cluster-view-nodes',
  },
  {
    of: 'app-workloads',
    category: 'cluster-app-workloads-management',
    noun: ['workloads', '应用负载'],
    menu: workloadMenu,
    viewNeeds: 'cluster-view-projects',
    manageNeeds: 'cluster-view-app-workloads,cluster-view-projects',
  },
  {
    of: 'projects',
    category: 'cluster-project-management',
    noun: ['projects', '项目'],
    menu: 'projects',
    viewer: true,
    manageNeeds: 'cluster-view-projects',
  },
  {
    of: 'storageclasses',
    category: 'cluster-storage-management',
    noun: ['storage classes', '存储类'],
    menu: 'storageclasses',
    viewer: true,
    viewNeeds: 'cluster-view-persistentvolumeclaims',
    manageNeeds: 'cluster-view-persistentvolumeclaims,cluster-view-storageclasses',
  },
  {
    of: 'persistentvolumeclaims',
    category: 'cluster-storage-management',
    noun: ['volume claims', '持久卷声明'],
    menu: 'persistentvolumeclaims',
    viewer: true,
    manageNeeds: 'cluster-view-persistentvolumeclaims,cluster-view-storageclasses',
  },
  {
    of: 'components',
    category: 'cluster-resource-management',
    noun: ['system components', '系统组件'],
    menu: 'components',
    viewer: true,
    viewOnly: true,
  },
]

/** Cluster templates carry no rules: they only open menus, the ClusterRole itself holds what is allowed. */
export const clusterTemplates: readonly TemplateRow[] = pairs.flatMap(
  ({ of, viewer, viewNeeds, manageNeeds, viewOnly, ...row }): TemplateRow[] => {
    const view: TemplateRow = {
      ...row,
      name: `cluster-view-${of}`,
      action: 'view',
      ...(viewer && { to: 'cluster-viewer' }),
      ...(viewNeeds && { needs: viewNeeds }),
    }
    const manage: TemplateRow = {
      ...row,
      name: `cluster-manage-${of}`,
      action: 'manage',
      ...(manageNeeds && { needs: manageNeeds }),
    }
    return viewOnly ? [view] : [view, manage]
  },
)
