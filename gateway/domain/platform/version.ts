import { ApiError } from '../../lib/errors.ts'
import type { ClusterAccess } from '../../kube/api.ts'

/** What kube-apiserver says of itself, in its own key order. */
export type KubernetesVersion = Record<string, unknown>

export interface PlatformVersion {
  gitVersion: string
  gitMajor: string
  gitMinor: string
  gitCommit: string
  gitTreeState: string
  buildDate: string
  goVersion: string
  compiler: string
  platform: string
  kubernetes?: KubernetesVersion
}

/** The ks-apiserver whose API this is. Consoles and host clusters parse it and compare. */
const API_VERSION = { gitVersion: 'v4.1.3', gitMajor: '4', gitMinor: '1' }

/** What `/version` says, and the host's Cluster object with it. */
export const PLATFORM_VERSION = API_VERSION.gitVersion

const ARCH: Record<string, string> = { x64: 'amd64', ia32: '386' }

/**
 * Version of this server and of the host's Kubernetes, which is asked once and kept. While it cannot be reached the
 * answer lacks `kubernetes` and is tried again next time.
 */
export function createVersion(
  host: ClusterAccess,
): (signal: AbortSignal) => Promise<PlatformVersion> {
  let known: KubernetesVersion | undefined
  const own: PlatformVersion = {
    ...API_VERSION,
    gitCommit: 'unknown',
    gitTreeState: 'unknown',
    buildDate: 'unknown',
    goVersion: `node${process.versions.node}`,
    compiler: 'v8',
    platform: `${process.platform}/${ARCH[process.arch] ?? process.arch}`,
  }
  return async (signal) => {
    try {
      known ??= await host.client.json<KubernetesVersion>({ path: '/version', signal })
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
    }
    return known ? { ...own, kubernetes: known } : own
  }
}
