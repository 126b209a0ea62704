import type { Logger } from 'pino'
import type { Config } from '../../config/index.ts'
import { createPackages } from '../../domain/application/index.ts'
import type { Effects } from '../../domain/effects.ts'
import { PLATFORM_VERSION } from '../../domain/platform/index.ts'
import { outsideHosts } from '../../domain/resources/index.ts'
import type { Change, ClusterAccess, Store } from '../../kube/api.ts'
import type { GVR } from '../../kube/types.ts'
import { notFound } from '../../lib/errors.ts'
import { createYamlReader } from '../../lib/yaml/index.ts'
import { accountAnnotations } from './accounts.ts'
import { appCategories } from './app-categories.ts'
import { appReleases } from './app-releases.ts'
import { appRepos, workspaceRepos } from './app-repos.ts'
import { appVersions } from './app-versions.ts'
import { clusterLabels, labelIds } from './cluster-labels.ts'
import { configSecrets } from './config-secrets.ts'
import { embeddedEffects } from './effects.ts'
import { finalizers } from './finalizers.ts'
import { hostClusterStatus } from './host-cluster.ts'
import { kubeconfigs } from './kubeconfigs.ts'
import { Kit, storeKey, type ControllerSettings } from './kit.ts'
import { logins } from './logins.ts'
import { memberClusters } from './member-clusters.ts'
import { memberCopies } from './member-copies.ts'
import { mirrors } from './mirrors.ts'
import { BUILTIN_ROLES } from './names.ts'
import { namespaces } from './namespaces.ts'
import { workspaceOwners } from './owners.ts'
import { platformAdmins } from './platform-admins.ts'
import { WorkQueue } from './queue.ts'
import type { Reconciler, Source } from './reconciler.ts'
import { roles } from './roles.ts'
import { orphans } from './user-cleanup.ts'
import { users } from './users.ts'
import { workspaces, type Leaving } from './workspaces.ts'

export interface ControllerOptions {
  readonly host: ClusterAccess
  readonly config: Pick<Config, 'authentication' | 'multicluster' | 's3'>
  readonly log: Logger
  /** Epoch milliseconds; default the clock. */
  readonly now?: () => number
  /** Addresses of chart repositories that may be read although they are this machine's own. */
  readonly openHosts?: readonly string[] | undefined
  /** Own access to a cluster by name; default: only the host is there. */
  readonly access?: ((cluster: string) => Promise<ClusterAccess>) | undefined
}

/** What ks-controller-manager does in an installation of the original, for embedded mode. */
export interface Controllers extends AsyncDisposable {
  /** The same work inline, for write handlers. */
  readonly effects: Effects
  /**
   * Resolves when nothing has been waiting or running for `quietMs` (default 300): what a write leads to is then done.
   * Objects that keep failing and timers for later are not waited for. Rejects when `signal` is aborted.
   */
  settled(signal?: AbortSignal, quietMs?: number): Promise<void>
}

/**
 * Starts the reconcilers on the watch caches of the host cluster; resolves when all caches are synced and every object
 * is queued once. Throws ApiError when a resource that they need is not served.
 */
export async function startControllers(options: ControllerOptions): Promise<Controllers> {
  const { host, log } = options
  const now = options.now ?? Date.now
  const leaving: Leaving = new Set()
  const stores = new Map<string, Store>()
  const kit = new Kit({ host, settings: settingsOf(options), log, now, stores })
  await using stack = new AsyncDisposableStack()
  const packages = stack.use(createPackages({ host, s3: options.config.s3 }))
  const yaml = stack.use(createYamlReader())
  const reconcilers: Reconciler[] = [
    users(kit),
    orphans(kit),
    accountAnnotations(kit),
    logins(kit),
    configSecrets(kit),
    roles(kit),
    workspaces(kit, leaving),
    namespaces(kit),
    ...workspaceOwners(kit),
    hostClusterStatus(kit),
    memberClusters(kit),
    memberCopies(kit),
    clusterLabels(kit),
    labelIds(kit),
    platformAdmins(kit),
    ...mirrors(kit),
    kubeconfigs(kit),
    ...finalizers(kit),
    appVersions(kit, packages),
    appCategories(kit),
    appReleases(kit, {
      host,
      packages,
      yaml,
      access: options.access ?? hostOnly(host, kit.settings.hostName),
    }),
    appRepos(kit, { host, packages, yaml, hosts: outsideHosts(options.openHosts) }),
    workspaceRepos(kit),
  ]
  await openStores(host, reconcilers, stores)

  const queues = new Map<string, WorkQueue>()
  for (const { name, sources, reconcile } of reconcilers) {
    const queue = stack.use(new WorkQueue(reconcile, { onError: report(log, name) }))
    queues.set(name, queue)
    for (const source of sources) {
      const stop = follow(kit.store(source.gvr), source, queue)
      stack.defer(stop)
    }
  }
  const named = (name: string): WorkQueue => {
    const queue = queues.get(name)
    if (!queue) throw new TypeError(`no reconciler is called ${name}`)
    return queue
  }
  const owned = stack.move()
  return {
    effects: embeddedEffects(kit, named, leaving),
    settled: (signal, quietMs = 300) => quiet([...queues.values()], quietMs, signal),
    [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose](),
  }
}

