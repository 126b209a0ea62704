import type { Logger } from 'pino'
import type { Config } from '../config/index.ts'
import type { ApplicationService } from '../domain/application/index.ts'
import type { Auditor } from '../domain/auditing/index.ts'
import type { ClusterService } from '../domain/cluster/index.ts'
import type { Effects } from '../domain/effects.ts'
import type { Guard } from '../domain/guard.ts'
import type { CustomFilters } from '../domain/operation.ts'
import type { IamService } from '../domain/iam/index.ts'
import type { IdentityService } from '../domain/identity/index.ts'
import type { LiveService } from '../domain/live/index.ts'
import type { LogService } from '../domain/logs/index.ts'
import type { PlatformService } from '../domain/platform/index.ts'
import type { RegistryService } from '../domain/registry/index.ts'
import type { ResourceService } from '../domain/resources/index.ts'
import type { TenantService } from '../domain/tenant/index.ts'
import type { ExecService, TerminalService } from '../domain/terminal/index.ts'
import type { Clusters } from '../kube/clusters.ts'
import type { YamlReader } from '../lib/yaml/index.ts'
import type { Metrics, Profiler, Tracing } from '../telemetry/index.ts'
import type { Authenticator, Authorizer } from './types.ts'

/** One per process: everything with a lifetime longer than a request. Made by `createApp` in gateway/server. */
export interface App extends AsyncDisposable {
  readonly config: Config
  readonly log: Logger
  readonly metrics: Metrics
  readonly profiler: Profiler
  /** Absent in tests that need none. */
  readonly tracing?: Tracing | undefined
  /** Epoch milliseconds, for what has a date. */
  readonly now: () => number
  /** Milliseconds of a clock that is never set, for what lasts. */
  readonly ticks: () => number
  readonly clusters: Clusters
  readonly authenticator: Authenticator
  readonly authorizer: Authorizer
  readonly identity: IdentityService
  readonly resources: ResourceService
  readonly registry: RegistryService
  readonly iam: IamService
  readonly tenant: TenantService
  readonly cluster: ClusterService
  readonly platform: PlatformService
  readonly application: ApplicationService
  /** Ends what lasts longer than the right to it. */
  readonly guard: Guard
  /** Subscriptions to the objects of clusters. */
  readonly watches: LiveService
  readonly logs: LogService
  readonly terminal: TerminalService
  readonly execs: ExecService
  readonly effects: Effects
  /** Reads YAML of callers. */
  readonly yaml: YamlReader
  /** Absent in tests that need none. */
  readonly customFilters?: CustomFilters | undefined
  /** Absent where the configuration records nothing. */
  readonly auditor?: Auditor | undefined
  /** What `/readyz` says: initial sync of the caches that every request needs. */
  readiness(): { ready: boolean; checks: { name: string; ok: boolean; message?: string }[] }
}
