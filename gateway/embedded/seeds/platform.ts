import type { KubeObject } from '../../kube/types.ts'
import { extensionFilter } from './rego.ts'

export const systemNamespace = 'kubesphere-system'

/** Namespaces of the control plane and of the platform that belong to `system-workspace`. */
export const systemNamespaces: readonly string[] = [
  'default',
  'kube-node-lease',
  'kube-public',
  'kube-system',
  'kubesphere-controls-system',
  systemNamespace,
]

/** Where uploaded application packages are kept. */
export const packageNamespace = 'extension-openpitrix'

/** Labels of a namespace that belongs to the platform itself. */
export const systemLabels = {
  'kubesphere.io/workspace': 'system-workspace',
  'kubesphere.io/managed': 'true',
  'kubesphere.io/protected-resource': 'true',
}

export function namespace(
  name: string,
  labels?: Record<string, string>,
  annotations?: Record<string, string>,
): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, ...(labels && { labels }), ...(annotations && { annotations }) },
  }
}

function configSecret(
  name: string,
  type: string,
  configuration: string,
  labels?: Record<string, string>,
): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace: systemNamespace, ...(labels && { labels }) },
    type: `config.kubesphere.io/${type}`,
    stringData: { 'configuration.yaml': configuration },
  }
}

const oauthClient = `name: kubesphere
secret: kubesphere
grantMethod: auto
trusted: true
scopeRestrictions:
  - openid
  - email
  - profile
`

const customResourceFilter = `resource:
  group: kubesphere.io
  version: v1alpha1
  kind: Extension
regoPolicy: |
${extensionFilter.replace(/^(?=.)/gm, '  ')}`

/** Secrets that configure the platform: OAuth client, filter of extension lists, telemetry switched off. */
export function configSecrets(): KubeObject[] {
  return [
    configSecret('oauthclient-kubesphere', 'oauthclient', oauthClient, {
      'config.kubesphere.io/type': 'oauthclient',
    }),
    configSecret(
      'extensions.customresourcefilters',
      'custom-resource-filter',
      customResourceFilter,
    ),
    configSecret(
      'io.kubesphere.config.platformconfig.telemetry',
      'generic-platform-config',
      'enabled: false\n',
    ),
  ]
}

/** `kubesphere.yaml` as joining members read it. */
export function platformConfig(yaml: string): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'kubesphere-config', namespace: systemNamespace },
    data: { 'kubesphere.yaml': yaml },
  }
}

/** The workspace of the platform's own namespaces, in every cluster. */
export function systemWorkspace(): KubeObject {
  return {
    apiVersion: 'tenant.kubesphere.io/v1beta1',
    kind: 'WorkspaceTemplate',
    metadata: {
      name: 'system-workspace',
      labels: { 'kubesphere.io/protected-resource': 'true' },
      annotations: {
        'kubesphere.io/creator': 'admin',
        'kubesphere.io/description': 'Namespaces of Kubernetes and of the platform itself.',
      },
    },
    spec: { placement: { clusterSelector: {} }, template: { spec: { manager: 'admin' } } },
  }
}

/** The account of the console pod. */
export function consoleAccount(): KubeObject {
  return {
    apiVersion: 'kubesphere.io/v1alpha1',
    kind: 'ServiceAccount',
    metadata: { name: 'ks-console', namespace: systemNamespace },
    secrets: [],
  }
}

/** Where applications without a category are shown. */
export function uncategorized(): KubeObject {
  return {
    apiVersion: 'application.kubesphere.io/v2',
    kind: 'Category',
    metadata: { name: 'kubesphere-app-uncategorized' },
    spec: {},
  }
}

export interface SeedUser {
  readonly name: string
  readonly email: string
  /** A bcrypt hash. */
  readonly hash: string
  readonly globalRole: string
  readonly description?: string
  readonly creator: string
}

/** An account that can log in at once. `at` is RFC 3339. */
export function user(of: SeedUser, at: string): KubeObject {
  return {
    apiVersion: 'iam.kubesphere.io/v1beta1',
    kind: 'User',
    metadata: {
      name: of.name,
      annotations: {
        'iam.kubesphere.io/globalrole': of.globalRole,
        'iam.kubesphere.io/last-password-change-time': at,
        'kubesphere.io/creator': of.creator,
      },
    },
    spec: {
      email: of.email,
      password: of.hash,
      ...(of.description && { description: of.description }),
    },
    status: { state: 'Active', lastTransitionTime: at },
  }
}
