import type { ClusterAccess } from '../../../gateway/kube/api.ts'
import type { GVR, KubeObject } from '../../../gateway/kube/types.ts'
import type { Effects } from '../../../gateway/domain/effects.ts'
import {
  CLUSTER_LABELS,
  CLUSTER_ROLES,
  CLUSTER_ROLE_BINDINGS,
  GLOBAL_ROLES,
  GLOBAL_ROLE_BINDINGS,
  LOGIN_RECORDS,
  NAMESPACES,
  ROLES,
  ROLE_BINDINGS,
  ROLE_TEMPLATES,
  USERS,
  WORKSPACE_ROLES,
  WORKSPACE_ROLE_BINDINGS,
  WORKSPACE_TEMPLATES,
} from '../../../gateway/domain/names.ts'
import type { Flow } from './recording.ts'

/**
 * What the API server of the platform itself writes for each recorded call; the reconcilers do the rest. Half of the
 * writes go through the inline effects, half do not, as in life.
 */
export interface Stage {
  readonly cluster: ClusterAccess
  readonly effects: Effects
  /** RFC 3339. */
  readonly time: () => string
}

export type Write = (stage: Stage, flow: Flow) => Promise<unknown>

const iam = 'iam.kubesphere.io'
export const apiVersion = `${iam}/v1beta1`

export function binding(
  kind: 'GlobalRole' | 'ClusterRole' | 'WorkspaceRole' | 'Role',
  user: string,
  role: string,
  of: { name?: string; namespace?: string; workspace?: string; account?: boolean } = {},
): KubeObject {
  return {
    apiVersion,
    kind: `${kind}Binding`,
    metadata: {
      name: of.name ?? `${user}-${role}`,
      ...(of.namespace && { namespace: of.namespace }),
      labels: {
        [`${iam}/user-ref`]: user,
        [`${iam}/role-ref`]: role,
        ...(of.workspace && { 'kubesphere.io/workspace': of.workspace }),
      },
    },
    roleRef: { apiGroup: iam, kind, name: role },
    subjects: [
      { apiGroup: iam, kind: 'User', name: user },
      ...(of.account
        ? [
            {
              kind: 'ServiceAccount',
              name: `kubesphere.users.${user}`,
              namespace: 'kubesphere-system',
            },
          ]
        : []),
    ],
  }
}

const bodyOf = (flow: Flow): KubeObject => structuredClone(flow.request?.body) as KubeObject

export const create =
  (gvr: GVR, object: (flow: Flow) => KubeObject): Write =>
  async ({ cluster }, flow) => {
    const made = object(flow)
    await cluster.client.create(gvr, made, { namespace: made.metadata.namespace })
  }

export const remove =
  (gvr: GVR, name: string, namespace?: string): Write =>
  ({ cluster }) =>
    cluster.client.delete(gvr, name, { namespace, propagationPolicy: 'Background' })

export const both =
  (...writes: Write[]): Write =>
  async (stage, flow) => {
    for (const write of writes) await write(stage, flow)
  }

/** Creates a user through the effect, then its binding, as the handler does. */
const createUser: Write = async ({ cluster, effects }, flow) => {
  const body = bodyOf(flow)
  await cluster.client.create(USERS, await effects.userToWrite(body, undefined))
  const role = body.metadata.annotations?.[`${iam}/globalrole`]
  const user = body.metadata.name ?? ''
  if (role) await cluster.client.create(GLOBAL_ROLE_BINDINGS, binding('GlobalRole', user, role))
}

/** The part of a user that a PUT changes. */
const updateUser =
  (name: string, change: (user: KubeObject) => void): Write =>
  async ({ cluster, effects, time }) => {
    const stored = await cluster.client.get<KubeObject>(USERS, name)
    const draft = structuredClone(stored)
    draft['status'] = { ...(draft['status'] as object), lastTransitionTime: time() }
    change(draft)
    await cluster.client.update(USERS, await effects.userToWrite(draft, stored))
  }

const setState = (state: string) => (user: KubeObject) => {
  user['status'] = { ...(user['status'] as object), state }
}
const setRole = (role: string) => (user: KubeObject) => {
  user.metadata.annotations = { ...user.metadata.annotations, [`${iam}/globalrole`]: role }
}
const setSpec = (fields: object) => (user: KubeObject) => {
  user['spec'] = { ...(user['spec'] as object), ...fields }
}

