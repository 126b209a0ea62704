import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import type { Dispatcher } from 'undici'

/** An upstream that requests can be forwarded to. */
export interface ForwardTarget {
  /** Scheme, host and port; a path is ignored. */
  readonly origin: URL
  readonly dispatcher: Dispatcher
  /** A raw connection for an upgrade; the caller owns it. */
  connect(signal?: AbortSignal): Promise<Socket | TLSSocket>
  /** This process's own credentials at the upstream, lower-case names. Nothing adds them unasked. */
  authHeaders(): Promise<Record<string, string>>
}
