import type { KindInfo } from '../../kube/types.ts'
import type { LabelSelector } from '../../lib/labels.ts'

/** One line of a log, or a part of a long one. */
export interface LogLine {
  /** When it was written, as the runtime wrote it (RFC 3339, nanoseconds); null where that is not known. */
  readonly time: string | null
  /** Without the end of the line. Shared with others: not to be changed. */
  readonly bytes: Buffer
  /** Whether the next line of the same container goes on where this one stops. */
  readonly continues: boolean
}

/** Which part of a log is wanted. Absent members are no bound. */
export interface LogOptions {
  readonly follow: boolean
  /** The run before the present one of each container; it is over, so there is nothing to follow. */
  readonly previous: boolean
  /** Lines from the end of what is there. */
  readonly tailLines?: number | undefined
  readonly sinceSeconds?: number | undefined
  /** RFC 3339. */
  readonly sinceTime?: string | undefined
  /** Bytes of each run, ends of lines included. */
  readonly limitBytes?: number | undefined
  /** Only lines that hold this text. */
  readonly match?: string | undefined
}

/** What is given of one container at a time. */
export interface LogChunk {
  readonly pod: string
  readonly container: string
  /** Lines; or: the log of a run was opened, nothing more comes of it, it cannot be read (`message` says why). */
  readonly event: 'LINES' | 'STARTED' | 'ENDED' | 'FAILED'
  /** At most 64 KiB. */
  readonly lines: readonly LogLine[]
  /** Bytes of these lines that were too far in front of the match to be kept. */
  readonly droppedBytes: number
  readonly message: string
}

/** What comes of one container at a time. */
export type LogPart =
  | { readonly event: 'LINES'; readonly lines: readonly LogLine[]; readonly droppedBytes: number }
  | { readonly event: 'STARTED' | 'ENDED' }
  | { readonly event: 'FAILED'; readonly error: unknown }

/** Iterate once; nothing is opened before. As slow as its reader. Ends with the logs, throws ApiError when they are lost. */
export type LogStream = AsyncIterableIterator<LogChunk, undefined, undefined>

export interface ContainerAddress {
  readonly namespace: string
  readonly pod: string
  readonly container: string
}

export interface PodLogArgs {
  readonly namespace: string
  readonly pod: string
  /** All regular containers without it; init and ephemeral ones by name. */
  readonly containers?: readonly string[] | undefined
  readonly options: LogOptions
}

/** What makes pods. */
export interface Workload {
  readonly info: KindInfo
  readonly name: string
  readonly uid: string
}

export interface PodsLogArgs {
  readonly namespace: string
  /** As of PodLogArgs; pods that have none of them are left aside. */
  readonly containers?: readonly string[] | undefined
  readonly options: LogOptions
  /** Pods with such labels. Without it: those of the Jobs of `workload`, which is a CronJob. */
  readonly selector?: LabelSelector | undefined
  /** Once it is gone, or a Job that is done, no more pods are waited for. */
  readonly workload?: Workload | undefined
}

/** Most bytes of a line, or part of one, and of all lines of a chunk. */
export const CHUNK_BYTES = 64 * 1024
