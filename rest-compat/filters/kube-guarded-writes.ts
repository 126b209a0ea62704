import {
  directWriteRules,
  holdsEverything,
  stored,
} from '../../gateway/domain/passthrough/direct-writes.ts'
import type { DirectWriteRule } from '../../gateway/domain/passthrough/direct-writes.ts'
import { redactorOf } from '../../gateway/domain/redact.ts'
import type { App } from '../../gateway/context/app.ts'
import type { RequestInfo } from '../../gateway/context/types.ts'
import type { KubeResponse } from '../../gateway/kube/api.ts'
import type { KubeObject } from '../../gateway/kube/types.ts'
import { ApiError } from '../../gateway/lib/errors.ts'
import { encodeQuery, escapePath, parseQuery } from '../../gateway/lib/go-url.ts'
import { readBody } from '../wire/entity.ts'
import { proxyFailure, textError } from '../wire/errors.ts'
import { refusal } from './authentication.ts'
import type { Exchange, Outcome } from './exchange.ts'
import { redactedReply } from './kube-redacted.ts'

/** Answers a write that needs judging, or undefined: then it may stream. */
export type GuardedWrites = (x: Exchange) => Promise<Outcome>

type Verb = 'create' | 'update' | 'patch'

/**
 * Writes to KubeSphere kinds that `/kapis` handlers would judge, when they come through `/apis`: kube-apiserver is asked
 * for the result (dry run), the result is judged, and then exactly this result is stored under the version it was
 * computed from. Callers who hold everything stream.
 */
export function createGuardedWrites(app: App): GuardedWrites {
  const { host } = app.clusters
  const { authorizer, effects } = app
  const rules = directWriteRules(host, { host, clusters: app.clusters, authorizer, effects })
  return async (x) => {
    const { info } = x.ctx
    const rule = rules.find((r) => r.group === info.apiGroup && r.resource === info.resource)
    if (!rule || !isWrite(x)) return undefined
    if (await holdsEverything(x.ctx)) return undefined
    try {
      return await guard(x, rule, info)
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      if (error.code === 413) return textError(error)
      return error.status === undefined && error.code >= 500
        ? proxyFailure(error.message)
        : refusal(x, error)
    }
  }
}

/** By method: what RequestInfo calls `watch` or `proxy` may still write. */
function isWrite(x: Exchange): boolean {
  return x.method === 'POST' || x.method === 'PUT' || x.method === 'PATCH'
}

function verbOf(method: string): Verb {
  if (method === 'POST') return 'create'
  return method === 'PUT' ? 'update' : 'patch'
}

async function guard(x: Exchange, rule: DirectWriteRule, info: RequestInfo): Promise<Outcome> {
  const body = await readBody(x.req)
  const pairs = parseQuery(x.rawQuery).filter(([key]) => key !== 'pretty')
  const dryRun = pairs.some(([key]) => key === 'dryRun')
  const rest = pairs.filter(([key]) => key !== 'dryRun')
  const type = x.headers['content-type']
  const headers: Record<string, string> = { accept: 'application/json' }
  if (type) headers['content-type'] = type
  const redact = redactorOf(rule)
  const tried = await send(x, x.method, [...rest, ['dryRun', 'All']], headers, body)
  if (tried.status >= 300) return redactedReply(tried, redact)
  const next = await parse(tried)
  const gvr = { group: rule.group, version: info.apiVersion, resource: rule.resource }
  const name = next.metadata.name ?? ''
  const previous = x.method === 'POST' ? undefined : await stored(x.app.clusters.host, gvr, name)
  await rule.judge(x.ctx, { verb: verbOf(x.method), previous, next })
  if (dryRun) return redactedReply(await send(x, x.method, pairs, headers, body), redact)
  return redactedReply(await store(x, previous, next, rest), redact)
}

/** Stores `next` itself, on condition that nothing was written in between (409 otherwise). */
function store(
  x: Exchange,
  previous: KubeObject | undefined,
  next: KubeObject,
  query: [string, string][],
): Promise<KubeResponse> {
  const kept = query.filter(([key]) => key === 'fieldManager' || key === 'fieldValidation')
  const json = { accept: 'application/json', 'content-type': 'application/json' }
  if (previous) {
    const metadata = { ...next.metadata }
    if (previous.metadata.resourceVersion)
      metadata.resourceVersion = previous.metadata.resourceVersion
    return send(x, 'PUT', kept, json, JSON.stringify({ ...next, metadata }))
  }
  const { resourceVersion: _v, uid: _u, creationTimestamp: _t, ...metadata } = next.metadata
  const path = x.method === 'POST' ? x.path : x.path.replace(/\/[^/]+\/?$/, '')
  return send(x, 'POST', kept, json, JSON.stringify({ ...next, metadata }), path)
}

function send(
  x: Exchange,
  method: string,
  query: [string, string][],
  headers: Record<string, string>,
  body: Uint8Array | string,
  path = x.path,
): Promise<KubeResponse> {
  return x.app.clusters.host.client.stream({
    method,
    path: escapePath(path),
    query: new URLSearchParams(encodeQuery(query)),
    headers,
    body,
    signal: x.signal,
  })
}

async function parse(response: KubeResponse): Promise<KubeObject> {
  const chunks: Uint8Array[] = []
  for await (const chunk of response.body as AsyncIterable<Uint8Array>) chunks.push(chunk)
  return JSON.parse(Buffer.concat(chunks).toString('utf8')) as KubeObject
}
