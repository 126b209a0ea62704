import type { Logger } from 'pino'
import type { Config } from '../config/index.ts'
import type { App } from '../context/app.ts'
import { createAuthenticator } from '../context/authenticate.ts'
import { createAccessChanges, createAuthorizer } from '../domain/access/index.ts'
import { chartDownload, createApplication } from '../domain/application/index.ts'
import { createAuditor, type Auditor } from '../domain/auditing/index.ts'
import { createClusterService } from '../domain/cluster/index.ts'
import { createConfigSecrets } from '../domain/config-secrets.ts'
import { externalEffects, type Effects } from '../domain/effects.ts'
import { createGuard } from '../domain/guard.ts'
import { createIam } from '../domain/iam/index.ts'
import { createIdentity, type TokenCache } from '../domain/identity/index.ts'
import { createLive } from '../domain/live/index.ts'
import { createLogs } from '../domain/logs/index.ts'
import { createImages, createPlatform } from '../domain/platform/index.ts'
import { createRego } from '../domain/rego/index.ts'
import { createRegistry } from '../domain/registry/index.ts'
import { createCustomFilters, createResources, recoverJobs } from '../domain/resources/index.ts'
import { createTenant } from '../domain/tenant/index.ts'
import { createExecs, createTerminal } from '../domain/terminal/index.ts'
import { createClusters, type Clusters } from '../kube/clusters.ts'
import { createYamlReader } from '../lib/yaml/index.ts'
import {
  createLogger,
  createMetrics,
  createProfiler,
  createTracing,
  type Metrics,
} from '../telemetry/index.ts'

export interface Reconcilers extends AsyncDisposable {
  readonly effects: Effects
}

export interface AppOverrides {
  log?: Logger
  metrics?: Metrics
  now?: () => number
  ticks?: () => number
  /** Addresses of chart repositories and registries that may be asked although they are this machine's own. */
  openHosts?: readonly string[]
  /** Where tokens are kept unless that is Redis. */
  tokens?: TokenCache
  /** What there is once in a process and belongs to another thread; absent = all of it is this one's. */
  front?: { readonly auditor: Auditor | undefined }
  /** Starts the embedded reconcilers once the host cluster is connected; default: another process reconciles. */
  reconcile?: (clusters: Clusters, log: Logger) => Promise<Reconcilers>
}

/**
 * Connects to the host cluster and makes every service of the process. Throws ConfigError for a kubeconfig that cannot
 * be used and ApiError 503 for a cluster that does not answer; what was already made is released then.
 */
export async function createApp(config: Config, overrides: AppOverrides = {}): Promise<App> {
  const log = overrides.log ?? createLogger({ level: config.log.level })
  const metrics = overrides.metrics ?? createMetrics()
  const now = overrides.now ?? Date.now
  const ticks = overrides.ticks ?? (() => performance.now())
  await using stack = new AsyncDisposableStack()
  const tracing = stack.use(await createTracing({ config: config.facade.tracing, metrics, log }))
  const clusters = stack.use(await createClusters({ config, log, metrics, now: ticks }))
  const reconcilers = overrides.reconcile
    ? stack.use(await overrides.reconcile(clusters, log))
    : undefined
  const effects = reconcilers?.effects ?? externalEffects
  const host = clusters.host
  const { tokens } = overrides
  const identity = stack.use(
    await createIdentity({ config, host, log, metrics, now, ticks, tokens }),
  )
  const openHosts = [...config.facade.openHosts, ...(overrides.openHosts ?? [])]
  const resources = createResources({ effects, master: config.kubernetes.master, openHosts })
  if (!overrides.front) stack.use(recoverJobs({ client: host.client, log }))
  const registry = createRegistry({ openHosts })
  const rego = stack.use(createRego({ log, metrics, now: ticks }))
  const secrets = createConfigSecrets(host, log)
  const customFilters = stack.use(createCustomFilters({ secrets, rego }))
  const authorizer = await createAuthorizer({ mode: config.authorization.mode, host, rego, log })
  const iam = createIam({ host, authorizer, effects, identity, objects: resources.any })
  const tenant = createTenant({ host, clusters, authorizer, effects })
  const cluster = createClusterService({
    host,
    effects,
    jwtSecret: config.authentication.issuer.jwtSecret,
  })
  const platform = createPlatform({
    config,
    host,
    identity,
    images: stack.use(await createImages(config.cache, log)),
    download: chartDownload({ openHosts }),
  })
  const yaml = stack.use(createYamlReader())
  const application = stack.use(
    createApplication({
      host,
      yaml,
      s3: config.s3,
      openHosts,
      access: (name) => clusters.access(name),
    }),
  )
  const auditor = overrides.front
    ? overrides.front.auditor
    : createAuditor({ config: config.auditing, caches: host.caches, metrics, log, now })
  if (auditor) stack.use(auditor)
  const { mode } = config.authorization
  const liveToken = (token: string) => identity.liveToken(token)
  const access = stack.use(createAccessChanges({ caches: host.caches, log }))
  const watches = stack.use(createLive({ host, access, log, now: ticks }))
  stack.defer(metrics.watchSubscribers(() => watches.samples()))
  const guard = stack.use(createGuard({ changes: access, caches: host.caches, liveToken, log }))
  const terminal = stack.use(
    createTerminal({
      host,
      config,
      // Exec needs a role also where everything else is open.
      rbac:
        mode === 'RBAC' ? authorizer : await createAuthorizer({ mode: 'RBAC', host, rego, log }),
      authorizer,
      guard,
      auditor,
      log,
      now,
      ticks,
    }),
  )
  const execs = createExecs({ terminal, perUser: config.facade.terminal.execsPerUser })
  const logs = createLogs({ host, guard, authorizer, log })
  const authenticator = createAuthenticator({
    identity,
    trustedProxies: config.facade.trustedProxies,
  })
  const owned = stack.move()
  return {
    config,
    log,
    metrics,
    profiler: createProfiler(),
    tracing,
    now,
    ticks,
    clusters,
    authenticator,
    authorizer,
    identity,
    resources,
    registry,
    iam,
    tenant,
    cluster,
    platform,
    application,
    guard,
    logs,
    watches,
    terminal,
    execs,
    effects,
    yaml,
    customFilters,
    auditor,
    readiness() {
      const checks = host.caches.status().map(({ gvr, synced }) => ({
        name: `cache ${gvr.resource}${gvr.group ? `.${gvr.group}` : ''}`,
        ok: synced,
      }))
      return { ready: checks.length > 0 && checks.every(({ ok }) => ok), checks }
    },
    [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose](),
  }
}
