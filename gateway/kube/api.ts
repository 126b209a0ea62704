import type { Readable } from 'node:stream'
import type { TLSSocket } from 'node:tls'
import type { Socket } from 'node:net'
import type { GVR, KindInfo, KubeList, KubeObject, ObjectMeta } from './types.ts'

/**
 * What the rest of the gateway may ask of a cluster. The implementations are beside this file; nothing above
 * `gateway/kube` sees undici, sockets or kubeconfigs.
 */

export interface KubeRequest {
  method?: string
  /** Absolute path of the API server, already percent-encoded, without a query. */
  path: string
  query?: URLSearchParams | Record<string, string | number | boolean | undefined>
  headers?: Record<string, string>
  /** A plain object is sent as JSON. */
  body?: string | Uint8Array | Readable | object
  signal?: AbortSignal | undefined
  /** Milliseconds until response headers must have come. Default 30 000; 0 = none. */
  headersTimeout?: number
  /** `json` keeps integers beyond 2^53, as `parseWide` does. */
  wide?: boolean | undefined
  /** `json` tells each warning that the API server sends beside its answer. */
  onWarning?: ((text: string) => void) | undefined
}

export interface KubeResponse {
  status: number
  headers: Record<string, string | string[] | undefined>
  body: Readable
}

export interface ReadOptions {
  namespace?: string | undefined
  signal?: AbortSignal | undefined
  /** Integers beyond 2^53 are kept, as `parseWide` does. */
  wide?: boolean | undefined
}

export interface ListOptions extends ReadOptions {
  labelSelector?: string
  fieldSelector?: string
  limit?: number
  continue?: string
  resourceVersion?: string
}

export interface WriteOptions extends ReadOptions {
  subresource?: string | undefined
  dryRun?: boolean | undefined
  fieldManager?: string | undefined
  fieldValidation?: 'Ignore' | 'Warn' | 'Strict' | undefined
  /** Told each warning of the API server. */
  onWarning?: ((text: string) => void) | undefined
}

export interface PatchOptions extends WriteOptions {
  type: 'merge' | 'json' | 'strategic' | 'apply'
  force?: boolean | undefined
}

export interface DeleteOptions extends WriteOptions {
  propagationPolicy?: 'Foreground' | 'Background' | 'Orphan' | undefined
  gracePeriodSeconds?: number | undefined
  preconditions?: { uid?: string; resourceVersion?: string } | undefined
}

export interface KubeClient extends AsyncDisposable {
  /** Scheme, host and port of the API server. */
  readonly origin: URL
  /** Streams one request; never throws for an HTTP status, throws ApiError 503/504 when there is no answer. */
  stream(request: KubeRequest): Promise<KubeResponse>
  /** As `stream`, body parsed as JSON; a status >= 400 is thrown as ApiError with the upstream's Status. */
  json<T>(request: KubeRequest): Promise<T>
  get<T extends KubeObject>(gvr: GVR, name: string, options?: ReadOptions): Promise<T>
  list<T extends KubeObject>(gvr: GVR, options?: ListOptions): Promise<KubeList<T>>
  create<T extends KubeObject>(
    gvr: GVR,
    object: KubeObject | object,
    options?: WriteOptions,
  ): Promise<T>
  update<T extends KubeObject>(
    gvr: GVR,
    object: KubeObject | object,
    options?: WriteOptions,
  ): Promise<T>
  patch<T extends KubeObject>(
    gvr: GVR,
    name: string,
    patch: unknown,
    options: PatchOptions,
  ): Promise<T>
  delete(gvr: GVR, name: string, options?: DeleteOptions): Promise<KubeObject>
  /** What stands in a request for `path`, where another server is asked to pass it on. */
  readonly targetOf?: ((path: string) => string) | undefined
  /** Headers that carry this client's own credentials (`authorization` or none with a client certificate). */
  authHeaders(): Promise<Record<string, string>>
  /** A raw connection to `origin` for an upgrade, TLS with ALPN http/1.1 where the scheme is https. */
  connect(signal?: AbortSignal): Promise<Socket | TLSSocket>
}

