import type { Kind } from '../kind.ts'
import * as core from './core.ts'
import * as platform from './platform.ts'
import { pods } from './pods.ts'
import * as rbac from './rbac.ts'
import { users } from './users.ts'
import * as workloads from './workloads.ts'

const all: readonly Kind[] = [
  pods,
  users,
  workloads.deployments,
  workloads.daemonSets,
  workloads.statefulSets,
  workloads.jobs,
  workloads.cronJobs,
  workloads.horizontalPodAutoscalers,
  core.services,
  core.configMaps,
  core.serviceAccounts,
  core.ingresses,
  core.secrets,
  core.persistentVolumeClaims,
  core.persistentVolumes,
  core.nodes,
  core.namespaces,
  core.customResourceDefinitions,
  rbac.roles,
  rbac.roleBindings,
  rbac.clusterRoles,
  rbac.clusterRoleBindings,
  platform.workspaces,
  platform.workspaceTemplates,
  platform.globalRoles,
  platform.globalRoleBindings,
  platform.workspaceRoles,
  platform.workspaceRoleBindings,
  platform.loginRecords,
  platform.groups,
  platform.groupBindings,
  platform.clusters,
  platform.clusterLabels,
]

/** Kinds by plural name. */
export const kinds: ReadonlyMap<string, Kind> = new Map(all.map((kind) => [kind.resource, kind]))

/** The kind that lists of this resource belong to, if it is one of the registered. */
export function kindOf(gvr: {
  readonly group: string
  readonly resource: string
}): Kind | undefined {
  const kind = kinds.get(gvr.resource)
  return kind?.group === gvr.group ? kind : undefined
}
