import { LIST } from '../query-parameters.ts'
import { defineRoutes, type RouteRow } from '../registry.ts'
import { listClusters, listWorkspaceClusters } from './clusters.ts'
import { getNamespace, listNamespaces } from './namespaces.ts'
import { getTemplate, listTemplates } from './templates.ts'

const BASE = '/kapis/tenant.kubesphere.io/v1alpha3'
const tags = ['Tenant']

/**
 * tenant.kubesphere.io/v1alpha3, reads only: resources-tenant.md §11.
 * @NOTE workspaces are templates here, unlike in v1beta1.
 */
export const tenantV1alpha3Routes: readonly RouteRow[] = defineRoutes([
  {
    method: 'GET',
    path: `${BASE}/clusters`,
    operation: 'ListClustersV1alpha3',
    summary: 'Clusters that the caller may use',
    tags,
    sample: `${BASE}/clusters`,
    query: LIST,
    deprecated: true,
    handler: listClusters,
  },
  {
    method: 'GET',
    path: `${BASE}/workspaces`,
    operation: 'ListWorkspacesV1alpha3',
    summary: 'Templates of the workspaces that the caller may see',
    tags,
    sample: `${BASE}/workspaces`,
    query: LIST,
    deprecated: true,
    handler: listTemplates,
  },
  {
    method: 'GET',
    path: `${BASE}/workspaces/{workspace}`,
    operation: 'DescribeWorkspaceV1alpha3',
    summary: 'One workspace template',
    tags,
    sample: `${BASE}/workspaces/alpha`,
    deprecated: true,
    handler: getTemplate,
  },
  {
    method: 'GET',
    path: `${BASE}/workspaces/{workspace}/clusters`,
    operation: 'ListWorkspaceClustersV1alpha3',
    summary: 'Clusters that a workspace is placed on',
    tags,
    sample: `${BASE}/workspaces/alpha/clusters`,
    deprecated: true,
    handler: listWorkspaceClusters,
  },
  {
    method: 'GET',
    path: `${BASE}/namespaces`,
    operation: 'ListNamespacesV1alpha3',
    summary: 'Projects that the caller may see',
    tags,
    sample: `${BASE}/namespaces`,
    query: LIST,
    deprecated: true,
    handler: listNamespaces,
  },
  {
    method: 'GET',
    path: `${BASE}/workspaces/{workspace}/namespaces`,
    operation: 'ListWorkspaceNamespacesV1alpha3',
    summary: 'Projects of a workspace that the caller may see',
    tags,
    sample: `${BASE}/workspaces/alpha/namespaces`,
    query: LIST,
    deprecated: true,
    handler: listNamespaces,
  },
  {
    method: 'GET',
    path: `${BASE}/workspaces/{workspace}/namespaces/{namespace}`,
    operation: 'DescribeNamespaceV1alpha3',
    summary: 'One project of a workspace',
    tags,
    sample: `${BASE}/workspaces/alpha/namespaces/alpha-prod`,
    deprecated: true,
    handler: getNamespace,
  },
  {
    method: 'GET',
    path: `${BASE}/workspacetemplates`,
    operation: 'ListWorkspaceTemplatesV1alpha3',
    summary: 'Templates of the workspaces that the caller may see',
    tags,
    sample: `${BASE}/workspacetemplates`,
    query: LIST,
    deprecated: true,
    handler: listTemplates,
  },
  {
    method: 'GET',
    path: `${BASE}/workspacetemplates/{workspace}`,
    operation: 'DescribeWorkspaceTemplateV1alpha3',
    summary: 'One workspace template',
    tags,
    sample: `${BASE}/workspacetemplates/alpha`,
    deprecated: true,
    handler: getTemplate,
  },
])
