import { CLUSTERS, CLUSTER_LABELS } from '../../domain/names.ts'
import { dropFinalizer, isDeleting, type Kit } from './kit.ts'
import { own, splitKey, type Reconciler } from './reconciler.ts'

const finalizer = 'finalizers.kubesphere.io/cluster-label'
const prefix = 'label.cluster.kubesphere.io/'

/** Marks on clusters that follow `spec.clusters` of a Label (objects-and-controllers.md §3.5). */
export function clusterLabels(kit: Kit): Reconciler {
  return {
    name: 'cluster-label',
    sources: [own(CLUSTER_LABELS)],
    reads: [CLUSTERS],
    async reconcile(key, signal) {
      const [, name] = splitKey(key)
      const label = kit.get(CLUSTER_LABELS, name)
      const spec = label?.['spec'] as { clusters?: string[] } | undefined
      const bound = new Set(label && !isDeleting(label) ? spec?.clusters : [])
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
      if (label && isDeleting(label)) {
        await kit.edit(CLUSTER_LABELS, label, (draft) => dropFinalizer(draft, finalizer), signal)
      }
    },
  }
}
