import {
  CLUSTERS,
  CLUSTER_LABELS,
  GLOBAL_ROLES,
  GLOBAL_ROLE_BINDINGS,
  LOGIN_RECORDS,
  WORKSPACES,
  WORKSPACE_LABEL,
  WORKSPACE_ROLES,
  WORKSPACE_ROLE_BINDINGS,
  WORKSPACE_TEMPLATES,
} from '../../names.ts'
import { equals, field, fields, never, where } from '../condition.ts'
import { defineKind, textAt, textsAt } from '../kind.ts'
import { aggregated } from './rbac.ts'

const iam = (resource: string) => ({
  group: 'iam.kubesphere.io',
  version: 'v1beta1',
  resource,
})

export const workspaces = defineKind({ gvr: WORKSPACES, kind: 'Workspace', namespaced: false })
export const workspaceTemplates = defineKind({
  gvr: WORKSPACE_TEMPLATES,
  kind: 'WorkspaceTemplate',
  namespaced: false,
})
export const globalRoles = defineKind({
  gvr: GLOBAL_ROLES,
  kind: 'GlobalRole',
  namespaced: false,
  fetch: aggregated,
})
export const globalRoleBindings = defineKind({
  gvr: GLOBAL_ROLE_BINDINGS,
  kind: 'GlobalRoleBinding',
  namespaced: false,
})
export const workspaceRoles = defineKind({
  gvr: WORKSPACE_ROLES,
  kind: 'WorkspaceRole',
  namespaced: false,
  fetch: aggregated,
  filters: {
    workspace: (value) => ({
      holds: ({ labels }) => (labels[WORKSPACE_LABEL] ?? '') === value,
      view: value === '' ? undefined : { label: { key: WORKSPACE_LABEL, value } },
    }),
  },
})
export const workspaceRoleBindings = defineKind({
  gvr: WORKSPACE_ROLE_BINDINGS,
  kind: 'WorkspaceRoleBinding',
  namespaced: false,
  filters: {
    rolename: equals(field('role-name', (object) => textAt(object, 'roleRef', 'name'))),
  },
})
export const loginRecords = defineKind({
  gvr: LOGIN_RECORDS,
  kind: 'LoginRecord',
  namespaced: false,
  filters: { type: equals(field('login-type', ({ spec }) => textAt(spec, 'type'))) },
})
export const groups = defineKind({ gvr: iam('groups'), kind: 'Group', namespaced: false })
export const groupBindings = defineKind({
  gvr: iam('groupbindings'),
  kind: 'GroupBinding',
  namespaced: false,
  filters: {
    user: equals(
      fields('group-users', (object) => textsAt(object, 'users')),
      {
        filled: true,
      },
    ),
  },
})
export const clusters = defineKind({ gvr: CLUSTERS, kind: 'Cluster', namespaced: false })

const LABEL_TEXT = fields('label-text', ({ spec }) => [textAt(spec, 'key'), textAt(spec, 'value')])

export const clusterLabels = defineKind({
  gvr: CLUSTER_LABELS,
  kind: 'Label',
  namespaced: false,
  // Whatever else is asked of labels, none answers (resources-tenant.md §4.2).
  otherwise: never,
  bare: true,
  filters: {
    name: where(LABEL_TEXT, (text, value) => text.split('\n').some((part) => part.includes(value))),
  },
})
