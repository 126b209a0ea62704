import type { Socket } from 'node:net'
import { Readable } from 'node:stream'
import type { TLSSocket } from 'node:tls'
import { Pool } from 'undici'
import type { Dispatcher } from 'undici'
import { ApiError, fromStatus, reasonFor } from '../lib/errors.ts'
import type { KubeStatus } from '../lib/errors.ts'
import { parseWide } from '../lib/wide-json.ts'
import { currentScope, resourceTemplate, upstreamCall } from '../telemetry/index.ts'
import type {
  DeleteOptions,
  KubeClient,
  KubeRequest,
  KubeResponse,
  ListOptions,
  WriteOptions,
} from './api.ts'
import { readBytes } from './body.ts'
import type { Credentials } from './credentials.ts'
import { dial, poolConnector } from './dial.ts'
import type { ForwardTarget } from './forward-target.ts'
import { isStaleConnection, noAnswer } from './network-error.ts'
import { resourcePath } from './types.ts'
import { warningsOf } from './warnings.ts'
import type { GVR, KubeList, KubeObject } from './types.ts'

const HEADERS_MS = 30_000
const IDLE_MS = 60_000
/** Most bytes of one JSON answer. */
const ANSWER_LIMIT = 512 * 1024 * 1024

const patchTypes = {
  merge: 'application/merge-patch+json',
  json: 'application/json-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  apply: 'application/apply-patch+yaml',
}

/** A KubeClient that also lends its pool to the streaming proxy. */
export interface PooledClient extends KubeClient {
  readonly target: ForwardTarget
}

export interface ClientOptions {
  credentials: Credentials
  /** Most connections at a time; more requests wait. Default: as many as there are callers. */
  connections?: number
}

/** Where the requests of a client go, and what they carry. */
export interface Upstream {
  readonly origin: URL
  readonly dispatcher: Dispatcher
  readonly connect: (signal?: AbortSignal) => Promise<Socket | TLSSocket>
  /** Put over those of each request. */
  readonly headers: () => Promise<Record<string, string>>
  /** What is asked in place of a path and its query. Default: the same. */
  readonly targetOf?: (target: string) => string
  /** Milliseconds until the headers of an answer to a GET must have come, where the request does not say. Default 30 000. */
  readonly readTimeout?: number
}

/**
 * A client over a keep-alive pool of HTTP/1.1 connections: a watch or an exec holds a connection of its own, so no
 * stream can hold up another. Errors: ApiError with the server's Status; 503 and 504 where it gave no answer.
 */
export function createKubeClient({ credentials, connections }: ClientOptions): PooledClient {
  const { origin } = credentials
  const closed = new AbortController()
  const pool = new Pool(origin, {
    connect: poolConnector(credentials, closed.signal),
    allowH2: false,
    pipelining: 1,
    connections: connections ?? null,
    keepAliveTimeout: IDLE_MS,
    bodyTimeout: 0,
  })
  const connect = (signal?: AbortSignal) => dial(credentials, signal)
  const headers = () => credentials.authHeaders()
  return {
    ...clientOf({ origin, dispatcher: pool, connect, headers }),
    target: { origin, dispatcher: pool, connect, authHeaders: headers },
    async [Symbol.asyncDispose]() {
      closed.abort()
      await pool.destroy()
    },
  }
}

