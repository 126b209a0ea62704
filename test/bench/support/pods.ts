import type { KubeClient } from '../../../gateway/kube/api.ts'
import type { KubeObject } from '../../../gateway/kube/types.ts'

export const namespace = 'default'
export const PODS = { group: '', version: 'v1', resource: 'pods' }
const BINDINGS = {
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  resource: 'clusterrolebindings',
}
const ACCOUNTS = { group: '', version: 'v1', resource: 'serviceaccounts' }
const IN_FLIGHT = 16

/** Token of a service account that may do anything at kube-apiserver. */
export async function administratorToken(client: KubeClient): Promise<string> {
  const name = 'administrator'
  await client.create(ACCOUNTS, { metadata: { name, namespace } })
  const subject = { kind: 'ServiceAccount', name, namespace }
  const roleRef = { apiGroup: BINDINGS.group, kind: 'ClusterRole', name: 'cluster-admin' }
  await client.create(BINDINGS, { metadata: { name }, roleRef, subjects: [subject] })
  const { status } = await client.json<{ status: { token: string } }>({
    method: 'POST',
    path: `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`,
    body: { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} },
  })
  return status.token
}

/** The account that pods of a namespace run as, where no controller manager is there to make it. */
export async function addDefaultAccount(client: KubeClient, inNamespace: string): Promise<void> {
  await client.create(ACCOUNTS, { metadata: { name: 'default', namespace: inNamespace } })
}

/** The pod of a number, the same each time it is asked for. */
export function pod(index: number, inNamespace: string): KubeObject {
  return {
    metadata: {
      name: `pod-${index}`,
      namespace: inNamespace,
      labels: { app: `app-${index % 97}` },
      annotations: { note: 'x'.repeat(400) },
    },
    spec: { containers: [{ name: 'main', image: 'none', env: [{ name: 'A', value: 'b' }] }] },
  }
}

/** A pod with all that the API server adds to one. */
export async function examplePod(client: KubeClient): Promise<KubeObject> {
  await addDefaultAccount(client, namespace)
  return client.create(PODS, { apiVersion: 'v1', kind: 'Pod', ...pod(0, namespace) })
}

const MANY = 50

/** The pod of a number among many, in one of fifty namespaces. */
export function manyPod(index: number): KubeObject {
  return pod(index, `many-${index % MANY}`)
}

/** Makes the namespaces and as many pods in them. */
export async function addManyPods(client: KubeClient, count: number): Promise<void> {
  await forEach(MANY, async (index) => {
    const name = `many-${index}`
    await client.create({ ...PODS, resource: 'namespaces' }, { metadata: { name } })
    await addDefaultAccount(client, name)
  })
  await forEach(count, (index) => client.create(PODS, manyPod(index)))
}

/** Calls `create` for 0 to count - 1, sixteen at a time. */
export async function forEach(
  count: number,
  create: (index: number) => Promise<unknown>,
): Promise<void> {
  let next = 0
  const worker = async (): Promise<void> => {
    while (next < count) await create(next++)
  }
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker))
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
