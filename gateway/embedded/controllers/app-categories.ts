import type { KubeObject } from '../../kube/types.ts'
import { addFinalizer, dropFinalizer, isDeleting, type Kit } from './kit.ts'
import { APPLICATION_CATEGORIES, APPLICATIONS } from './names.ts'
import { byLabel, own, splitKey, type Reconciler } from './reconciler.ts'

const IN_CATEGORY = 'application.kubesphere.io/app-category-name'
const OF_REPO = 'application.kubesphere.io/repo-name'
const FINALIZER = 'categories.application.kubesphere.io'

/**
 * `status.total` of a category: the uploaded applications in it (objects-and-controllers.md §3.7). One that is deleted goes
 * when none is left.
 */
export function appCategories(kit: Kit): Reconciler {
  return {
    name: 'app-category',
    sources: [own(APPLICATION_CATEGORIES), byLabel(APPLICATIONS, IN_CATEGORY, 100)],
    async reconcile(key, signal) {
      const [, name] = splitKey(key)
      const category = kit.get(APPLICATION_CATEGORIES, name)
      if (!category) return
      let total = 0
      for (const { labels } of kit.store(APPLICATIONS).withLabel(IN_CATEGORY, name)) {
        if (labels[OF_REPO] === 'upload') total++
      }
      if (isDeleting(category)) {
        const held = total > 0 || !category.metadata.finalizers?.includes(FINALIZER)
        const release = (draft: KubeObject): void => dropFinalizer(draft, FINALIZER)
        if (!held) await kit.edit(APPLICATION_CATEGORIES, category, release, signal)
        return
      }
      const guard = (draft: KubeObject): void => addFinalizer(draft, FINALIZER)
      await kit.edit(APPLICATION_CATEGORIES, category, guard, signal)
      const status = category['status'] as { total?: number } | undefined
      if ((status?.total ?? 0) === total) return
      await kit.setStatus(APPLICATION_CATEGORIES, name, { total }, signal)
    },
  }
}
