import type { IncomingMessage } from 'node:http'
import type { Duplex, Readable } from 'node:stream'
import type { App } from '../../gateway/context/app.ts'
import type { RequestContext } from '../../gateway/context/types.ts'
import type { ExtensionDocuments } from '../../gateway/domain/extensions/index.ts'

/**
 * A REST route is a row of data. The router, OpenAPI, metric labels, the permission table test and docs/compat.md
 * all read the same rows; nothing else knows a path.
 */
export interface RouteRow {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Full template with go-restful parameters: `/kapis/iam.kubesphere.io/v1beta1/users/{user}/password`. */
  readonly path: string
  /** Unique; the OpenAPI operationId. */
  readonly operation: string
  readonly summary: string
  readonly tags: readonly string[]
  /** A concrete request target, for the permission and documentation tests. */
  readonly sample: string
  /** Media types accepted in a body; absent = any (the handler decodes). */
  readonly consumes?: readonly string[]
  /** Media types offered; absent = `application/json`. */
  readonly produces?: readonly string[]
  readonly query?: readonly { readonly name: string; readonly description: string }[]
  readonly deprecated?: boolean
  /**
   * Served by Go's ServeMux in the original, before go-restful: exactly this path (no trailing slash) and whatever
   * the method.
   */
  readonly mux?: true
  /** A handler that needs nothing of a request but its parameters and query, and that may run in another thread than it came to. */
  readonly anyThread?: true
  readonly handler: RouteHandler
  /** Takes over the connection when the client asked for an upgrade; without it an upgrade is answered by `handler`. */
  readonly upgrade?: UpgradeHandler
}

export interface RouteRequest {
  readonly app: App
  readonly ctx: RequestContext
  /** Percent-decoded path parameters by name. */
  readonly params: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  readonly req: IncomingMessage
  /** OpenAPI documents of extensions, for whoever describes the server. */
  readonly documents?: ExtensionDocuments | undefined
  /** The body as bytes; ApiError 413 beyond `limit` (default 4 MiB). */
  bytes(limit?: number): Promise<Uint8Array>
  /** The body decoded as go-restful's ReadEntity does (pipeline.md §16, resources-tenant.md §1.3). */
  entity<T>(): Promise<T>
}

export interface Reply {
  readonly status: number
  readonly headers?: Readonly<Record<string, string | string[]>>
  readonly body?: string | Uint8Array | Readable
}

/** Owns `socket` until it ends; a Reply is written as a plain HTTP answer and the connection closed. */
export type UpgradeHandler = (
  rq: RouteRequest,
  socket: Duplex,
  head: Buffer,
) => Promise<Reply | void>

export type RouteHandler = (rq: RouteRequest) => Promise<Reply> | Reply

/**
 * Checks a table at load time (unique operation names, sample fits the template) and returns it. Rows of one path stand in
 * the order in which the original's 405 names their methods.
 */
export function defineRoutes(rows: readonly RouteRow[]): readonly RouteRow[] {
  const seen = new Set<string>()
  for (const row of rows) {
    if (seen.has(row.operation)) throw new Error(`route operation ${row.operation} declared twice`)
    seen.add(row.operation)
    const template = row.path.split('/').length
    const sample = row.sample.split('?')[0]?.split('/').length
    if (!row.path.includes('*') && template !== sample) {
      throw new Error(`sample ${row.sample} does not fit ${row.path}`)
    }
  }
  return rows
}
