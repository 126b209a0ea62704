import { randomInt } from 'node:crypto'
import type { KubeObject } from '../../kube/types.ts'
import { badRequest, notFound } from '../../lib/errors.ts'
import { CLUSTERS, CLUSTER_LABELS } from '../names.ts'
import { attributes, type Attributes, type OperationScope } from '../operation.ts'
import { removed, written } from '../settle.ts'
import type { ClusterDeps, ClusterLabelOperations } from './index.ts'
import { boundBy, clusterLabel } from './shapes.ts'
import type { ClusterLabel, LabelDraft } from './types.ts'

const FINALIZER = 'finalizers.kubesphere.io/cluster-label'
const ALPHABET = 'bcdfghjklmnpqrstvwxz2456789'
const ID_LENGTH = 6

const needs = (verb: string, name = ''): Attributes =>
  attributes({
    verb,
    apiGroup: 'cluster.kubesphere.io',
    apiVersion: 'v1alpha1',
    resource: 'labels',
    name,
    scope: 'Global',
  })

/** Labels that clusters are bound to: platform-apis.md §6.5. */
export function labelOperations(deps: ClusterDeps): ClusterLabelOperations {
  return {
    list: {
      name: 'cluster.labels.list',
      needs: () => needs('list'),
      run: (scope) => all(deps, scope),
    },
    create: {
      name: 'cluster.labels.create',
      needs: () => needs('create'),
      run: (scope, { labels }) => create(deps, scope, labels),
    },
    update: {
      name: 'cluster.labels.update',
      needs: ({ label }) => needs('update', label),
      run: async (scope, { label, key, value }) => {
        const stored = await one(deps, scope, label)
        demandNew(await all(deps, scope), { key, value })
        return save(deps, scope, stored, { key: key.trim(), value: value.trim() })
      },
    },
    delete: {
      name: 'cluster.labels.delete',
      needs: () => needs('deletecollection'),
      run: async (scope, { labels }) => {
        for (const label of labels) await remove(deps, scope, label)
      },
    },
    bind: {
      name: 'cluster.labels.bind',
      needs: () =>
        attributes({
          verb: 'create',
          apiGroup: 'cluster.kubesphere.io',
          apiVersion: 'v1alpha1',
          resource: 'labelbindings',
        }),
      run: (scope, { labels, clusters }) => bind(deps, scope, labels, clusters),
    },
    unbind: {
      name: 'cluster.labels.unbind',
      needs: ({ label }) => needs('update', label),
      run: async (scope, { label, clusters }) => {
        const stored = await one(deps, scope, label)
        for (const cluster of clusters) await unmark(deps, scope, cluster, label)
        const gone = new Set(clusters)
        const left = [...new Set(stored.spec.clusters)].filter((name) => !gone.has(name)).sort()
        return save(deps, scope, stored, { clusters: left })
      },
    },
  }
}

async function all(deps: ClusterDeps, scope: OperationScope): Promise<ClusterLabel[]> {
  const store = await deps.host.caches.store(CLUSTER_LABELS, scope.signal)
  return [...store.entries()].map((entry) => clusterLabel(entry.object))
}

/** Throws ApiError 404. */
async function one(deps: ClusterDeps, scope: OperationScope, id: string): Promise<ClusterLabel> {
  const store = await deps.host.caches.store(CLUSTER_LABELS, scope.signal)
  const entry = store.get('', id)
  if (!entry) throw notFound('cluster.kubesphere.io', 'Label', id)
  return clusterLabel(entry.object)
}

/** Throws ApiError 400 for a pair that is there already. */
function demandNew(labels: readonly ClusterLabel[], { key, value }: LabelDraft): void {
  if (!labels.some(({ spec }) => spec.key === key && spec.value === value)) return
  throw badRequest(`label ${key}/${value} already exists`)
}

/** In order; an error leaves the earlier ones in place. */
async function create(
  deps: ClusterDeps,
  scope: OperationScope,
  drafts: readonly LabelDraft[],
): Promise<ClusterLabel[]> {
  const known = await all(deps, scope)
  const created: ClusterLabel[] = []
  for (const draft of drafts) {
    const pair = { key: draft.key.trim(), value: draft.value.trim() }
    demandNew([...known, ...created], pair)
    const label = await deps.host.client.create<ClusterLabel>(
      CLUSTER_LABELS,
      {
        apiVersion: 'cluster.kubesphere.io/v1alpha1',
        kind: 'Label',
        metadata: { name: newId(), finalizers: [FINALIZER] },
        spec: {
          ...pair,
          ...(draft.backgroundColor ? { backgroundColor: draft.backgroundColor } : {}),
        },
      },
      { signal: scope.signal },
    )
    await written(deps.host, CLUSTER_LABELS, label)
    created.push(label)
  }
  return created
}

function newId(): string {
  return Array.from({ length: ID_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('')
}

async function save(
  deps: ClusterDeps,
  scope: OperationScope,
  stored: ClusterLabel,
  change: Partial<ClusterLabel['spec']>,
): Promise<ClusterLabel> {
  const { clusters, ...spec } = { ...stored.spec, ...change }
  const next = { ...stored, spec: { ...spec, ...(clusters?.length ? { clusters } : {}) } }
  const saved = await deps.host.client.update<ClusterLabel>(CLUSTER_LABELS, next, {
    signal: scope.signal,
  })
  await written(deps.host, CLUSTER_LABELS, saved)
  return saved
}

async function remove(deps: ClusterDeps, scope: OperationScope, id: string): Promise<void> {
  const store = await deps.host.caches.store(CLUSTER_LABELS, scope.signal)
  const entry = store.get('', id)
  await deps.host.client.delete(CLUSTER_LABELS, id, { signal: scope.signal })
  if (entry) await removed(deps.host, CLUSTER_LABELS, entry)
}

/** The controller of labels marks the clusters, and takes the marks off with the finalizer. */
async function bind(
  deps: ClusterDeps,
  scope: OperationScope,
  labels: readonly string[],
  clusters: readonly string[],
): Promise<void> {
  for (const id of labels) {
    const stored = await one(deps, scope, id)
    const bound = [...new Set([...(stored.spec.clusters ?? []), ...clusters])]
    await save(deps, scope, stored, { clusters: bound })
  }
}

/** Takes the mark of a label off a cluster. Throws ApiError 404 for a missing cluster. */
async function unmark(
  deps: ClusterDeps,
  scope: OperationScope,
  cluster: string,
  id: string,
): Promise<void> {
  const labels = { [boundBy(id)]: null }
  const patched = await deps.host.client.patch<KubeObject>(
    CLUSTERS,
    cluster,
    { metadata: { labels } },
    { type: 'merge', signal: scope.signal },
  )
  await written(deps.host, CLUSTERS, patched)
}
