import { defineRoutes, type RouteRow } from '../registry.ts'
import { grantCluster, updateKubeconfig, validateCluster } from './clusters.ts'
import { bindLabels, createLabels, deleteLabels, listLabels, updateLabel } from './labels.ts'

const BASE = '/kapis/cluster.kubesphere.io/v1alpha1'
const tags = ['Cluster']

/** cluster.kubesphere.io/v1alpha1, but for what the dynamic resource handler serves: platform-apis.md §6.1. */
export const clusterRoutes: readonly RouteRow[] = defineRoutes([
  {
    method: 'POST',
    path: `${BASE}/clusters/validation`,
    operation: 'ValidateCluster',
    summary: 'Check a cluster before it is imported',
    tags,
    sample: `${BASE}/clusters/validation`,
    deprecated: true,
    handler: validateCluster,
  },
  {
    method: 'PUT',
    path: `${BASE}/clusters/{cluster}/kubeconfig`,
    operation: 'UpdateClusterKubeconfig',
    summary: 'Replace the credentials of a member cluster',
    tags,
    sample: `${BASE}/clusters/member/kubeconfig`,
    handler: updateKubeconfig,
  },
  {
    method: 'POST',
    path: `${BASE}/clusters/{cluster}/grantrequests`,
    operation: 'GrantCluster',
    summary: 'Give a cluster to workspaces or take it away',
    tags,
    sample: `${BASE}/clusters/member/grantrequests`,
    handler: grantCluster,
  },
  {
    method: 'POST',
    path: `${BASE}/labels`,
    operation: 'CreateClusterLabels',
    summary: 'Create cluster labels',
    tags,
    sample: `${BASE}/labels`,
    handler: createLabels,
  },
  {
    method: 'DELETE',
    path: `${BASE}/labels`,
    operation: 'DeleteClusterLabels',
    summary: 'Delete cluster labels',
    tags,
    sample: `${BASE}/labels`,
    handler: deleteLabels,
  },
  {
    method: 'GET',
    path: `${BASE}/labels`,
    operation: 'ListClusterLabels',
    summary: 'Cluster labels by key',
    tags,
    sample: `${BASE}/labels`,
    handler: listLabels,
  },
  {
    method: 'PUT',
    path: `${BASE}/labels/{label}`,
    operation: 'UpdateClusterLabel',
    summary: 'Change a cluster label or unbind clusters from it',
    tags,
    sample: `${BASE}/labels/lbl1`,
    query: [
      { name: 'action', description: 'unbind = take the clusters of the body off the label' },
    ],
    handler: updateLabel,
  },
  {
    method: 'POST',
    path: `${BASE}/labelbindings`,
    operation: 'BindClusterLabels',
    summary: 'Bind clusters to labels',
    tags,
    sample: `${BASE}/labelbindings`,
    handler: bindLabels,
  },
])
