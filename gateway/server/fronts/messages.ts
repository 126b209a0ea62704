import type { MetricSamples } from '../../telemetry/index.ts'
import type { AuditFacts, AuditLevel } from '../../domain/auditing/index.ts'
import type { UserInfo } from '../../domain/operation.ts'
import type { Config } from '../../config/index.ts'

/** What a front is started with. */
export interface FrontData {
  readonly config: Config
  /** Path of the socket where the owner takes what fronts do not answer. */
  readonly socketPath: string
  readonly port: number
  /** A counter for each store that answers were made from; grows with each of its changes. */
  readonly versions: SharedArrayBuffer
  /** As of `OwnerTokens`. */
  readonly ended: SharedArrayBuffer
  /** As of `createPulse`, of this front alone. */
  readonly pulse: SharedArrayBuffer
  /** Absent where nothing is recorded. */
  readonly auditLevel: AuditLevel | undefined
  readonly logLevel: string
  readonly openHosts: readonly string[]
}

/** A route row that the owner runs for a front, which has judged that the caller may. */
export interface Call {
  /** `RouteRow.operation`. */
  readonly operation: string
  /** Of the request that it is for. */
  readonly requestId: string
  readonly params: Readonly<Record<string, string>>
  readonly query: string
  readonly user: UserInfo
  readonly sourceIP: string
  readonly userAgent: string
}

/** A counter of `FrontData.versions`, and what it was before the answer was made. */
export type Version = readonly [slot: number, count: number]

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[]>>
  readonly body: Uint8Array<ArrayBuffer>
  /** The same for every caller while these stand; absent = for this one request. */
  readonly versions?: readonly Version[] | undefined
}

/** How a call ended; `error` is for the log. */
export type Answered = { readonly id: number } & (
  { readonly answer: Answer } | { readonly error: string }
)

export type FromFront =
  | { readonly kind: 'listening'; readonly port: number }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'calls'; readonly calls: readonly (Call & { readonly id: number })[] }
  | {
      readonly kind: 'has'
      readonly id: number
      readonly username: string
      readonly token: string
    }
  | { readonly kind: 'audit'; readonly facts: AuditFacts }
  | { readonly kind: 'metrics'; readonly id: number; readonly samples: MetricSamples }

export type ToFront =
  | {
      readonly kind: 'answers'
      readonly answers: readonly Answered[]
    }
  | { readonly kind: 'has'; readonly id: number; readonly live: boolean }
  | { readonly kind: 'metrics'; readonly id: number }
  | { readonly kind: 'close' }
