import type { KubeClient } from '../../kube/api.ts'
import { createKubeClient } from '../../kube/client.ts'
import { loadKubeconfig } from '../../kube/kubeconfig.ts'
import type { KubeObject } from '../../kube/types.ts'
import { ApiError, badRequest, isNotFound } from '../../lib/errors.ts'
import { parseDocuments } from '../../lib/yaml/index.ts'
import { CLUSTERS, NAMESPACES } from '../names.ts'
import type { OperationScope } from '../operation.ts'
import { written } from '../settle.ts'
import { HOST_LABEL, kubeconfigText, storedCluster } from './clusters.ts'
import type { ClusterDeps } from './index.ts'
import type { Cluster } from './types.ts'

const HOST_CLUSTER = 'cluster.kubesphere.io/host-cluster'
const CONFIG_MAPS = { group: '', version: 'v1', resource: 'configmaps' } as const
/** How long a cluster to be imported may take to answer, in milliseconds. */
const PROBE_MS = 10_000
/** Characters of a kubeconfig, and of a member's configuration, that are read. */
const LONGEST = 128 * 1024
const ONE = { aliases: 20, documents: 1 }

/**
 * Whether a cluster may be imported (platform-apis.md §6.2). Throws ApiError 400 that says what stands against it.
 */
export async function validateCluster(
  deps: ClusterDeps,
  scope: OperationScope,
  cluster: Pick<Partial<Cluster>, 'metadata' | 'spec'>,
): Promise<void> {
  const connection = cluster.spec?.connection
  if (connection?.type !== 'direct') throw badRequest('cluster connection type MUST be direct')
  const text = kubeconfigText(connection.kubeconfig)
  await probe(deps, scope, text, async (client, signal) => {
    const uid = await clusterUid(client, signal)
    const store = await deps.host.caches.store(CLUSTERS, signal)
    for (const entry of store.entries()) {
      if ((entry.object as Cluster).status?.uid !== uid) continue
      const name = cluster.metadata?.name ?? ''
      throw badRequest(
        `cluster ${name} already exists (${entry.name}), MUST not import the same cluster twice`,
      )
    }
    await client.json({ path: '/version', signal })
    const owner = await owningHost(client, signal)
    if (owner) {
      throw badRequest(`current cluster is managed by another host cluster '${owner}'`)
    }
  })
}

/** Replaces a member's credentials by others for the same cluster (§6.3). Throws ApiError 400, 404. */
export async function updateKubeconfig(
  deps: ClusterDeps,
  scope: OperationScope,
  name: string,
  kubeconfig: string,
): Promise<void> {
  const cluster = await storedCluster(deps, scope, name)
  if (cluster.metadata.labels?.[HOST_LABEL] !== undefined) {
    throw badRequest('update kubeconfig of the host cluster is not allowed')
  }
  if (cluster.spec.connection?.type === 'proxy') {
    throw badRequest(
      'update kubeconfig of member clusters which using proxy mode is not allowed, their certs are managed and will be renewed by tower',
    )
  }
  const text = kubeconfigText(kubeconfig)
  await probe(deps, scope, text, async (client, signal) => {
    await client.json({ path: '/version', signal })
    await demandKubeSphere(client, signal)
    if ((await jwtSecret(client, signal)) !== deps.jwtSecret) {
      throw badRequest(
        'failed to validate member cluster configuration, err: hostcluster Jwt is not equal to member cluster jwt, please edit the member cluster cluster config',
      )
    }
    if ((await clusterUid(client, signal)) !== cluster.status?.uid) {
      throw badRequest(
        'this kubeconfig corresponds to a different cluster than the previous one, you need to make sure that kubeconfig is not from another cluster',
      )
    }
  })
  const next = structuredClone(cluster)
  next.spec.connection.kubeconfig = kubeconfig
  const updated = await deps.host.client.update(CLUSTERS, next, { signal: scope.signal })
  await written(deps.host, CLUSTERS, updated)
}

/** Runs `check` against the cluster of a kubeconfig; whatever goes wrong is the request's fault: ApiError 400. */
async function probe(
  deps: ClusterDeps,
  scope: OperationScope,
  kubeconfig: string,
  check: (client: KubeClient, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  demandConfig(kubeconfig)
  const signal = AbortSignal.any([scope.signal, AbortSignal.timeout(PROBE_MS)])
  try {
    await using client = await (deps.connect?.(kubeconfig) ?? connect(kubeconfig))
    await check(client, signal)
  } catch (error) {
    if (error instanceof ApiError && error.code === 400) throw error
    throw badRequest(error instanceof Error ? error.message : String(error), error)
  }
}

/** Files and commands that a kubeconfig names are refused: it came with a request. */
async function connect(kubeconfig: string): Promise<KubeClient> {
  return createKubeClient({ credentials: await loadKubeconfig({ text: kubeconfig }) })
}

/** Throws ApiError 400 in client-go's words for text that is no YAML mapping, and for one that no kubeconfig needs. */
function demandConfig(kubeconfig: string): void {
  if (kubeconfig.length > LONGEST) throw badRequest('the kubeconfig is too long')
  let value: unknown
  try {
    value = parseDocuments(kubeconfig, ONE)[0]
  } catch (error) {
    throw badRequest(
      `couldn't get version/kind; json parse error: ${error instanceof Error ? error.message : ''}`,
    )
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return
  const kind = Array.isArray(value) ? 'array' : typeof (value ?? null)
  throw badRequest(
    `couldn't get version/kind; json parse error: json: cannot unmarshal ${kind} into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }`,
  )
}

async function clusterUid(client: KubeClient, signal: AbortSignal): Promise<string | undefined> {
  return (await client.get<KubeObject>(NAMESPACES, 'kube-system', { signal })).metadata.uid
}

async function owningHost(client: KubeClient, signal: AbortSignal): Promise<string | undefined> {
  try {
    const namespace = await client.get<KubeObject>(NAMESPACES, 'kubesphere-system', { signal })
    return namespace.metadata.annotations?.[HOST_CLUSTER]
  } catch (error) {
    if (isNotFound(error)) return undefined
    throw error
  }
}

const MEMBER_VERSION =
  '/api/v1/namespaces/kubesphere-system/services/http:ks-apiserver:80/proxy/version'

async function demandKubeSphere(client: KubeClient, signal: AbortSignal): Promise<void> {
  try {
    await client.json({ path: MEMBER_VERSION, signal })
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw badRequest(
      `unable validate kubesphere endpoint, invalid response: ${why}, please make sure ks-apiserver.kubesphere-system.svc of member cluster is up and running`,
      error,
    )
  }
}

async function jwtSecret(client: KubeClient, signal: AbortSignal): Promise<string | undefined> {
  const map = await client.get<KubeObject>(CONFIG_MAPS, 'kubesphere-config', {
    namespace: 'kubesphere-system',
    signal,
  })
  const data = map['data'] as Record<string, string> | undefined
  const text = data?.['kubesphere.yaml'] ?? ''
  if (text.length > LONGEST) throw badRequest('the configuration of the cluster is too long')
  const [config] = parseDocuments(text, ONE) as ({
    authentication?: { issuer?: { jwtSecret?: string } }
  } | null)[]
  return config?.authentication?.issuer?.jwtSecret
}
