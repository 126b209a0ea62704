import type { KubeClient } from '../../../gateway/kube/api.ts'

export const namespace = 'default'
const PODS = { group: '', version: 'v1', resource: 'pods' }
const BINDINGS = {
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  resource: 'clusterrolebindings',
}

/** Fills the default namespace with pods pod-0 to pod-499; returns the token of an administrator of kube-apiserver. */
export async function fiveHundredPods(client: KubeClient): Promise<string> {
  const subject = { kind: 'ServiceAccount', name: 'default', namespace }
  const roleRef = { apiGroup: BINDINGS.group, kind: 'ClusterRole', name: 'cluster-admin' }
  await client.create(BINDINGS, { metadata: { name: 'bench' }, roleRef, subjects: [subject] })
  for (let index = 0; index < 500; index++) {
    await client.create(PODS, {
      metadata: { name: `pod-${index}`, namespace, labels: { app: `app-${index % 10}` } },
      spec: { containers: [{ name: 'main', image: 'none', env: [{ name: 'A', value: 'b' }] }] },
    })
  }
  const { status } = await client.json<{ status: { token: string } }>({
    method: 'POST',
    path: `/api/v1/namespaces/${namespace}/serviceaccounts/default/token`,
    body: { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} },
  })
  return status.token
}

/** A kubeconfig that logs in by that token, as a pod of the cluster would. */
export function withToken(server: string, token: string): string {
  return JSON.stringify({
    'current-context': 'c',
    contexts: [{ name: 'c', context: { cluster: 'k', user: 'u' } }],
    clusters: [{ name: 'k', cluster: { server, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'u', user: { token } }],
  })
}
