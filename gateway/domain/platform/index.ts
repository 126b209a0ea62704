import type { ClusterAccess } from '../../kube/api.ts'
import { createVersion } from './version.ts'
import type { PlatformVersion } from './version.ts'

export type { PlatformVersion } from './version.ts'

/** What the platform says about itself. */
export interface PlatformService {
  version(signal: AbortSignal): Promise<PlatformVersion>
}

export function createPlatform(deps: { host: ClusterAccess }): PlatformService {
  return { version: createVersion(deps.host) }
}