/** One object of a watch cache: the fields that queries need, and the object itself. */
export interface Entry {
  readonly namespace: string
  readonly name: string
  readonly uid: string
  readonly resourceVersion: string
  /** `metadata.creationTimestamp` as epoch milliseconds; 0 when absent. */
  readonly created: number
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
  /** JSON text of the whole object, `kind` and `apiVersion` included (the list they came in omits them). */
  readonly json: string
  /** Whether `json` has integers beyond 2^53, which `object` rounds; absent where nobody has looked. */
  readonly wide?: boolean
  /** The object, parsed on demand. Shared and not to be changed: `structuredClone` before editing. */
  readonly object: KubeObject
}

export type ChangeType = 'ADDED' | 'MODIFIED' | 'DELETED'

/** Where a change was learnt. */
export interface Found {
  /** Resource version of the event, or of the list that showed the difference. */
  readonly version: string
  /** Shown by a list: others of the same version may follow, until the store has reached it. */
  readonly listed: boolean
}

export interface Change extends Found {
  readonly type: ChangeType
  readonly entry: Entry
  readonly previous: Entry | undefined
}

export type Order = 'created' | 'name'

/** Entries that share a namespace, a label or a column's value. Live: ask anew rather than keep it. */
export interface View {
  readonly size: number
  /** Positions `from` to `to` (exclusive) of an order, as in `Store.entries` and `Store.byName`; costs the rows it gives. */
  slice(order: Order, descending: boolean, from: number, to: number): Entry[]
  scan(order: Order, descending?: boolean): Iterable<Entry>
}

/** A text computed once from each version of an object. */
export interface Column {
  readonly name: string
  of(entry: Entry): string
  /** Resolves once every object of the store has its text, found without keeping others waiting. Views by it are made at once then. */
  filled(): Promise<void>
}

export interface ViewOf {
  namespace?: string | undefined
  /** Each line of a column's text is a key. */
  column?: { column: Column; value: string }
  label?: { key: string; value: string }
}

export interface Store {
  readonly gvr: GVR
  readonly kind: string
  readonly synced: boolean
  readonly size: number
  /** resourceVersion the store has reached. */
  readonly resourceVersion: string
  get(namespace: string, name: string): Entry | undefined
  /** All entries in creation order, oldest first, ties by name then namespace. */
  entries(namespace?: string): Iterable<Entry>
  /** All entries in name order, ties by namespace. */
  byName(namespace?: string): Iterable<Entry>
  count(namespace?: string): number
  /** Entries that carry label `key` = `value`; an index, not a scan. */
  withLabel(key: string, value: string, namespace?: string): Iterable<Entry>
  /** The narrowest indexed view: by label or column where given (not narrowed by namespace then), else by namespace. */
  view(of?: ViewOf): View
  /** The column called `name`, `compute` taken from the first caller. An empty text stands for no value. */
  column(name: string, compute: (object: KubeObject) => string): Column
  /** Called after each change; returns the function that ends it. */
  subscribe(listener: (change: Change) => void): () => void
  /** Grows with every change: a cheap key for derived caches. */
  readonly revision: number
  /** Resolves when the store has reached `resourceVersion` (compared as integers), rejects after `ms`. */
  waitFor(resourceVersion: string, ms: number): Promise<void>
}

export interface CacheSet extends AsyncDisposable {
  /** The synced store of a resource, its list-watch started on first use. Throws ApiError 404 when not served. */
  store(gvr: GVR, signal?: AbortSignal): Promise<Store>
  /** The store if it is already synced. */
  peek(gvr: GVR): Store | undefined
  status(): CacheStatus[]
}

export interface CacheStatus {
  gvr: GVR
  synced: boolean
  objects: number
  /** Milliseconds since the last event, bookmark or list. */
  lagMs: number
  relists: number
}

export interface Discovery {
  /** Every served resource without sub-resources, cached; refreshed when a CRD or APIService changes. */
  kinds(signal?: AbortSignal): Promise<readonly KindInfo[]>
  find(gvr: { group: string; version?: string; resource: string }): Promise<KindInfo | undefined>
  findKind(of: { group: string; version?: string; kind: string }): Promise<KindInfo | undefined>
  invalidate(): void
  /**
   * Called when a CRD or an APIService changed, before it is served, with the API group that it is of; undefined stands for
   * any. Returns the function that ends it.
   */
  onChange(listener: (group: string | undefined) => void): () => void
}

/** A cluster that this process can reach with its own credentials. */
export interface ClusterAccess extends AsyncDisposable {
  readonly name: string
  readonly client: KubeClient
  readonly caches: CacheSet
  readonly discovery: Discovery
}

export type { GVR, KindInfo, KubeList, KubeObject, ObjectMeta }
