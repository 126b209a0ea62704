import { CLUSTERS, CLUSTER_LABELS } from '../../domain/names.ts'
import type { KubeObject } from '../../kube/types.ts'
import { addFinalizer, dropFinalizer, isDeleting, type Kit } from './kit.ts'
import { keyOf, own, splitKey, type Reconciler } from './reconciler.ts'

const finalizer = 'finalizers.kubesphere.io/cluster-label'
const prefix = 'label.cluster.kubesphere.io/'
const wanted = 'cluster.kubesphere.io/label-ids'

const clustersOf = (label: KubeObject): readonly string[] =>
  (label['spec'] as { clusters?: string[] } | undefined)?.clusters ?? []

/** Marks on clusters that follow `spec.clusters` of a Label, and none of a cluster that is gone (platform-apis.md §6.5). */
export function clusterLabels(kit: Kit): Reconciler {
  return {
    name: 'cluster-label',
    sources: [
      own(CLUSTER_LABELS),
      {
        gvr: CLUSTERS,
        *keys({ type, entry }) {
          if (type === 'MODIFIED') return
          for (const label of kit.store(CLUSTER_LABELS).entries()) {
            if (clustersOf(label.object).includes(entry.name)) yield keyOf(label)
          }
        },
      },
    ],
    async reconcile(key, signal) {
      const [, name] = splitKey(key)
      const label = kit.get(CLUSTER_LABELS, name)
      const bound = new Set(label && !isDeleting(label) ? clustersOf(label) : [])
      for (const { object, name: cluster } of kit.store(CLUSTERS).entries()) {
        await kit.edit(
          CLUSTERS,
          object,
          (draft) => {
            const labels = { ...draft.metadata.labels }
            if (bound.has(cluster)) labels[prefix + name] ??= ''
            else delete labels[prefix + name]
            if (Object.keys(labels).length > 0) draft.metadata.labels = labels
            else delete draft.metadata.labels
          },
          signal,
        )
      }
      if (!label) return
      await kit.edit(
        CLUSTER_LABELS,
        label,
        (draft) => {
          if (isDeleting(draft)) dropFinalizer(draft, finalizer)
          else settle(kit, draft)
        },
        signal,
      )
    },
  }
}

/** The finalizer is there, and `spec.clusters` names each cluster once, none that does not exist. */
function settle(kit: Kit, draft: KubeObject): void {
  addFinalizer(draft, finalizer)
  const spec = draft['spec'] as { clusters?: string[] } | undefined
  if (!spec?.clusters) return
  const left = [...new Set(spec.clusters)].filter((cluster) => kit.get(CLUSTERS, cluster))
  if (left.length > 0) spec.clusters = left
  else delete spec.clusters
}

/** A cluster that was created with label ids in an annotation is bound to them once. */
export function labelIds(kit: Kit): Reconciler {
  return {
    name: 'cluster-label-ids',
    sources: [
      {
        gvr: CLUSTERS,
        keys: ({ entry }) => (entry.annotations[wanted] === undefined ? [] : [keyOf(entry)]),
      },
    ],
    reads: [CLUSTER_LABELS],
    async reconcile(key, signal) {
      const [, name] = splitKey(key)
      const cluster = kit.get(CLUSTERS, name)
      const ids = cluster?.metadata.annotations?.[wanted]
      if (!cluster || ids === undefined || isDeleting(cluster)) return
      for (const id of ids.split(',').map((text) => text.trim())) {
        const label = id ? kit.get(CLUSTER_LABELS, id) : undefined
        if (!label) continue
        await kit.edit(
          CLUSTER_LABELS,
          label,
          (draft) => {
            const clusters = [...new Set([...clustersOf(draft), name])]
            draft['spec'] = { ...(draft['spec'] as object), clusters }
          },
          signal,
        )
      }
      await kit.edit(
        CLUSTERS,
        cluster,
        (draft) => {
          const { [wanted]: _done, ...annotations } = draft.metadata.annotations ?? {}
          draft.metadata.annotations = annotations
        },
        signal,
      )
    },
  }
}
