import type { KubeObject } from '../../kube/types.ts'
import { namespace, systemNamespace, user, type SeedUser } from './platform.ts'

export interface DemoLogin {
  readonly user: string
  readonly password: string
  readonly about: string
}

/** Accounts of the demo; the passwords are public, so the demo belongs on a loopback address only. */
export const demoLogins: readonly DemoLogin[] = [
  { user: 'dora', password: 'Demo-Dora1', about: 'admin of workspace demo' },
  { user: 'leo', password: 'Demo-Leo1', about: 'viewer of project demo-project' },
]

const workspace = 'demo'
const project = 'demo-project'
const app = { app: 'hello' }
const iam = 'iam.kubesphere.io'

function binding(
  kind: 'GlobalRole' | 'WorkspaceRole' | 'Role',
  name: string,
  account: string,
  role: string,
  where: { namespace?: string; labels?: Record<string, string> } = {},
): KubeObject {
  return {
    apiVersion: `${iam}/v1beta1`,
    kind: `${kind}Binding`,
    metadata: {
      name,
      ...(where.namespace && { namespace: where.namespace }),
      labels: { [`${iam}/user-ref`]: account, [`${iam}/role-ref`]: role, ...where.labels },
    },
    roleRef: { apiGroup: iam, kind, name: role },
    subjects: [{ apiGroup: iam, kind: 'User', name: account }],
  }
}

const script = `trap 'exit 0' TERM
n=0
while :; do
  n=$((n + 1))
  echo "\${GREETING:-Hello} number $n from $(hostname)"
  sleep 1 &
  wait $!
done
`

function workload(): KubeObject[] {
  const metadata = (name: string) => ({ name, namespace: project, labels: app })
  return [
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: metadata('hello'),
      data: { greeting: 'Hello' },
    },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: {
        ...metadata('hello'),
        annotations: { 'kubesphere.io/creator': 'dora' },
      },
      spec: {
        replicas: 2,
        selector: { matchLabels: app },
        template: {
          metadata: { labels: app },
          spec: {
            terminationGracePeriodSeconds: 5,
            containers: [
              {
                name: 'hello',
                image: 'busybox:1.37',
                imagePullPolicy: 'IfNotPresent',
                command: ['/bin/sh', '-c', script],
                env: [
                  {
                    name: 'GREETING',
                    valueFrom: {
                      configMapKeyRef: { name: 'hello', key: 'greeting', optional: true },
                    },
                  },
                ],
                ports: [{ name: 'http', containerPort: 8080 }],
                resources: {
                  requests: { cpu: '10m', memory: '16Mi' },
                  limits: { cpu: '100m', memory: '64Mi' },
                },
              },
            ],
          },
        },
      },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: metadata('hello'),
      spec: { selector: app, ports: [{ name: 'http', port: 80, targetPort: 'http' }] },
    },
  ]
}

/** A script for the console. Its source is in the platform's namespace, out of reach of project members. */
function bundle(): KubeObject[] {
  const name = 'demo-frontend'
  return [
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name, namespace: systemNamespace },
      data: {
        'index.js': `System.register([], function (give) {
  return {
    execute: function () {
      give('default', { name: 'demo', greeting: 'Hello from the demo extension' })
    },
  }
})
`,
      },
    },
    {
      apiVersion: 'extensions.kubesphere.io/v1alpha1',
      kind: 'JSBundle',
      metadata: { name: 'demo', labels: { 'kubesphere.io/extension-ref': 'demo' } },
      spec: {
        rawFrom: { configMapKeyRef: { name, namespace: systemNamespace, key: 'index.js' } },
      },
      status: { state: 'Available', link: '/dist/demo/index.js' },
    },
  ]
}

/**
 * Consoles up to 4.1.2 ask for this path before they let anybody in, and later servers answer only administrators. What it
 * says stands in `/version` for everybody; the role of all who are logged in takes it up.
 */
function versionForConsoles(): KubeObject {
  return {
    apiVersion: `${iam}/v1beta1`,
    kind: 'RoleTemplate',
    metadata: {
      name: 'demo-console-version',
      labels: { [`${iam}/aggregate-to-authenticated`]: '', [`${iam}/scope`]: 'global' },
    },
    spec: {
      displayName: { en: 'Version for older consoles' },
      rules: [{ nonResourceURLs: ['/kapis/version'], verbs: ['GET'] }],
    },
  }
}

/** The namespace of the demo, which has to stand before anything in it. */
export function demoNamespaces(): KubeObject[] {
  return [
    namespace(
      project,
      { 'kubesphere.io/workspace': workspace, 'kubesphere.io/managed': 'true' },
      { 'kubesphere.io/creator': 'dora', 'kubesphere.io/alias-name': 'Demo project' },
    ),
  ]
}

/** A workspace, a project with a running Deployment, two accounts and a console script. */
export function demoObjects(hashes: ReadonlyMap<string, string>, at: string): KubeObject[] {
  const accounts = demoLogins.map(({ user: name, about }): SeedUser => ({
    name,
    email: `${name}@demo.example`,
    hash: hashes.get(name) ?? '',
    globalRole: 'platform-regular',
    description: about,
    creator: 'admin',
  }))
  return [
    ...accounts.flatMap((account) => [
      user(account, at),
      binding(
        'GlobalRole',
        `${account.name}-${account.globalRole}`,
        account.name,
        account.globalRole,
      ),
    ]),
    {
      apiVersion: 'tenant.kubesphere.io/v1beta1',
      kind: 'WorkspaceTemplate',
      metadata: {
        name: workspace,
        annotations: {
          'kubesphere.io/creator': 'admin',
          'kubesphere.io/description': 'A workspace to try things in.',
        },
      },
      spec: { placement: { clusterSelector: {} }, template: { spec: { manager: 'dora' } } },
    },
    binding('WorkspaceRole', `leo-${workspace}-regular`, 'leo', `${workspace}-regular`, {
      labels: { 'kubesphere.io/workspace': workspace },
    }),
    binding('Role', 'leo-viewer', 'leo', 'viewer', { namespace: project }),
    versionForConsoles(),
    ...workload(),
    ...bundle(),
  ]
}
