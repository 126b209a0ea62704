import { LIST } from '../query-parameters.ts'
import { defineRoutes, type RouteRow } from '../registry.ts'
import { getResource, listResources } from './generic.ts'
import { componentRoutes } from './components.ts'
import { metrics } from './overview.ts'
import { imageConfig, repositoryTags, searchImages, verifyRegistrySecret } from './registries.ts'

const BASE = '/kapis/resources.kubesphere.io/v1alpha3'
const tags = ['Resources']
const deprecated = true
const SECRET = { name: 'secret', description: 'Secret with logins of registries' }
const PAGES = LIST.filter(({ name }) => ['limit', 'page', 'ascending'].includes(name))

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
    anyThread: true,
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
    anyThread: true,
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
    anyThread: true,
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
    anyThread: true,
    handler: getResource,
  },
  ...componentRoutes('v1alpha3'),
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
  {
    method: 'POST',
    path: `${BASE}/namespaces/{namespace}/registrysecrets/{secret}/verify`,
    operation: 'verify-registry-secret-v1alpha3',
    summary: 'Whether a registry takes the credentials of a Secret',
    tags,
    deprecated,
    sample: `${BASE}/namespaces/default/registrysecrets/registry/verify`,
    handler: verifyRegistrySecret,
  },
  {
    method: 'GET',
    path: `${BASE}/namespaces/{namespace}/images`,
    operation: 'search-images-v1alpha3',
    summary: 'Images of a registry by part of their name',
    tags,
    sample: `${BASE}/namespaces/default/images?q=nginx`,
    query: [{ name: 'q', description: 'part of a name' }, SECRET],
    handler: searchImages,
  },
  {
    method: 'GET',
    path: `${BASE}/namespaces/{namespace}/imageconfig`,
    operation: 'get-image-config-v1alpha3',
    summary: 'Configuration of an image',
    tags,
    deprecated,
    sample: `${BASE}/namespaces/default/imageconfig?image=nginx`,
    query: [{ name: 'image', description: 'reference of the image' }, SECRET],
    handler: imageConfig,
  },
  {
    method: 'GET',
    path: `${BASE}/namespaces/{namespace}/repositorytags`,
    operation: 'get-repository-tags-v1alpha3',
    summary: 'Tags of a repository',
    tags,
    deprecated,
    sample: `${BASE}/namespaces/default/repositorytags?repository=nginx`,
    query: [{ name: 'repository', description: 'name of the repository' }, SECRET, ...PAGES],
    handler: repositoryTags,
  },
])