const setPassword =
  (name: string, password: string): Write =>
  async ({ cluster, effects }) => {
    const stored = await cluster.client.get<KubeObject>(USERS, name)
    const spec = { ...(stored['spec'] as object), password }
    await cluster.client.update(USERS, await effects.userToWrite({ ...stored, spec }, stored))
  }

export const login =
  (user: string, success: boolean, times = 1): Write =>
  async ({ cluster }) => {
    for (let at = 0; at < times; at++) {
      await cluster.client.create(LOGIN_RECORDS, {
        apiVersion,
        kind: 'LoginRecord',
        metadata: { generateName: `${user}-`, labels: { [`${iam}/user-ref`]: user } },
        spec: {
          type: 'Token',
          provider: '',
          sourceIP: '127.0.0.1',
          userAgent: 'python-httpx/0.28.1',
          success,
          reason: success ? 'authenticated successfully' : 'incorrect password',
        },
      })
    }
  }

/** Creates or changes a template and does inline what follows. */
const template =
  (write: (stage: Stage, flow: Flow) => Promise<KubeObject>): Write =>
  async (stage, flow) =>
    stage.effects.workspaceTemplateWritten(await write(stage, flow))

const patchTemplate = template(({ cluster }, flow) =>
  cluster.client.patch<KubeObject>(
    WORKSPACE_TEMPLATES,
    flow.request?.path?.split('/').at(-1) ?? '',
    flow.request?.body,
    { type: 'json' },
  ),
)

const place = (name: string, placement: object) =>
  template(async ({ cluster }) => {
    const stored = await cluster.client.get<KubeObject>(WORKSPACE_TEMPLATES, name)
    return cluster.client.update<KubeObject>(WORKSPACE_TEMPLATES, {
      ...stored,
      spec: { ...(stored['spec'] as object), placement },
    })
  })

const deleteTemplate =
  (name: string, policy = ''): Write =>
  async ({ cluster, effects }) => {
    const stored = await cluster.client.get<KubeObject>(WORKSPACE_TEMPLATES, name)
    await effects.workspaceTemplateDeleting(stored, policy)
    await cluster.client.delete(WORKSPACE_TEMPLATES, name)
  }

const createNamespace: Write = async ({ cluster, effects }, flow) => {
  const body = bodyOf(flow)
  body.metadata.labels = { ...body.metadata.labels, 'kubesphere.io/workspace': 'gamma' }
  await effects.namespaceWritten(await cluster.client.create(NAMESPACES, body))
}

const label = 'l4b3l1'
const bindLabel =
  (clusters: string[]): Write =>
  ({ cluster }) =>
    cluster.client.patch(CLUSTER_LABELS, label, { spec: { clusters } }, { type: 'merge' })

/** Made-up names of this run, by what the recording has for them. */
export const placeholders = new Map([[label, '<label>']])

const deleteUser =
  (name: string): Write =>
  async ({ cluster, effects }) => {
    await cluster.client.delete(USERS, name)
    await effects.userDeleted(name)
  }

