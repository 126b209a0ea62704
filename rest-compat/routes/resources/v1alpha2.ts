import { defineRoutes, type RouteRow } from '../registry.ts'
import { verifyGit } from './git.ts'
import { componentRoutes } from './components.ts'
import { verifyRegistry } from './registries.ts'
import { registryBlob } from './registry-blob.ts'
import { abnormalWorkloads, quotas, revisionOf, userKubeconfig } from './workloads.ts'

const BASE = '/kapis/resources.kubesphere.io/v1alpha2'
const tags = ['Resources']
const deprecated = true
const IN_NAMESPACE = `${BASE}/namespaces/{namespace}`
const SAMPLE = `${BASE}/namespaces/default`

/** resources.kubesphere.io/v1alpha2: resources-tenant.md §9. */
export const resourcesV1alpha2Routes: readonly RouteRow[] = defineRoutes([
  {
    method: 'GET',
    path: `${BASE}/users/{user}/kubeconfig`,
    operation: 'get-user-kubeconfig',
    summary: 'The kubeconfig of a user',
    tags,
    deprecated,
    sample: `${BASE}/users/admin/kubeconfig`,
    produces: ['text/plain', 'application/json'],
    handler: userKubeconfig,
  },
  ...componentRoutes('v1alpha2'),
  {
    method: 'GET',
    path: `${BASE}/quotas`,
    operation: 'get-cluster-quotas',
    summary: 'What the cluster holds',
    tags,
    deprecated,
    sample: `${BASE}/quotas`,
    handler: quotas,
  },
  {
    method: 'GET',
    path: `${IN_NAMESPACE}/quotas`,
    operation: 'get-namespace-quotas',
    summary: 'What a namespace holds and may hold',
    tags,
    deprecated,
    sample: `${SAMPLE}/quotas`,
    handler: quotas,
  },
  {
    method: 'POST',
    path: `${BASE}/registry/verify`,
    operation: 'verify-registry-credential',
    summary: 'Whether a registry takes these credentials',
    tags,
    deprecated,
    sample: `${BASE}/registry/verify`,
    handler: verifyRegistry,
  },
  {
    method: 'GET',
    path: `${BASE}/registry/blob`,
    operation: 'get-registry-entry',
    summary: 'Manifest and configuration of an image',
    tags,
    deprecated,
    sample: `${BASE}/registry/blob?image=nginx`,
    query: [
      { name: 'image', description: 'reference of the image' },
      { name: 'namespace', description: 'namespace of the Secret' },
      { name: 'secret', description: 'Secret with logins of registries' },
      { name: 'insecure', description: 'true = certificates are not verified' },
    ],
    handler: registryBlob,
  },
  {
    method: 'POST',
    path: `${BASE}/git/verify`,
    operation: 'verify-git-credential',
    summary: 'Whether a git repository can be read with these credentials',
    tags,
    deprecated,
    sample: `${BASE}/git/verify`,
    handler: verifyGit,
  },
  {
    method: 'GET',
    path: `${IN_NAMESPACE}/daemonsets/{daemonset}/revisions/{revision}`,
    operation: 'get-daemonset-revision',
    summary: 'What a DaemonSet was at a revision',
    tags,
    deprecated,
    sample: `${SAMPLE}/daemonsets/agent/revisions/1`,
    handler: revisionOf('daemonsets', 'daemonset'),
  },
  {
    method: 'GET',
    path: `${IN_NAMESPACE}/deployments/{deployment}/revisions/{revision}`,
    operation: 'get-deployment-revision',
    summary: 'What a Deployment was at a revision',
    tags,
    deprecated,
    sample: `${SAMPLE}/deployments/web/revisions/1`,
    handler: revisionOf('deployments', 'deployment'),
  },
  {
    method: 'GET',
    path: `${IN_NAMESPACE}/statefulsets/{statefulset}/revisions/{revision}`,
    operation: 'get-statefulset-revision',
    summary: 'What a StatefulSet was at a revision',
    tags,
    deprecated,
    sample: `${SAMPLE}/statefulsets/db/revisions/1`,
    handler: revisionOf('statefulsets', 'statefulset'),
  },
  {
    method: 'GET',
    path: `${BASE}/abnormalworkloads`,
    operation: 'get-cluster-abnormal-workloads',
    summary: 'How many workloads of the cluster are not well',
    tags,
    deprecated,
    sample: `${BASE}/abnormalworkloads`,
    handler: abnormalWorkloads,
  },
  {
    method: 'GET',
    path: `${IN_NAMESPACE}/abnormalworkloads`,
    operation: 'get-namespace-abnormal-workloads',
    summary: 'How many workloads of a namespace are not well',
    tags,
    deprecated,
    sample: `${SAMPLE}/abnormalworkloads`,
    handler: abnormalWorkloads,
  },
])
