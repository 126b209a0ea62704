import { LIST } from '../query-parameters.ts'
import { defineRoutes, type RouteRow } from '../registry.ts'
import { getResource, listResources } from './generic.ts'
import { componentHealth, getComponent, listComponents, metrics } from './overview.ts'

const BASE = '/kapis/resources.kubesphere.io/v1alpha3'
const tags = ['Resources']
const deprecated = true

/** resources.kubesphere.io/v1alpha3: resources-tenant.md §5. */
export const resourcesV1alpha3Routes: readonly RouteRow[] = defineRoutes([
  {
    method: 'GET',
    path: `${BASE}/{resources}`,
    operation: 'list-cluster-resources-v1alpha3',
    summary: 'Objects of a kind, of all namespaces where it has them',
    tags,
    deprecated,
    sample: `${BASE}/nodes`,
    query: LIST,
    handler: listResources,
  },
  {
    method: 'GET',
    path: `${BASE}/{resources}/{name}`,
    operation: 'get-cluster-resource-v1alpha3',
    summary: 'One object of a kind without namespaces',
    tags,
    deprecated,
    sample: `${BASE}/nodes/node-1`,
    handler: getResource,
  },
  {
    method: 'GET',
    path: `${BASE}/namespaces/{namespace}/{resources}`,
    operation: 'list-namespaced-resources-v1alpha3',
    summary: 'Objects of a kind in a namespace',
    tags,
    deprecated,
    sample: `${BASE}/namespaces/default/pods`,
    query: LIST,
    handler: listResources,
  },
  {
    method: 'GET',
    path: `${BASE}/namespaces/{namespace}/{resources}/{name}`,
    operation: 'get-namespaced-resource-v1alpha3',
    summary: 'One object in a namespace',
    tags,
    deprecated,
    sample: `${BASE}/namespaces/default/pods/web-0`,
    handler: getResource,
  },
  {
    method: 'GET',
    path: `${BASE}/components`,
    operation: 'get-components-v1alpha3',
    summary: "The platform's own services and how they are",
    tags,
    deprecated,
    sample: `${BASE}/components`,
    handler: listComponents,
  },
  {
    method: 'GET',
    path: `${BASE}/components/{component}`,
    operation: 'get-components-status-v1alpha3',
    summary: 'One of the services of the platform',
    tags,
    deprecated,
    sample: `${BASE}/components/ks-apiserver`,
    handler: getComponent,
  },
  {
    method: 'GET',
    path: `${BASE}/componenthealth`,
    operation: 'get-system-health-status-v1alpha3',
    summary: 'Services of the platform and nodes',
    tags,
    deprecated,
    sample: `${BASE}/componenthealth`,
    handler: componentHealth,
  },
  {
    method: 'GET',
    path: `${BASE}/metrics`,
    operation: 'get-cluster-overview-v1alpha3',
    summary: 'How many objects the cluster holds',
    tags,
    deprecated,
    sample: `${BASE}/metrics`,
    handler: metrics,
  },
  {
    method: 'GET',
    path: `${BASE}/namespaces/{namespace}/metrics`,
    operation: 'get-namespace-overview-v1alpha3',
    summary: 'How many objects a namespace holds',
    tags,
    deprecated,
    sample: `${BASE}/namespaces/default/metrics`,
    handler: metrics,
  },
])
