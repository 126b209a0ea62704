import type { CacheSet, ClusterAccess } from '../../kube/api.ts'
import type { KubeObject } from '../../kube/types.ts'
import { ApiError } from '../../lib/errors.ts'

const SCOPES = {
  group: 'gateway.kubesphere.io',
  version: 'v1alpha2',
  resource: 'ingressclassscopes',
}
const NODES = { group: '', version: 'v1', resource: 'nodes' }
const SERVICES = { group: '', version: 'v1', resource: 'services' }
const NAMESPACES = { group: '', version: 'v1', resource: 'namespaces' }
const SERVICE_NAME = 'gateway.kubesphere.io/service-name'
const CONTROL_PLANE = 'node-role.kubernetes.io/control-plane'

export interface IngressClassScope extends KubeObject {
  spec?: {
    scope?: { namespaces?: string[]; namespaceSelector?: string }
    ingressClass?: { name?: string; default?: boolean }
  }
  status?: unknown
}

interface Service extends KubeObject {
  spec?: { type?: string; ports?: unknown[] }
  status?: { loadBalancer?: { ingress?: { ip?: string; hostname?: string }[] } }
}

/**
 * The ingress classes that a namespace may use (platform-apis.md §7), each with the address of its gateway's Service.
 * Throws ApiError 404 where the platform has no such kind.
 */
export async function availableScopes(
  cluster: ClusterAccess,
  namespace: string,
  signal: AbortSignal,
): Promise<IngressClassScope[]> {
  const { caches } = cluster
  const scopes = await caches.store(SCOPES, signal)
  const found: IngressClassScope[] = []
  for (const entry of scopes.entries()) {
    const scope = entry.object as IngressClassScope
    const { namespaces = [], namespaceSelector = '' } = scope.spec?.scope ?? {}
    const fits =
      namespaces.length > 0
        ? namespaces.includes(namespace)
        : namespaceSelector === '' || (await selects(cluster, namespaceSelector, namespace, signal))
    if (fits) found.push(await withStatus(caches, scope, signal))
  }
  return found
}

/** Whether a selector picks a namespace. @NOTE one that cannot be parsed picks every namespace. */
async function selects(
  cluster: ClusterAccess,
  labelSelector: string,
  namespace: string,
  signal: AbortSignal,
): Promise<boolean> {
  const fieldSelector = `metadata.name=${namespace}`
  try {
    const { items } = await cluster.client.list(NAMESPACES, {
      labelSelector,
      fieldSelector,
      signal,
    })
    return items.length > 0
  } catch (error) {
    if (error instanceof ApiError && error.code === 400) return true
    throw error
  }
}

async function withStatus(
  caches: CacheSet,
  scope: IngressClassScope,
  signal: AbortSignal,
): Promise<IngressClassScope> {
  const [namespace, name, rest] = (scope.metadata.annotations?.[SERVICE_NAME] ?? '').split('/')
  const whole = {
    ...scope,
    spec: { scope: {}, ingressClass: {}, ...scope.spec },
    status: scope.status ?? null,
  }
  if (!namespace || !name || rest !== undefined) return whole
  const services = await caches.store(SERVICES, signal)
  const service: Service | undefined = services.get(namespace, name)?.object
  if (!service) return whole
  const loadBalancer = service.status?.loadBalancer ?? {}
  const addressed = (loadBalancer.ingress ?? []).length > 0 || service.spec?.type === 'LoadBalancer'
  const ingress = addressed ? loadBalancer.ingress : await controlPlaneAddresses(caches, signal)
  const balancer = ingress && ingress.length > 0 ? { ingress } : {}
  return { ...whole, status: { loadBalancer: balancer, service: service.spec?.ports ?? null } }
}

async function controlPlaneAddresses(
  caches: CacheSet,
  signal: AbortSignal,
): Promise<{ ip: string }[]> {
  const nodes = await caches.store(NODES, signal)
  const found: { ip: string }[] = []
  for (const entry of nodes.withLabel(CONTROL_PLANE, '')) {
    const status = entry.object['status'] as { addresses?: { type: string; address: string }[] }
    for (const { type, address } of status?.addresses ?? []) {
      if (type === 'InternalIP') found.push({ ip: address })
    }
  }
  return found
}