/** Access to the host by its name. Throws ApiError 404 for any other cluster. */
function hostOnly(host: ClusterAccess, hostName: string) {
  return async (cluster: string): Promise<ClusterAccess> => {
    if (cluster === hostName) return host
    throw notFound('cluster.kubesphere.io', 'Cluster', cluster)
  }
}

function settingsOf({ config }: ControllerOptions): ControllerSettings {
  const { authentication, multicluster } = config
  return {
    hostName: multicluster.hostClusterName,
    platformVersion: PLATFORM_VERSION,
    clusterResyncMs: multicluster.clusterControllerResyncPeriodMs,
    maxLoginFailures: authentication.authenticateRateLimiterMaxTries,
    loginFailureWindowMs: authentication.authenticateRateLimiterDurationMs,
    loginHistoryMs: authentication.loginHistoryRetentionPeriodMs,
    loginHistoryEntries: authentication.loginHistoryMaximumEntries,
  }
}

async function openStores(
  host: ClusterAccess,
  reconcilers: readonly Reconciler[],
  stores: Map<string, Store>,
): Promise<void> {
  const needed: GVR[] = [
    BUILTIN_ROLES,
    ...reconcilers.flatMap(({ sources, reads = [] }) => [
      ...sources.map(({ gvr }) => gvr),
      ...reads,
    ]),
  ]
  const unique = new Map(needed.map((gvr) => [storeKey(gvr), gvr]))
  await Promise.all(
    [...unique].map(async ([key, gvr]) => {
      stores.set(key, await host.caches.store(gvr))
    }),
  )
}

/** Queues every object once, then what changes. Returns what ends it. */
function follow(store: Store, source: Source, queue: WorkQueue): () => void {
  const put = (change: Change): void => {
    for (const key of source.keys(change)) {
      if (source.delayMs) queue.addSoon(key, source.delayMs)
      else queue.add(key)
    }
  }
  const stop = source.onlyAtStart ? () => {} : store.subscribe(put)
  const first = { type: 'ADDED', previous: undefined, listed: true } as const
  for (const entry of store.entries()) put({ ...first, entry, version: store.resourceVersion })
  return stop
}

function report(log: Logger, name: string) {
  return (key: string, error: unknown, failures: number): void => {
    // One retry is normal: objects change while they are worked on.
    const level = failures > 2 ? 'warn' : 'debug'
    log[level]({ reconciler: name, key, failures, err: error }, 'reconciler failed, trying again')
  }
}

async function quiet(
  queues: readonly WorkQueue[],
  quietMs: number,
  signal?: AbortSignal,
): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    let timer: NodeJS.Timeout | undefined
    const stops: (() => void)[] = []
    const finish = (done: () => void): void => {
      clearTimeout(timer)
      for (const stop of stops) stop()
      signal?.removeEventListener('abort', abort)
      done()
    }
    const abort = (): void => finish(() => reject(signal?.reason as Error))
    const check = (): void => {
      clearTimeout(timer)
      timer = setTimeout(() => {
        if (queues.every(({ idle }) => idle)) finish(resolve)
        else check()
      }, quietMs)
    }
    if (signal?.aborted) return abort()
    signal?.addEventListener('abort', abort)
    for (const queue of queues) stops.push(queue.onChange(check))
    check()
  })
}
