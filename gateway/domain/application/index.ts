import type { Config } from '../../config/index.ts'
import type { YamlReader } from '../../lib/yaml/index.ts'
import type { ClusterAccess } from '../../kube/api.ts'
import type { KubeObject } from '../../kube/types.ts'
import type { Operation } from '../operation.ts'
import { outsideHosts } from '../resources/index.ts'
import { appOperations, type AppOperations } from './apps.ts'
import { attachmentOperations, type AttachmentOperations } from './attachments.ts'
import { bucketPackages } from './bucket.ts'
import { categoryOperations, type CategoryOperations } from './categories.ts'
import { clusterObjectOperations, type ClusterObjectOperations } from './cluster-objects.ts'
import { exampleObject, type ExampleArgs } from './example-object.ts'
import { installOperations, type InstallOperations } from './installs.ts'
import { downloadChart } from './chart-repo.ts'
import type { ChartSource } from './chart-source.ts'
import { configMapPackages, type PackageStore } from './packages.ts'
import { releaseOperations, type ReleaseOperations } from './releases.ts'
import { repoOperations, type RepoOperations } from './repos.ts'
import { reviewOperations, type ReviewOperations } from './reviews.ts'
import { versionOperations, type VersionOperations } from './versions.ts'

export type { AppChange } from './apps.ts'
export type { CategoryDraft } from './categories.ts'
export type { ObjectDeps } from './cluster-objects.ts'
export { applyRelease, removeRelease, targetOf } from './manifest.ts'
export type { InstallDraft, ReleaseChange } from './installs.ts'
export { APPS, RELEASES, REPOS, STORE_CATEGORIES, VERSIONS, type Place } from './names.ts'
export type { PackageStore } from './packages.ts'
export type { RepoDeps } from './chart-source.ts'
export type { ReviewStep } from './reviews.ts'
export type { RepoDraft } from './repos.ts'
export { syncRepository, type SyncReport } from './sync.ts'
export type { VersionAction } from './versions.ts'
export type * from './types.ts'

/** The application store: repositories, applications, their versions, and what of them is installed. */
export interface ApplicationService extends AsyncDisposable {
  readonly repos: RepoOperations
  readonly apps: AppOperations
  readonly versions: VersionOperations
  readonly releases: ReleaseOperations
  readonly installs: InstallOperations
  readonly reviews: ReviewOperations
  readonly categories: CategoryOperations
  readonly attachments: AttachmentOperations
  readonly objects: ClusterObjectOperations
  readonly example: Operation<ExampleArgs, KubeObject>
  /** Most bytes of a package or an attachment. */
  readonly largestPackage: number
}

export interface ApplicationDeps {
  readonly host: ClusterAccess
  readonly yaml: YamlReader
  /** The bucket that packages are kept in; default, and without an endpoint: ConfigMaps. */
  readonly s3?: Config['s3'] | undefined
  /** Own access to a cluster by name; default: only the host is there. */
  readonly access?: ((cluster: string) => Promise<ClusterAccess>) | undefined
  /** Addresses and CIDRs of repositories that may be asked although they are closed, like this machine's own. */
  readonly openHosts?: readonly string[] | undefined
}

/** Archives of charts at http, https and oci addresses. Throws ApiError 400, 502 for one that cannot be had. */
export function chartDownload({ openHosts }: Pick<ApplicationDeps, 'openHosts'>) {
  const deps = { hosts: outsideHosts(openHosts) }
  return (source: ChartSource, signal: AbortSignal) => downloadChart(deps, source, signal)
}

/** Where this configuration has packages kept. Throws TypeError for a bucket that no address leads to. */
export function createPackages({ host, s3 }: Pick<ApplicationDeps, 'host' | 's3'>): PackageStore {
  const maps = configMapPackages(host)
  return s3?.endpoint ? bucketPackages(s3, maps) : maps
}

/** The store; the caller disposes it. Throws as `createPackages`. */
export function createApplication({
  host,
  yaml,
  s3,
  openHosts,
  access = async () => host,
}: ApplicationDeps): ApplicationService {
  const packages = createPackages({ host, s3 })
  const deps = { host, access, packages, yaml, hosts: outsideHosts(openHosts) }
  const versions = versionOperations(deps)
  const releases = releaseOperations(deps)
  return {
    repos: repoOperations(deps),
    apps: appOperations(deps),
    versions,
    releases,
    installs: installOperations(deps, releases),
    reviews: reviewOperations(versions),
    categories: categoryOperations(deps),
    attachments: attachmentOperations(deps),
    objects: clusterObjectOperations(deps),
    example: exampleObject(deps),
    largestPackage: packages.largest,
    [Symbol.asyncDispose]: () => packages[Symbol.asyncDispose](),
  }
}
