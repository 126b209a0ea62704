import type { KubeObject } from '../../gateway/kube/types.ts'

/** What ks-core has of its API server, with `ha.enabled`: names, labels, ports, mounts and probes that others rely on. */
export function ksCore(): KubeObject[] {
  const name = 'ks-apiserver'
  const labels = { app: name, tier: 'backend' }
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'kubesphere' } },
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'kubesphere-config' },
      data: { 'kubesphere.yaml': 'authentication:\n  issuer:\n    jwtSecret: of-the-test\n' },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, labels: { app: name } },
      spec: { selector: { app: name }, ports: [{ protocol: 'TCP', port: 80, targetPort: 9090 }] },
    },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name, labels: { app: name } },
      spec: {
        replicas: 3,
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: {
            serviceAccountName: 'kubesphere',
            containers: [
              {
                name,
                image: 'kubesphere/ks-apiserver:v4.1.3',
                command: ['ks-apiserver', '--logtostderr=true'],
                ports: [{ protocol: 'TCP', containerPort: 9090 }],
                env: [
                  {
                    name: 'KUBESPHERE_CACHE_OPTIONS_PASSWORD',
                    valueFrom: { secretKeyRef: { name: 'redis-secret', key: 'auth' } },
                  },
                ],
                livenessProbe: {
                  failureThreshold: 8,
                  initialDelaySeconds: 15,
                  timeoutSeconds: 15,
                  httpGet: { path: '/livez', port: 9090, scheme: 'HTTP' },
                },
                resources: {
                  requests: { cpu: '20m', memory: '100Mi' },
                  limits: { cpu: '1', memory: '1Gi' },
                },
                volumeMounts: [
                  { name: 'kubesphere-config', mountPath: '/etc/kubesphere/' },
                  { name: 'host-time', mountPath: '/etc/localtime', readOnly: true },
                ],
              },
            ],
            volumes: [
              { name: 'kubesphere-config', configMap: { name: 'kubesphere-config' } },
              { name: 'host-time', hostPath: { path: '/etc/localtime' } },
            ],
          },
        },
      },
    },
  ]
}
