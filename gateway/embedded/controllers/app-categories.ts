import { isDeleting, type Kit } from './kit.ts'
import { APPLICATION_CATEGORIES, APPLICATIONS } from './names.ts'
import { byLabel, own, splitKey, type Reconciler } from './reconciler.ts'

const IN_CATEGORY = 'application.kubesphere.io/app-category-name'
const OF_REPO = 'application.kubesphere.io/repo-name'

/** `status.total` of a category: the uploaded applications in it (objects-and-controllers.md §3.7). */
export function appCategories(kit: Kit): Reconciler {
  return {
    name: 'app-category',
    sources: [own(APPLICATION_CATEGORIES), byLabel(APPLICATIONS, IN_CATEGORY, 100)],
    async reconcile(key, signal) {
      const [, name] = splitKey(key)
      const category = kit.get(APPLICATION_CATEGORIES, name)
      if (!category || isDeleting(category)) return
      let total = 0
      for (const { labels } of kit.store(APPLICATIONS).withLabel(IN_CATEGORY, name)) {
        if (labels[OF_REPO] === 'upload') total++
      }
      const status = category['status'] as { total?: number } | undefined
      if ((status?.total ?? 0) === total) return
      await kit.setStatus(APPLICATION_CATEGORIES, name, { total }, signal)
    },
  }
}