/** By name of the flow; a flow on /api or /apis needs nothing, it is sent as it is. */
export const writes: Readonly<Record<string, Write>> = {
  'login-admin': login('admin', true),
  'user-create': createUser,
  'user-login': login('frank', true),
  'user-login-wrong-password': login('frank', false),
  'user-change-password-by-self': setPassword('frank', 'Passw0rd2'),
  'user-change-password-by-admin': setPassword('frank', 'Passw0rd3'),
  'user-login-after-proxy-patch': login('frank', true),
  'user-create-platform-admin': createUser,
  'user-create-without-globalrole': createUser,
  'user-give-globalrole': both(
    updateUser('henry', setRole('platform-regular')),
    create(GLOBAL_ROLE_BINDINGS, () => binding('GlobalRole', 'henry', 'platform-regular')),
  ),
  'user-change-globalrole': both(
    updateUser('henry', setRole('platform-self-provisioner')),
    remove(GLOBAL_ROLE_BINDINGS, 'henry-platform-regular'),
    create(GLOBAL_ROLE_BINDINGS, () => binding('GlobalRole', 'henry', 'platform-self-provisioner')),
  ),
  'user-change-spec': updateUser('henry', setSpec({ lang: 'en', description: 'x' })),
  'user-disable': updateUser('henry', setState('Disabled')),
  'user-enable': updateUser('henry', setState('Active')),
  'workspacetemplate-create': template(({ cluster }, flow) =>
    cluster.client.create(WORKSPACE_TEMPLATES, bodyOf(flow)),
  ),
  'workspacetemplate-create-without-manager-and-placement': create(WORKSPACE_TEMPLATES, bodyOf),
  'namespace-create': createNamespace,
  'namespace-create-without-managed-label': createNamespace,
  'workspacemember-add': create(WORKSPACE_ROLE_BINDINGS, () =>
    binding('WorkspaceRole', 'carol', 'gamma-viewer', { workspace: 'gamma' }),
  ),
  'workspacemember-update': both(
    remove(WORKSPACE_ROLE_BINDINGS, 'carol-gamma-viewer'),
    create(WORKSPACE_ROLE_BINDINGS, () =>
      binding('WorkspaceRole', 'carol', 'gamma-regular', { workspace: 'gamma' }),
    ),
  ),
  'workspacemember-remove': remove(WORKSPACE_ROLE_BINDINGS, 'carol-gamma-regular'),
  'namespacemember-add': create(ROLE_BINDINGS, () =>
    binding('Role', 'carol', 'operator', { namespace: 'gamma-prod', account: true }),
  ),
  'namespacemember-update': both(
    remove(ROLE_BINDINGS, 'carol-operator', 'gamma-prod'),
    create(ROLE_BINDINGS, () =>
      binding('Role', 'carol', 'viewer', { namespace: 'gamma-prod', account: true }),
    ),
  ),
  'namespacemember-remove': remove(ROLE_BINDINGS, 'carol-viewer', 'gamma-prod'),
  'clustermember-add': create(CLUSTER_ROLE_BINDINGS, () =>
    binding('ClusterRole', 'carol', 'cluster-viewer', { account: true }),
  ),
  'clustermember-remove': remove(CLUSTER_ROLE_BINDINGS, 'carol-cluster-viewer'),
  'workspacetemplate-change-manager': patchTemplate,
  'workspacetemplate-change-template-metadata': patchTemplate,
  'workspacerole-create-from-templates': create(WORKSPACE_ROLES, bodyOf),
  'role-create-from-templates': create(ROLES, bodyOf),
  'role-create-with-selector': create(ROLES, bodyOf),
  'globalrole-create-from-templates-with-rego': create(GLOBAL_ROLES, bodyOf),
  'clusterrole-create-from-templates': create(CLUSTER_ROLES, bodyOf),
  'roletemplate-create-auto-aggregated': create(ROLE_TEMPLATES, bodyOf),
  'roletemplate-delete': remove(ROLE_TEMPLATES, 'namespace-view-widgets'),
  'role-delete': remove(ROLES, 'dev', 'gamma-prod'),
  'workspacerole-delete': remove(WORKSPACE_ROLES, 'gamma-dev'),
  'globalrole-delete': remove(GLOBAL_ROLES, 'ops'),
  'workspacetemplate-add-placement': place('delta', { clusters: [{ name: 'host' }] }),
  'workspacetemplate-remove-placement': place('delta', {}),
  'clusterlabel-create': create(CLUSTER_LABELS, () => ({
    apiVersion: 'cluster.kubesphere.io/v1alpha1',
    kind: 'Label',
    metadata: { name: label, finalizers: ['finalizers.kubesphere.io/cluster-label'] },
    spec: { key: 'tier', value: 'gold' },
  })),
  'clusterlabel-bind': bindLabel(['host']),
  'clusterlabel-unbind': bindLabel([]),
  'clusterlabel-bind-again': bindLabel(['host']),
  'clusterlabel-delete-while-bound': remove(CLUSTER_LABELS, label),
  'namespace-delete': remove(NAMESPACES, 'gamma-prod'),
  'workspacetemplate-delete-orphan': deleteTemplate('gamma', 'Orphan'),
  'workspacetemplate-delete-background': deleteTemplate('epsilon', 'Background'),
  'workspacetemplate-delete-empty-options': deleteTemplate('delta'),
  'user-delete': remove(USERS, 'frank'),
  'user-delete-platform-admin': deleteUser('grace'),
  'user-too-many-wrong-passwords': login('henry', false, 10),
}
