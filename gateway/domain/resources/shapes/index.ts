import type { Shape } from '../kind.ts'
import { always, typed, unlessEmpty, type Rule } from './rules.ts'

/** A template that is part of an object has no time of creation: types before Kubernetes 1.34 print that as null. */
const template = (path: string): Rule => always(`${path}.metadata.creationTimestamp`, null)

const specAndStatus = [always('spec', {}), always('status', {})]
const roleRef = [
  always('roleRef', {}),
  always('roleRef.apiGroup', ''),
  always('roleRef.kind', ''),
  always('roleRef.name', ''),
  unlessEmpty('subjects'),
]
const aggregation = [
  unlessEmpty('aggregationRoleTemplates.templateNames'),
  unlessEmpty('aggregationRoleTemplates.roleSelector'),
]
const conditions = [
  always('status.conditions.*.lastUpdateTime', null),
  always('status.conditions.*.lastTransitionTime', null),
  unlessEmpty('status.conditions.*.reason', 'status.conditions.*.message'),
]

const apps: Readonly<Record<string, Shape>> = {
  deployments: typed(template('spec.template')),
  daemonsets: typed(template('spec.template')),
  statefulsets: typed(
    template('spec.template'),
    always('spec.volumeClaimTemplates.*.metadata.creationTimestamp', null),
  ),
  replicasets: typed(template('spec.template')),
}

const batch: Readonly<Record<string, Shape>> = {
  jobs: typed(template('spec.template')),
  cronjobs: typed(template('spec.jobTemplate'), template('spec.jobTemplate.spec.template')),
}

const iam: Readonly<Record<string, Shape>> = {
  users: typed(
    ...specAndStatus,
    always('spec.email', ''),
    unlessEmpty('spec.lang', 'spec.description', 'spec.displayName', 'spec.groups'),
    unlessEmpty('status.state', 'status.reason'),
    unlessEmpty('status.lastTransitionTime', 'status.lastLoginTime'),
  ),
  loginrecords: typed(
    always('spec', {}),
    always('spec.type', ''),
    always('spec.provider', ''),
    always('spec.sourceIP', ''),
    always('spec.success', false),
    always('spec.reason', ''),
    unlessEmpty('spec.userAgent'),
  ),
  groups: typed(...specAndStatus),
  groupbindings: typed(always('groupRef', {}), unlessEmpty('users')),
  globalroles: typed(always('rules', null), ...aggregation),
  workspaceroles: typed(unlessEmpty('rules'), ...aggregation),
  clusterroles: typed(unlessEmpty('rules'), ...aggregation),
  roles: typed(unlessEmpty('rules'), ...aggregation),
  globalrolebindings: typed(...roleRef),
  workspacerolebindings: typed(...roleRef),
  clusterrolebindings: typed(...roleRef),
  rolebindings: typed(...roleRef),
  builtinroles: typed(always('targetSelector', {})),
  roletemplates: typed(
    always('spec', {}),
    always('spec.rules', null),
    unlessEmpty('spec.displayName', 'spec.description'),
  ),
  categories: typed(
    always('spec', {}),
    unlessEmpty('spec.displayName', 'spec.description', 'spec.icon'),
  ),
}

const platform: Readonly<Record<string, Shape>> = {
  'tenant.kubesphere.io/workspaces': typed(...specAndStatus, unlessEmpty('spec.manager')),
  'tenant.kubesphere.io/workspacetemplates': typed(
    always('spec', {}),
    always('spec.template', {}),
    always('spec.template.metadata', {}),
    always('spec.template.spec', {}),
    always('spec.placement', {}),
    unlessEmpty('spec.template.spec.manager'),
    unlessEmpty('spec.template.metadata.labels', 'spec.template.metadata.annotations'),
  ),
  'quota.kubesphere.io/resourcequotas': typed(
    ...specAndStatus,
    always('spec.selector', null),
    always('spec.quota', {}),
    always('status.total', {}),
    always('status.namespaces', null),
  ),
  'cluster.kubesphere.io/clusters': typed(
    ...specAndStatus,
    always('spec.connection', {}),
    unlessEmpty('spec.joinFederation', 'spec.enable', 'spec.provider', 'spec.config'),
    unlessEmpty('spec.externalKubeAPIEnabled', 'status.conditions', 'status.configz'),
    ...conditions,
  ),
  'cluster.kubesphere.io/labels': typed(
    always('spec', {}),
    always('spec.key', ''),
    always('spec.value', ''),
    unlessEmpty('spec.backgroundColor', 'spec.clusters'),
  ),
  'extensions.kubesphere.io/jsbundles': typed(
    ...specAndStatus,
    always('spec.rawFrom', {}),
    always('spec.assets', {}),
    unlessEmpty('status.conditions', 'status.state', 'status.link'),
  ),
  'extensions.kubesphere.io/apiservices': typed(
    ...specAndStatus,
    unlessEmpty('status.conditions', 'status.state'),
  ),
  'extensions.kubesphere.io/reverseproxies': typed(
    ...specAndStatus,
    always('spec.matcher', {}),
    always('spec.upstream', {}),
    always('spec.directives', {}),
    unlessEmpty('status.conditions', 'status.state'),
  ),
  'extensions.kubesphere.io/extensionentries': typed(always('spec', {})),
  'kubesphere.io/extensions': typed(...specAndStatus),
  'kubesphere.io/extensionversions': typed(always('spec', {})),
  'kubesphere.io/installplans': typed(
    ...specAndStatus,
    always('spec.extension', {}),
    always('spec.enabled', false),
  ),
  'kubesphere.io/repositories': typed(...specAndStatus),
  'kubesphere.io/categories': typed(always('spec', {})),
}

function prefixed(
  group: string,
  of: Readonly<Record<string, Shape>>,
): (readonly [string, Shape])[] {
  return Object.entries(of).map(([resource, shape]) => [`${group}/${resource}`, shape])
}

const shapes: ReadonlyMap<string, Shape> = new Map([
  ...prefixed('apps', apps),
  ...prefixed('batch', batch),
  ...prefixed('iam.kubesphere.io', iam),
  ...Object.entries(platform),
])

/** How objects of a resource print where that is not as kube-apiserver sends them. */
export function shapeFor({
  group,
  resource,
}: {
  readonly group: string
  readonly resource: string
}): Shape | undefined {
  return shapes.get(`${group}/${resource}`)
}
