import type { GVR, KubeObject } from '../../../gateway/kube/types.ts'
import {
  CLUSTER_ROLE_BINDINGS,
  GLOBAL_ROLE_BINDINGS,
  NAMESPACES,
  ROLE_BINDINGS,
  ROLE_TEMPLATES,
  USERS,
  WORKSPACE_ROLES,
  WORKSPACE_ROLE_BINDINGS,
  WORKSPACE_TEMPLATES,
} from '../../../gateway/domain/names.ts'
import { apiVersion, binding, both, create, login, remove, type Write } from './writes.ts'

const createAll = (...objects: (readonly [GVR, KubeObject])[]) =>
  both(...objects.map(([gvr, object]) => create(gvr, () => object)))

const workspace = (name: string, manager: string): readonly [GVR, KubeObject] => [
  WORKSPACE_TEMPLATES,
  {
    apiVersion: 'tenant.kubesphere.io/v1beta1',
    kind: 'WorkspaceTemplate',
    metadata: { name },
    spec: { placement: { clusters: [{ name: 'host' }] }, template: { spec: { manager } } },
  },
]
const namespace = (name: string, of?: string): readonly [GVR, KubeObject] => [
  NAMESPACES,
  {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name,
      annotations: { 'kubesphere.io/creator': 'admin' },
      ...(of && { labels: { 'kubesphere.io/workspace': of, 'kubesphere.io/managed': 'true' } }),
    },
  },
]
const user = (name: string): readonly [GVR, KubeObject] => [
  USERS,
  {
    apiVersion,
    kind: 'User',
    metadata: { name },
    spec: { email: `${name}@example.com`, password: 'Passw0rd1' },
  },
]

/** What stood there before the first flow. */
export const setUp: Write = createAll(
  user('alice'),
  user('bob'),
  user('carol'),
  workspace('alpha', 'alice'),
  namespace('alpha-prod', 'alpha'),
)

/** Calls between the flows that the recording tells of in notes only. */
export const before: Readonly<Record<string, Write>> = {
  'workspacerole-change-templates': createAll([
    WORKSPACE_ROLES,
    {
      apiVersion,
      kind: 'WorkspaceRole',
      metadata: { name: 'gamma-qa', labels: { 'kubesphere.io/workspace': 'gamma' } },
      rules: [],
      aggregationRoleTemplates: { templateNames: ['workspace-view-members'] },
    },
  ]),
  'roletemplate-change-rules': createAll([
    ROLE_TEMPLATES,
    {
      apiVersion,
      kind: 'RoleTemplate',
      metadata: {
        name: 'namespace-view-widgets',
        labels: {
          'iam.kubesphere.io/scope': 'namespace',
          'kubesphere.io/managed': 'true',
          'iam.kubesphere.io/aggregate-to-viewer': '',
        },
      },
      spec: {
        rules: [{ apiGroups: ['widgets.example.com'], resources: ['widgets'], verbs: ['create'] }],
      },
    },
  ]),
  'namespace-import': createAll(namespace('free-ns')),
  'workspacetemplate-delete-background': createAll(
    workspace('epsilon', 'admin'),
    namespace('epsilon-a', 'epsilon'),
    [
      WORKSPACE_ROLE_BINDINGS,
      binding('WorkspaceRole', 'carol', 'epsilon-viewer', { workspace: 'epsilon' }),
    ],
  ),
  'user-delete': both(
    remove(GLOBAL_ROLE_BINDINGS, 'frank-platform-regular'),
    createAll(
      [
        WORKSPACE_ROLE_BINDINGS,
        binding('WorkspaceRole', 'frank', 'alpha-viewer', {
          name: 'frank-alpha-viewer',
          workspace: 'alpha',
        }),
      ],
      [ROLE_BINDINGS, binding('Role', 'frank', 'viewer', { namespace: 'alpha-prod' })],
      [CLUSTER_ROLE_BINDINGS, binding('ClusterRole', 'frank', 'cluster-viewer')],
    ),
  ),
  'user-too-many-wrong-passwords': login('henry', true),
  'workspacetemplate-delete-empty-options': createAll(namespace('delta-a', 'delta')),
}
