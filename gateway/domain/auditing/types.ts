import type { Attributes, UserInfo } from '../operation.ts'

/** The annotation of an event with the id that the log has of its request. */
export const REQUEST_ID = 'ks-facade/request-id'

/** How much of a request is recorded (pipeline.md §11). */
export type AuditLevel = 'Metadata' | 'Request' | 'RequestResponse'

/** What is known of a request once it is over. */
export interface AuditFacts {
  readonly user: UserInfo
  readonly asked: Attributes
  readonly sourceIP: string
  readonly userAgent: string
  /** Epoch milliseconds. */
  readonly receivedAt: number
  readonly completedAt: number
  /** Absent where no answer was written, or the connection was taken over. */
  readonly status?: number | undefined
  /** Bytes of JSON, as far as the level wants them and they were within bounds. */
  readonly requestBody?: Uint8Array | undefined
  readonly responseBody?: Uint8Array | undefined
  /** What is known beyond the request. */
  readonly annotations?: Readonly<Record<string, string>> | undefined
}

/** An event as sinks get it; names and order are the original's. */
export interface AuditEvent {
  Workspace: string
  Cluster: string
  Message: ''
  HostName: string
  HostIP: string
  Level: AuditLevel
  AuditID: string
  Stage: 'ResponseComplete'
  RequestURI: string
  Verb: string
  User: { username: string; uid?: string; groups?: readonly string[]; extra?: object }
  ImpersonatedUser: null
  SourceIPs: string[]
  UserAgent: string
  ObjectRef: {
    Resource: string
    Namespace: string
    Name: string
    UID: ''
    APIGroup: string
    APIVersion: string
    /** The scope of the request, in the original's place for it. */
    ResourceVersion: string
    Subresource: string
  }
  ResponseStatus: { metadata: object; code?: number }
  RequestObject: unknown
  ResponseObject: unknown
  /** RFC 3339 with six digits. */
  RequestReceivedTimestamp: string
  StageTimestamp: string
  Annotations: Readonly<Record<string, string>> | null
}

/** Where events go, each as one JSON text. */
export interface AuditSink extends AsyncDisposable {
  readonly name: 'webhook' | 'log'
  /** Resolves when all of them are delivered; rejects when they are not. */
  deliver(events: readonly string[]): Promise<void>
}

export interface Auditor extends AsyncDisposable {
  readonly level: AuditLevel
  /** Queues an event and returns at once; what finds the queue full is counted and dropped. */
  record(facts: AuditFacts): void
}
