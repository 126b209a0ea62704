import type { Logger } from 'pino'
import type { Config } from '../config/index.ts'
import { ApiError } from '../lib/errors.ts'
import { parseGvr } from '../lib/gvr.ts'
import type { Metrics } from '../telemetry/index.ts'
import type { ClusterAccess, Entry, KubeObject, Store } from './api.ts'
import { createClusterAccess } from './cluster-access.ts'
import { CLUSTERS, isHost, isReady } from './cluster-object.ts'
import type { ForwardTarget } from './forward-target.ts'
import { loadKubeconfig } from './kubeconfig.ts'
import { createMembers } from './members.ts'

const PROBE_MS = 10_000
/** Milliseconds for which a cluster without KubeSphere's Cluster kind is not asked about it again. */
const ABSENT_MS = 10_000

export type ClusterRoute =
  | { kind: 'host' }
  | {
      kind: 'member'
      name: string
      target: ForwardTarget
      /** Ask `/api/v1/namespaces/kubesphere-system/services/:ks-apiserver:/proxy<path>`. */
      serviceProxy: boolean
    }

export interface Clusters extends AsyncDisposable {
  readonly host: ClusterAccess
  /** The host's kube-apiserver for the streaming proxy. */
  readonly hostTarget: ForwardTarget
  /**
   * Where a request for `/clusters/<name>` goes (pipeline.md §9). ApiError 400 ClusterNotFound, 503 ClusterNotReady,
   * 503 ClusterUnreachable.
   */
  route(name: string): Promise<ClusterRoute>
  /** Own access to a cluster's API server; the host's for the host. Errors as `route`. */
  access(name: string): Promise<ClusterAccess>
  /** Every Cluster object; empty where the kind is not served. */
  list(): Promise<KubeObject[]>
}

export interface ClustersOptions {
  config: Config
  log: Logger
  metrics?: Metrics
  now?: () => number
  env?: NodeJS.ProcessEnv
}

/**
 * Connects to the host cluster of `config.kubernetes` and follows its Cluster objects. Throws ConfigError for a
 * kubeconfig that cannot be used, ApiError 503 when the cluster does not answer within 10 s, 401 for bad credentials.
 */
export async function createClusters(options: ClustersOptions): Promise<Clusters> {
  const { config, log, metrics, now = Date.now, env = process.env } = options
  const { kubeconfig, master } = config.kubernetes
  await using stack = new AsyncDisposableStack()
  const credentials = await loadKubeconfig({ path: kubeconfig, master, env, now })
  const host = stack.use(createClusterAccess({ name: 'host', credentials, log, now }))
  await host.client.json({ path: '/version', signal: deadline(credentials.origin) })
  host.caches.pin(config.facade.caches.flatMap((text) => parseGvr(text) ?? []))
  const members = stack.use(createMembers({ log, now }))
  if (metrics) stack.defer(metrics.watchCaches(() => samples(host)))
  const followed = stack.use(followClusters(host, (name) => members.forget(name), now))

  async function resolve(name: string): Promise<Entry> {
    const store = await followed.store()
    const { hostClusterName } = config.multicluster
    const found =
      store?.get('', name) ??
      (name === 'host' && hostClusterName ? store?.get('', hostClusterName) : undefined)
    if (found) return found
    throw new ApiError(400, 'ClusterNotFound', `cluster ${name} not exists`)
  }

  function ready(entry: Entry): Entry {
    if (isReady(entry.object)) return entry
    throw new ApiError(503, 'ClusterNotReady', `cluster ${entry.name} is not ready`)
  }

  const owned = stack.move()
  return {
    host,
    hostTarget: host.client.target,
    async route(name) {
      const entry = await resolve(name)
      if (isHost(entry.object)) return { kind: 'host' }
      return { kind: 'member', name: entry.name, ...(await members.route(ready(entry))) }
    },
    async access(name) {
      const entry = await resolve(name)
      return isHost(entry.object) ? host : members.access(ready(entry))
    },
    async list() {
      const store = await followed.store()
      return store ? Array.from(store.entries(), ({ object }) => object) : []
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

/** The Cluster objects, where they are served; `gone` hears of each that is deleted. */
function followClusters(
  host: ClusterAccess,
  gone: (name: string) => void,
  now: () => number,
): Disposable & { store(): Promise<Store | undefined> } {
  let store: Store | undefined
  let end: (() => void) | undefined
  let absentUntil = 0
  return {
    async store() {
      if (store) return store
      if (now() < absentUntil) return undefined
      try {
        const found = await host.caches.store(CLUSTERS)
        end ??= found.subscribe(({ type, entry }) => {
          if (type === 'DELETED') gone(entry.name)
        })
        return (store = found)
      } catch (error) {
        if (!(error instanceof ApiError) || error.code !== 404) throw error
        absentUntil = now() + ABSENT_MS
        return undefined
      }
    },
    [Symbol.dispose]: () => end?.(),
  }
}

function deadline(origin: URL): AbortSignal {
  const late = new AbortController()
  const error = new ApiError(503, 'ServiceUnavailable', `${origin.origin} does not answer`)
  const timer = setTimeout(() => late.abort(error), PROBE_MS)
  timer.unref()
  return late.signal
}

function samples({ caches }: ClusterAccess) {
  return caches.status().map(({ gvr, ...status }) => ({ ...gvr, ...status }))
}
