import type { ClusterAccess } from '../../kube/api.ts'
import type { KubeObject } from '../../kube/types.ts'
import type { Operation } from '../operation.ts'
import { outsideHosts } from '../resources/index.ts'
import { appOperations, type AppOperations } from './apps.ts'
import { attachmentOperations, type AttachmentOperations } from './attachments.ts'
import { categoryOperations, type CategoryOperations } from './categories.ts'
import { clusterObjectOperations, type ClusterObjectOperations } from './cluster-objects.ts'
import { exampleObject, type ExampleArgs } from './example-object.ts'
import { releaseOperations, type ReleaseOperations } from './releases.ts'
import { repoOperations, type RepoOperations } from './repos.ts'
import { versionOperations, type VersionOperations } from './versions.ts'

export type { AppChange } from './apps.ts'
export type { CategoryDraft } from './categories.ts'
export type { Place } from './names.ts'
export type { RepoDraft } from './repos.ts'
export type { VersionAction } from './versions.ts'
export type * from './types.ts'

/** The application store: repositories, applications, their versions, and what of them is installed. */
export interface ApplicationService {
  readonly repos: RepoOperations
  readonly apps: AppOperations
  readonly versions: VersionOperations
  readonly releases: ReleaseOperations
  readonly categories: CategoryOperations
  readonly attachments: AttachmentOperations
  readonly objects: ClusterObjectOperations
  readonly example: Operation<ExampleArgs, KubeObject>
}

export interface ApplicationDeps {
  readonly host: ClusterAccess
  /** Own access to a cluster by name; default: only the host is there. */
  readonly access?: ((cluster: string) => Promise<ClusterAccess>) | undefined
  /** Addresses and CIDRs of repositories that may be asked although they are closed, like this machine's own. */
  readonly openHosts?: readonly string[] | undefined
}

export function createApplication({
  host,
  openHosts,
  access = async () => host,
}: ApplicationDeps): ApplicationService {
  const deps = { host, access, hosts: outsideHosts(openHosts) }
  return {
    repos: repoOperations(deps),
    apps: appOperations(deps),
    versions: versionOperations(deps),
    releases: releaseOperations(deps),
    categories: categoryOperations(deps),
    attachments: attachmentOperations(deps),
    objects: clusterObjectOperations(deps),
    example: exampleObject(deps),
  }
}
