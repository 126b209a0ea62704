import type { PackageStore } from '../../domain/application/index.ts'
import { dropFinalizer, isDeleting, type Kit } from './kit.ts'
import { APPLICATION_RELEASES, APPLICATION_VERSIONS } from './names.ts'
import { byLabel, own, splitKey, type Reconciler } from './reconciler.ts'

const FINALIZER = 'application.kubesphere.io/cleanup'
const OF_VERSION = 'application.kubesphere.io/appversion-id'

/**
 * The package of an application version goes with it, or with the last release of it (platform-apis.md §10.5, and edge 75
 * for what the original forgets).
 */
export function appVersions(kit: Kit, packages: PackageStore): Reconciler {
  return {
    name: 'app-version',
    sources: [own(APPLICATION_VERSIONS), byLabel(APPLICATION_RELEASES, OF_VERSION)],
    async reconcile(key, signal) {
      const [, name] = splitKey(key)
      const version = kit.get(APPLICATION_VERSIONS, name)
      if (version && !isDeleting(version)) return
      const [used] = kit.store(APPLICATION_RELEASES).withLabel(OF_VERSION, name)
      // Attachments are kept beside packages, and a release may name anything.
      if (!used && !/-att-[a-z0-9]{5}$/.test(name)) await packages.remove(name, signal)
      if (!version?.metadata.finalizers?.includes(FINALIZER)) return
      await kit.edit(
        APPLICATION_VERSIONS,
        version,
        (draft) => dropFinalizer(draft, FINALIZER),
        signal,
      )
    },
  }
}
