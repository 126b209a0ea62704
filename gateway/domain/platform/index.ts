import type { Config } from '../../config/index.ts'
import type { ClusterAccess } from '../../kube/api.ts'
import type { IdentityService } from '../identity/index.ts'
import { multiclusterOptions, oauthOptions, readTheme, writeTheme } from './configs.ts'
import type { ArchiveFile } from './archive.ts'
import { extensionFiles } from './extension-files.ts'
import type { ChartDownload } from './extension-files.ts'
import type { Images } from './images.ts'
import { availableScopes } from './ingress-scopes.ts'
import type { IngressClassScope } from './ingress-scopes.ts'
import { platformOperations } from './operations.ts'
import type { PlatformOperations } from './operations.ts'
import { createPlatformConfigs } from './platform-configs.ts'
import type { PlatformConfigs } from './platform-configs.ts'
import { createVersion } from './version.ts'
import type { PlatformVersion } from './version.ts'

export { PREFIX as CONFIG_SECRET_PREFIX } from './platform-configs.ts'
export { createImages, createMemoryImages, type Images } from './images.ts'
export type { ChartDownload } from './extension-files.ts'
export { chartFiles, type ArchiveFile, type Selection } from './archive.ts'
export type { IngressClassScope } from './ingress-scopes.ts'
export type { ConfigObject } from './shapes.ts'
export { PLATFORM_VERSION, type PlatformVersion } from './version.ts'

/** What the platform says about itself and its look. */
export interface PlatformService {
  /** Whether this process serves the host cluster: only there most of the configuration exists. */
  readonly isHost: boolean
  version(signal: AbortSignal): Promise<PlatformVersion>
  multicluster(): Record<string, unknown>
  oauth(): Promise<Record<string, unknown>>
  theme(): Promise<Record<string, string> | undefined>
  setTheme(theme: Record<string, string>, signal: AbortSignal): Promise<void>
  readonly configs: PlatformConfigs
  ingressScopes(namespace: string, signal: AbortSignal): Promise<readonly IngressClassScope[]>
  /** Chart files of an ExtensionVersion. */
  extensionFiles(version: string, signal: AbortSignal): Promise<readonly ArchiveFile[]>
  readonly images: Images
  /** The same with their permissions, for callers whose request is not judged by its path. */
  readonly operations: PlatformOperations
}

export function createPlatform(deps: {
  host: ClusterAccess
  config: Config
  identity: Pick<IdentityService, 'identityProviders'>
  /** The caller disposes them. */
  images: Images
  /** Gets archives of charts. */
  download: ChartDownload
}): PlatformService {
  const { host, config, identity, images, download } = deps
  const service = {
    isHost: config.multicluster.clusterRole === 'host',
    version: createVersion(host),
    multicluster: () => multiclusterOptions(config),
    oauth: () => oauthOptions(config, host, identity),
    theme: () => readTheme(host),
    setTheme: (theme: Record<string, string>, signal: AbortSignal) =>
      writeTheme(host, theme, signal),
    configs: createPlatformConfigs(host),
    ingressScopes: (namespace: string, signal: AbortSignal) =>
      availableScopes(host, namespace, signal),
    extensionFiles: (version: string, signal: AbortSignal) =>
      extensionFiles(host, download, version, signal),
    images,
  }
  return { ...service, operations: platformOperations(service) }
}
