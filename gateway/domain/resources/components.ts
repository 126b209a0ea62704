import type { Entry, Store } from '../../kube/api.ts'
import { ApiError } from '../../lib/errors.ts'
import { attributes, type Operation, type OperationScope } from '../operation.ts'
import { at, listAt, textAt } from './kind.ts'

/** A Service of the platform's own namespaces and how many of its pods are well. */
export interface Component {
  readonly name: string
  readonly namespace: string
  readonly selector: Readonly<Record<string, string>>
  /** When the Service was made, RFC 3339. */
  readonly startedAt: string
  readonly totalBackends: number
  readonly healthyBackends: number
}

export interface ComponentHealth {
  readonly components: readonly Component[]
  readonly totalNodes: number
  readonly healthyNodes: number
}

const NAMESPACES = ['kubesphere-system', 'kube-system']

const needs = (verb: string, resource: string, name = '') =>
  attributes({
    verb,
    apiGroup: 'resources.kubesphere.io',
    apiVersion: 'v1alpha3',
    resource,
    name,
  })

async function stores(scope: OperationScope): Promise<{ services: Store; pods: Store }> {
  const [services, pods] = await Promise.all(
    ['services', 'pods'].map((resource) =>
      scope.cluster.caches.store({ group: '', version: 'v1', resource }, scope.signal),
    ),
  )
  return { services: services as Store, pods: pods as Store }
}

function selectorOf(service: Entry): Record<string, string> {
  return { ...(at(service.object, 'spec', 'selector') as Record<string, string> | undefined) }
}

function isHealthy({ object }: Entry): boolean {
  const ready = listAt(object, 'status', 'containerStatuses').every(
    (container) => container['ready'] === true,
  )
  return textAt(object, 'status', 'phase') === 'Running' && ready
}

function component(service: Entry, pods: Store): Component {
  const { name, namespace, object } = service
  const selector = selectorOf(service)
  const terms = Object.entries(selector)
  let totalBackends = 0
  let healthyBackends = 0
  for (const pod of pods.entries(namespace)) {
    if (!terms.every(([key, value]) => pod.labels[key] === value)) continue
    totalBackends++
    if (isHealthy(pod)) healthyBackends++
  }
  const startedAt = object.metadata.creationTimestamp ?? ''
  return { name, namespace, selector, startedAt, totalBackends, healthyBackends }
}

/** Every Service with a selector in the platform's namespaces: resources-tenant.md §7. */
export const listComponents: Operation<object, Component[]> = {
  name: 'resources.components.list',
  needs: () => needs('list', 'components'),
  async run(scope) {
    const { services, pods } = await stores(scope)
    return NAMESPACES.flatMap((namespace) =>
      Array.from(services.byName(namespace))
        .filter((service) => Object.keys(selectorOf(service)).length > 0)
        .map((service) => component(service, pods)),
    )
  },
}

/** One component. Throws ApiError 404 for a name that is no Service, or one without a selector. */
export const getComponent: Operation<{ name: string }, Component> = {
  name: 'resources.components.get',
  needs: ({ name }) => needs('get', 'components', name),
  async run(scope, { name }) {
    const { services, pods } = await stores(scope)
    const found = NAMESPACES.flatMap((namespace) => services.get(namespace, name) ?? [])[0]
    if (!found || Object.keys(selectorOf(found)).length === 0) {
      throw new ApiError(404, 'NotFound', `component ${name} has no selector`)
    }
    return component(found, pods)
  },
}

/** Components, and how many nodes are ready. */
export const componentHealth: Operation<object, ComponentHealth> = {
  name: 'resources.components.health',
  needs: () => needs('list', 'componenthealth'),
  async run(scope, args) {
    const components = await listComponents.run(scope, args)
    const gvr = { group: '', version: 'v1', resource: 'nodes' }
    const nodes = await scope.cluster.caches.store(gvr, scope.signal)
    let healthyNodes = 0
    for (const { object } of nodes.entries()) {
      const ready = listAt(object, 'status', 'conditions').some(
        ({ type, status }) => type === 'Ready' && status === 'True',
      )
      if (ready) healthyNodes++
    }
    return { components, totalNodes: nodes.size, healthyNodes }
  },
}