/** A client over connections that somebody else owns; its disposal ends nothing. Errors as `createKubeClient`. */
export function clientOf(upstream: Upstream): KubeClient {
  const { origin, dispatcher, connect, headers: authHeaders, readTimeout = HEADERS_MS } = upstream
  const targetOf = upstream.targetOf ?? ((target: string) => target)

  async function stream(request: KubeRequest): Promise<KubeResponse> {
    const { body, type } = encode(request.body)
    const { method = 'GET' } = request
    const template = () => resourceTemplate(request.path, true)
    const call = upstreamCall({ method, origin, template })
    const headers: Record<string, string> = {
      accept: 'application/json',
      ...(call && { 'x-request-id': call.requestId, ...auditId(), ...call.trace }),
      ...(type && { 'content-type': type }),
      ...request.headers,
      ...(await authHeaders()),
    }
    const options: Dispatcher.RequestOptions = {
      origin,
      method,
      path: targetOf(request.path + queryText(request.query)),
      headers,
      body: body ?? null,
      signal: request.signal ?? null,
      headersTimeout: request.headersTimeout ?? (method === 'GET' ? readTimeout : HEADERS_MS),
    }
    const answer = await ask(options).catch((error: unknown) => {
      call?.failed(error)
      throw noAnswer(error, request, origin)
    })
    call?.answered(answer.statusCode)
    call?.endsWith(answer.body)
    return { status: answer.statusCode, headers: answer.headers, body: answer.body }
  }

  /** A server may close a kept connection just as it is used; asking once more on a new one is safe for reads. */
  async function ask(options: Dispatcher.RequestOptions): Promise<Dispatcher.ResponseData> {
    try {
      return await dispatcher.request(options)
    } catch (error) {
      if (options.method !== 'GET' || options.body || !isStaleConnection(error)) throw error
      return dispatcher.request(options)
    }
  }

  async function json<T>(request: KubeRequest): Promise<T> {
    const response = await stream(request)
    const bytes = await readBytes(response.body, ANSWER_LIMIT).catch((error: unknown) => {
      throw noAnswer(error, request, origin)
    })
    if (response.status >= 400) throw failure(response.status, bytes.toString())
    if (request.onWarning) warningsOf(response.headers['warning']).forEach(request.onWarning)
    try {
      const text = bytes.toString()
      return (request.wide ? parseWide(text) : JSON.parse(text)) as T
    } catch (error) {
      throw new ApiError(502, 'Unknown', `${request.path}: the answer is not JSON`, {
        cause: error,
      })
    }
  }

  return {
    origin,
    targetOf: upstream.targetOf,
    stream,
    json,
    connect,
    authHeaders,
    get(gvr, name, { namespace, signal, wide } = {}) {
      return json({ path: resourcePath(gvr, { namespace, name }), signal, wide })
    },
    list<T extends KubeObject>(gvr: GVR, options: ListOptions = {}) {
      const { namespace, signal, wide, ...query } = options
      return json<KubeList<T>>({ path: resourcePath(gvr, { namespace }), query, signal, wide })
    },
    create(gvr, object, options = {}) {
      const namespace = options.namespace ?? (object as KubeObject).metadata?.namespace
      const name = options.subresource ? (object as KubeObject).metadata?.name : undefined
      const path = resourcePath(gvr, { namespace, name, subresource: options.subresource })
      return json({ method: 'POST', path, body: object, ...writing(options) })
    },
    update(gvr, object, options = {}) {
      const { metadata } = object as KubeObject
      const namespace = options.namespace ?? metadata?.namespace
      const { subresource } = options
      const path = resourcePath(gvr, { namespace, name: metadata?.name ?? '', subresource })
      return json({ method: 'PUT', path, body: object, ...writing(options) })
    },
    patch(gvr, name, patch, options) {
      const { namespace, subresource, type, force } = options
      const { query, ...rest } = writing(options)
      return json({
        method: 'PATCH',
        path: resourcePath(gvr, { namespace, name, subresource }),
        query: { ...query, force },
        headers: { 'content-type': patchTypes[type] },
        body: JSON.stringify(patch),
        ...rest,
      })
    },
    delete(gvr, name, options = {}) {
      const { namespace, subresource } = options
      const path = resourcePath(gvr, { namespace, name, subresource })
      return json({ method: 'DELETE', path, ...writing(options), body: deletion(options) })
    },
    async [Symbol.asyncDispose]() {},
  }
}

/** The ApiError of an answer: the Status that it holds, or its text. */
export function failure(status: number, text: string): ApiError {
  try {
    const body = JSON.parse(text) as KubeStatus
    if (body?.kind === 'Status') return fromStatus(status, body)
  } catch {
    // Errors of the server's own machinery are plain text.
  }
  return new ApiError(status, reasonFor(status), text.trim() || `upstream answered ${status}`)
}

/** Under which kube-apiserver's audit log knows a call for a request of ours. */
export function auditId(): Record<string, string> | undefined {
  const scope = currentScope()
  return scope && { 'audit-id': scope.auditId() }
}

function encode(body: KubeRequest['body']): {
  body?: string | Uint8Array | Readable
  type?: string
} {
  if (body === undefined) return {}
  if (typeof body === 'string' || body instanceof Uint8Array || body instanceof Readable) {
    return { body, type: 'application/json' }
  }
  return { body: JSON.stringify(body), type: 'application/json' }
}

function queryText(query: KubeRequest['query']): string {
  if (!query) return ''
  if (query instanceof URLSearchParams) return query.size > 0 ? `?${query.toString()}` : ''
  let text = ''
  for (const [key, value] of Object.entries(query)) {
    if (value === undefined) continue
    text += `${text === '' ? '?' : '&'}${encodeURIComponent(key)}=${encodeURIComponent(value)}`
  }
  return text
}

function writing({ dryRun, fieldManager, fieldValidation, ...rest }: WriteOptions): Pick<
  KubeRequest,
  'signal' | 'wide' | 'onWarning'
> & {
  query: Record<string, string | undefined>
} {
  const { signal, wide, onWarning } = rest
  const query = { dryRun: dryRun ? 'All' : undefined, fieldManager, fieldValidation }
  return { query, signal, wide, onWarning }
}

function deletion(options: DeleteOptions): object {
  const { propagationPolicy, gracePeriodSeconds, preconditions, dryRun } = options
  return {
    kind: 'DeleteOptions',
    apiVersion: 'v1',
    // Beside a body the server does not look at the query.
    ...(dryRun && { dryRun: ['All'] }),
    propagationPolicy,
    gracePeriodSeconds,
    preconditions,
  }
}
