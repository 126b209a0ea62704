import { hostname } from 'node:os'
import { setImmediate as turn } from 'node:timers/promises'
import type { Logger } from 'pino'
import { ConfigError, type Config } from '../../config/index.ts'
import type { CacheSet } from '../../kube/api.ts'
import { goJson } from '../../lib/go-json.ts'
import type { Metrics } from '../../telemetry/index.ts'
import { NAMESPACES, WORKSPACE_LABEL } from '../names.ts'
import { auditEvent, hostAddress } from './event.ts'
import { logSink } from './log-sink.ts'
import { createQueue } from './queue.ts'
import type { AuditFacts, AuditLevel, AuditSink, Auditor } from './types.ts'
import { webhookSink } from './webhook-sink.ts'

export { REQUEST_ID } from './types.ts'
export type { AuditFacts, AuditLevel, Auditor } from './types.ts'

export interface AuditorOptions {
  readonly config: Config['auditing']
  readonly caches: CacheSet
  readonly metrics: Pick<Metrics, 'auditEvents'>
  readonly log: Logger
  readonly now: () => number
  readonly env?: NodeJS.ProcessEnv
  /** Most events that wait for delivery. */
  readonly limit?: number
}

interface Item {
  readonly facts: AuditFacts
  readonly workspace: string
}

/** Most events, and bytes of their bodies, that wait; what comes on top is dropped and counted. */
const MOST_EVENTS = 10_000
const MOST_BYTES = 64 * 1024 * 1024
/** Bytes of bodies that are worked on before others get a turn. */
const TURN_BYTES = 64 * 1024
const EVENT_BYTES = 1024

const SYSTEM_NAMESPACE = 'kubesphere-system'
const CLUSTER_NAME = 'cluster.kubesphere.io/name'

/**
 * Records requests as `auditing` of the configuration says (pipeline.md §11); undefined where it says none: not enabled,
 * level `None` or an unknown one, no sink. Throws ConfigError for a webhook that is no address.
 */
export function createAuditor(options: AuditorOptions): Auditor | undefined {
  const { config, caches, log, metrics } = options
  const level = levelOf(config)
  if (!level) return undefined
  const sinks = sinksOf(config, options.now)
  if (sinks.length === 0) return undefined
  // Kept running, so that a namespace's workspace is known when a request on it ends.
  caches.store(NAMESPACES).catch((error: unknown) => {
    log.warn({ err: error }, 'audit events will lack the workspace of their namespace')
  })
  const { HOSTNAME = hostname() } = options.env ?? process.env
  const hostIP = hostAddress()

  async function deliver(batch: readonly Item[]): Promise<void> {
    const place = { cluster: clusterName(caches), hostName: HOSTNAME, hostIP }
    const texts: string[] = []
    let worked = 0
    for (const { facts, workspace } of batch) {
      texts.push(goJson(auditEvent(facts, level ?? 'Metadata', place, workspace)))
      worked += sizeOf({ facts })
      if (worked > TURN_BYTES) {
        worked = 0
        await turn()
      }
    }
    await Promise.all(sinks.map((sink) => give(sink, texts)))
  }

  async function give(sink: AuditSink, texts: readonly string[]): Promise<void> {
    try {
      await sink.deliver(texts)
      metrics.auditEvents(sink.name, 'delivered', texts.length)
    } catch (error) {
      metrics.auditEvents(sink.name, 'failed', texts.length)
      log.warn({ err: error, sink: sink.name, events: texts.length }, 'audit events are lost')
    }
  }

  const queue = createQueue<Item>({
    limit: options.limit ?? MOST_EVENTS,
    byteLimit: MOST_BYTES,
    sizeOf,
    batchSize: config.eventBatchSize || 100,
    intervalMs: config.eventBatchIntervalMs || 3000,
    senders: config.webhookOptions.eventSendersNum || 100,
    deliver,
  })
  return {
    level,
    record(facts) {
      if (!queue.push({ facts, workspace: workspaceOf(caches, facts) })) {
        metrics.auditEvents('queue', 'overflow', 1)
      }
    },
    async [Symbol.asyncDispose]() {
      await queue[Symbol.asyncDispose]()
      await Promise.all(sinks.map((sink) => sink[Symbol.asyncDispose]()))
    },
  }
}

function levelOf({ enable, auditLevel }: Config['auditing']): AuditLevel | undefined {
  if (!enable) return undefined
  const levels: readonly AuditLevel[] = ['Metadata', 'Request', 'RequestResponse']
  return levels.find((level) => level === (auditLevel || 'Metadata'))
}

function sinksOf(config: Config['auditing'], now: () => number): AuditSink[] {
  const { webhookOptions, logOptions } = config
  const sinks: AuditSink[] = []
  if (webhookOptions.webhookUrl) {
    try {
      sinks.push(webhookSink(webhookOptions.webhookUrl))
    } catch (error) {
      throw new ConfigError(
        `auditing.webhookOptions.webhookUrl: ${JSON.stringify(webhookOptions.webhookUrl)} is no http or https address`,
        { cause: error },
      )
    }
  }
  if (logOptions.path) sinks.push(logSink({ ...logOptions, now }))
  return sinks
}

function sizeOf({ facts }: Pick<Item, 'facts'>): number {
  return EVENT_BYTES + (facts.requestBody?.length ?? 0) + (facts.responseBody?.length ?? 0)
}

/** The workspace that a namespace belongs to, of requests that name none themselves. */
function workspaceOf(caches: CacheSet, { asked }: AuditFacts): string {
  if (asked.workspace) return asked.workspace
  const namespace = asked.namespace || (asked.resource === 'namespaces' ? asked.name : '')
  if (!namespace) return ''
  return caches.peek(NAMESPACES)?.get('', namespace)?.labels[WORKSPACE_LABEL] ?? ''
}

function clusterName(caches: CacheSet): string {
  return caches.peek(NAMESPACES)?.get('', SYSTEM_NAMESPACE)?.annotations[CLUSTER_NAME] ?? ''
}
