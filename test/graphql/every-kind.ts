import type { GVR, KubeObject } from '../../gateway/kube/types.ts'

/** One object of a kind that an empty platform has none of. */
export interface Fixture {
  readonly gvr: GVR
  readonly object: KubeObject
}

const template = {
  metadata: { labels: { app: 'x' }, annotations: { note: 'kept: "as" it is' } },
  spec: {
    restartPolicy: 'Always',
    containers: [
      {
        name: 'c',
        image: 'busybox',
        ports: [{ containerPort: 80, protocol: 'TCP' }],
        env: [
          { name: 'A', value: 'b' },
          { name: 'IP', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'status.podIP' } } },
        ],
        resources: { requests: { cpu: '100m', memory: '64Mi' }, limits: { memory: '1Gi' } },
        livenessProbe: { httpGet: { path: '/', port: 'http', scheme: 'HTTP' } },
        volumeMounts: [{ name: 'data', mountPath: '/data' }],
      },
    ],
    volumes: [{ name: 'data', emptyDir: { sizeLimit: '1Gi' } }],
  },
}
const job = { template: { ...template, spec: { ...template.spec, restartPolicy: 'Never' } } }
const labels = { matchLabels: { app: 'x' } }
const claim = {
  accessModes: ['ReadWriteOnce'],
  resources: { requests: { storage: '1Gi' } },
}

function of(group: string, resource: string, rest: object, namespaced = true): Fixture {
  const metadata = namespaced ? { name: 'fixture', namespace: 'default' } : { name: 'fixture' }
  return { gvr: { group, version: 'v1', resource }, object: { metadata, ...rest } }
}

/** Objects that the API server takes without any controller. */
export const fixtures: readonly Fixture[] = [
  of('', 'configmaps', { data: { 'a.txt': 'x\ny\n' }, binaryData: { b: 'AAE=' }, immutable: true }),
  of('', 'secrets', { type: 'Opaque', data: { password: 'aHVudGVyMg==' } }),
  of('', 'serviceaccounts', { automountServiceAccountToken: false }),
  of('', 'limitranges', {
    spec: { limits: [{ type: 'Container', default: { cpu: '500m' }, max: { cpu: '2' } }] },
  }),
  of('', 'resourcequotas', { spec: { hard: { pods: '10', 'requests.cpu': '4' } } }),
  of('', 'replicationcontrollers', { spec: { replicas: 0, selector: { app: 'x' }, template } }),
  of('', 'podtemplates', { template }),
  of('', 'services', {
    spec: {
      // With a selector a controller would keep endpoints of the same name.
      ports: [{ name: 'http', port: 80, targetPort: 'http', protocol: 'TCP' }],
    },
  }),
  of('', 'endpoints', {
    subsets: [{ addresses: [{ ip: '10.0.0.9' }], ports: [{ port: 80, protocol: 'TCP' }] }],
  }),
  of('', 'persistentvolumeclaims', { spec: claim }),
  of(
    '',
    'persistentvolumes',
    {
      spec: {
        capacity: { storage: '1Gi' },
        accessModes: ['ReadWriteOnce'],
        hostPath: { path: '/data' },
        // Of no class that a claim asks for: nobody binds it while it is read and applied.
        storageClassName: 'fixture',
      },
    },
    false,
  ),
  of('', 'nodes', { spec: { taints: [{ key: 'a', value: 'b', effect: 'NoSchedule' }] } }, false),
  of('', 'pods', { spec: { ...template.spec, nodeName: 'fixture' } }),
  of('', 'events', {
    involvedObject: { kind: 'Pod', name: 'fixture', namespace: 'default', uid: 'u' },
    reason: 'Started',
    message: 'it runs',
    type: 'Normal',
    count: 2,
    eventTime: '2026-11-24T10:00:00.123456Z',
    reportingComponent: 'test',
    reportingInstance: 'test-1',
    action: 'Run',
  }),
  of('apps', 'deployments', { spec: { replicas: 0, selector: labels, template } }),
  of('apps', 'replicasets', { spec: { replicas: 0, selector: labels, template } }),
  of('apps', 'daemonsets', { spec: { selector: labels, template } }),
  of('apps', 'statefulsets', {
    spec: {
      replicas: 0,
      serviceName: 'x',
      selector: labels,
      template,
      volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: claim }],
    },
  }),
  of('apps', 'controllerrevisions', { revision: 9007199254740991, data: { any: ['thing', 1] } }),
  of('batch', 'jobs', { spec: { ...job, suspend: true } }),
  of('batch', 'cronjobs', {
    spec: { schedule: '0 0 * * *', suspend: true, jobTemplate: { spec: job } },
  }),
  {
    gvr: { group: 'autoscaling', version: 'v2', resource: 'horizontalpodautoscalers' },
    object: {
      metadata: { name: 'fixture', namespace: 'default' },
      spec: {
        maxReplicas: 3,
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'fixture' },
        metrics: [
          {
            type: 'Resource',
            resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 60 } },
          },
        ],
      },
    },
  },
  of('networking.k8s.io', 'ingresses', {
    spec: {
      rules: [
        {
          host: 'x.example.org',
          http: {
            paths: [
              {
                path: '/',
                pathType: 'Prefix',
                backend: { service: { name: 'fixture', port: { name: 'http' } } },
              },
            ],
          },
        },
      ],
    },
  }),
  of('networking.k8s.io', 'networkpolicies', {
    spec: {
      podSelector: {},
      policyTypes: ['Ingress'],
      ingress: [
        { ports: [{ port: 80, endPort: 90, protocol: 'TCP' }], from: [{ podSelector: {} }] },
      ],
    },
  }),
  of('networking.k8s.io', 'ingressclasses', { spec: { controller: 'example.org/x' } }, false),
  of('policy', 'poddisruptionbudgets', { spec: { minAvailable: '50%', selector: labels } }),
  of('rbac.authorization.k8s.io', 'roles', {
    rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }],
  }),
  of('rbac.authorization.k8s.io', 'rolebindings', {
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'fixture' },
    subjects: [{ kind: 'ServiceAccount', name: 'fixture', namespace: 'default' }],
  }),
  of('storage.k8s.io', 'storageclasses', { provisioner: 'example.org/x' }, false),
  of('storage.k8s.io', 'csidrivers', { spec: { attachRequired: false } }, false),
  of('coordination.k8s.io', 'leases', {
    spec: { holderIdentity: 'me', renewTime: '2026-11-24T10:00:00.000001Z' },
  }),
  of('discovery.k8s.io', 'endpointslices', {
    addressType: 'IPv4',
    endpoints: [{ addresses: ['10.0.0.9'], conditions: { ready: true } }],
    ports: [{ name: 'http', port: 80, protocol: 'TCP' }],
  }),
  of('node.k8s.io', 'runtimeclasses', { handler: 'runc' }, false),
  of('scheduling.k8s.io', 'priorityclasses', { value: 7, globalDefault: false }, false),
  of('admissionregistration.k8s.io', 'validatingwebhookconfigurations', {}, false),
  of('admissionregistration.k8s.io', 'mutatingwebhookconfigurations', {}, false),
]
