import type { KubeClient } from '../../gateway/kube/api.ts'

const namespace = 'demo-project'
const labels = { app: 'corner' }

const template = (spec: object = {}) => ({
  metadata: { labels },
  spec: {
    containers: [{ name: 'corner', image: 'busybox:1.37', command: ['/bin/sh', '-c', 'exit 0'] }],
    ...spec,
  },
})
const workload = { selector: { matchLabels: labels }, template: template() }
const backend = { service: { name: 'hello', port: { number: 80 } } }
const paths = [{ path: '/', pathType: 'Prefix', backend }]

interface Row {
  group?: string
  resource: string
  kind: string
  clusterWide?: boolean
  annotations?: Record<string, string>
  /** All of the object but its metadata. */
  body?: object
}

/** One of each kind that has pages, beside the workload of the demo. */
const rows: readonly Row[] = [
  {
    group: 'storage.k8s.io',
    resource: 'storageclasses',
    kind: 'StorageClass',
    clusterWide: true,
    // The console falls over a list with a class that has no annotations at all.
    annotations: { 'example.com/of': 'tests' },
    body: { provisioner: 'example.com/none' },
  },
  {
    resource: 'persistentvolumes',
    kind: 'PersistentVolume',
    clusterWide: true,
    body: {
      spec: {
        accessModes: ['ReadWriteOnce'],
        capacity: { storage: '1Gi' },
        hostPath: { path: '/nowhere' },
      },
    },
  },
  {
    group: 'apps',
    resource: 'statefulsets',
    kind: 'StatefulSet',
    body: { spec: { ...workload, replicas: 0, serviceName: 'hello' } },
  },
  {
    group: 'apps',
    resource: 'daemonsets',
    kind: 'DaemonSet',
    body: { spec: { ...workload, template: template({ nodeSelector: { corner: 'none' } }) } },
  },
  {
    group: 'batch',
    resource: 'jobs',
    kind: 'Job',
    body: { spec: { template: template({ restartPolicy: 'Never' }) } },
  },
  {
    group: 'batch',
    resource: 'cronjobs',
    kind: 'CronJob',
    body: {
      spec: {
        schedule: '0 0 1 1 *',
        jobTemplate: { spec: { template: template({ restartPolicy: 'Never' }) } },
      },
    },
  },
  {
    group: 'networking.k8s.io',
    resource: 'ingresses',
    kind: 'Ingress',
    body: { spec: { rules: [{ host: 'hello.example', http: { paths } }] } },
  },
  {
    group: 'networking.k8s.io',
    resource: 'networkpolicies',
    kind: 'NetworkPolicy',
    body: { spec: { podSelector: {} } },
  },
  { resource: 'secrets', kind: 'Secret', body: { type: 'Opaque', stringData: { colour: 'blue' } } },
  { resource: 'serviceaccounts', kind: 'ServiceAccount' },
  {
    resource: 'persistentvolumeclaims',
    kind: 'PersistentVolumeClaim',
    body: {
      spec: {
        accessModes: ['ReadWriteOnce'],
        storageClassName: 'my-storageclass',
        resources: { requests: { storage: '1Gi' } },
      },
    },
  },
]

/** Makes one object of each kind, called `my-{kind}`, in the project of the demo or cluster-wide. */
export async function createObjects(kube: KubeClient): Promise<void> {
  for (const { group = '', resource, kind, clusterWide, annotations, body } of rows)
    await kube.create(
      { group, version: 'v1', resource },
      {
        apiVersion: group ? `${group}/v1` : 'v1',
        kind,
        metadata: { name: `my-${kind.toLowerCase()}`, labels, annotations },
        ...body,
      },
      clusterWide ? {} : { namespace },
    )
}
