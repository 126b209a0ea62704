import type { KubeClient } from '../../gateway/kube/api.ts'

const deployments = { group: 'apps', version: 'v1', resource: 'deployments' }

/** A deployment in namespace default whose pods write five lines, one a second, and then wait. */
export async function deploy(kube: KubeClient, name: string, replicas: number): Promise<void> {
  const labels = { app: name }
  const lines = `for n in 1 2 3 4 5; do echo line $n of ${name}; sleep 1; done; sleep 1000000`
  const container = { name: 'main', image: 'busybox', command: ['sh', '-c', lines] }
  const spec = { terminationGracePeriodSeconds: 1, containers: [container] }
  await kube.create(deployments, {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: 'default', labels },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec },
    },
  })
}

/** What `kubectl scale` does. */
export async function scale(kube: KubeClient, name: string, replicas: number): Promise<void> {
  await kube.patch(
    deployments,
    name,
    { spec: { replicas } },
    { type: 'merge', namespace: 'default' },
  )
}
