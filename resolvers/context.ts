import type { App } from '../gateway/context/app.ts'
import type { RequestContext, UserInfo } from '../gateway/context/types.ts'
import type { KindInfo } from '../gateway/kube/types.ts'
import type { Cursors } from './cursor.ts'
import type { Loaders } from './loaders.ts'

/** What a socket, or a stream of server-sent events, is to the operations that came over it. */
export interface LiveConnection {
  readonly id: string
  /** The bearer token that it lives by now; undefined for HTTP Basic. */
  readonly token: string | undefined
  /** Aborts when the connection is gone. */
  readonly signal: AbortSignal
  /** Calls once, at once where the connection is gone already; returns the function that undoes it. */
  onClose(listener: () => void): () => void
  /** Tells who the caller is after a new token, and undefined when the login is over; returns the function that undoes it. */
  onIdentity(listener: (user: UserInfo | undefined) => void): () => void
  /**
   * Lives by another token from now on. Returns when it runs out, epoch milliseconds; undefined for one that never does.
   * Throws ApiError 401 for a token that is no good, 403 for one of another user, and leaves everything as it was.
   */
  renew(token: string): Promise<number | undefined>
  /** Bytes that wait for the client to read. */
  readonly buffered: number
  /** Resolves when the client has caught up or the connection is gone. Rejects with the reason of `signal`. */
  drained(signal: AbortSignal): Promise<void>
}

/** The schema that the server is on now. */
export interface SchemaState {
  /** Empty text while the types of kinds are not there yet. */
  readonly hash: string
  /** How many kinds have types. */
  readonly kinds: number
  /** Returns the function that undoes it. */
  onChange(listener: () => void): () => void
}

/** What became of an extension that announces a graph. */
export interface GraphExtension {
  /** Of the APIService. */
  readonly name: string
  readonly group: string
  readonly version: string
  readonly state: 'JOINED' | 'UNREACHABLE' | 'REFUSED'
  /** Why it is not in the graph. */
  readonly message: string | null
}

/** What every resolver gets beside parent and arguments: one per HTTP request, socket operation or event of a subscription. */
export interface GraphqlContext {
  readonly ctx: RequestContext
  readonly app: App
  readonly loaders: Loaders
  readonly cursors: Cursors
  readonly schemaState: SchemaState
  /** Extensions that announce a graph, by name. */
  readonly extensions: () => readonly GraphExtension[]
  /** What the operation came over; absent for a plain HTTP request. */
  readonly connection?: LiveConnection
  /** Kinds that this graph shows. */
  readonly shown: (info: KindInfo) => boolean
  /** Kinds that are read from the API server each time. */
  readonly live: (info: KindInfo) => boolean
  /**
   * The same caller in a cluster, the host where none is named: for Kubernetes objects only. Throws ApiError
   * ClusterNotFound, ClusterNotReady, ClusterUnreachable, and 401 for strangers who ask for a member. What is read
   * through a context of its own ends with `signal`.
   */
  at(cluster: string | null | undefined, signal?: AbortSignal): Promise<GraphqlContext>
}
