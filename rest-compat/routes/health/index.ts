import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { Reply, RouteHandler, RouteRow } from '../registry.ts'
import { defineRoutes } from '../registry.ts'

interface Check {
  name: string
  ok: boolean
  message?: string | undefined
}

const HEADERS = {
  'content-type': 'text/plain; charset=utf-8',
  'x-content-type-options': 'nosniff',
}

/**
 * A health answer in kube-apiserver's text form (platform-apis.md §2): `ok`, or with `?verbose` and on failure a line
 * per check. `?exclude=<name>` leaves a check out; an unknown name is warned about.
 */
export function healthReply(kind: string, checks: readonly Check[], query: URLSearchParams): Reply {
  const excluded = new Set(query.getAll('exclude'))
  const lines: string[] = []
  let failed = false
  for (const { name, ok, message } of checks) {
    if (excluded.delete(name)) lines.push(`[+]${name} excluded: ok`)
    else if (ok) lines.push(`[+]${name} ok`)
    else {
      failed = true
      lines.push(`[-]${name} failed: ${message ?? 'reason withheld'}`)
    }
  }
  if (excluded.size > 0) {
    const names = [...excluded].map((name) => JSON.stringify(name)).join(',')
    lines.push(`warn: some health checks cannot be excluded: no matches for ${names}`)
  }
  lines.push(`${kind} check ${failed ? 'failed' : 'passed'}`, '')
  if (!failed && !query.has('verbose')) return { status: 200, headers: HEADERS, body: 'ok' }
  return { status: failed ? 503 : 200, headers: HEADERS, body: lines.join('\n') }
}

const PING: readonly Check[] = [{ name: 'ping', ok: true }]

function row(path: string, operation: string, summary: string, handler: RouteHandler): RouteRow {
  return {
    method: 'GET',
    path,
    operation,
    summary,
    tags: ['NonResource APIs'],
    sample: path,
    produces: ['text/plain'],
    mux: true,
    handler,
  }
}

const alive =
  (kind: string): RouteHandler =>
  (rq) =>
    healthReply(kind, PING, rq.query)
const ping: RouteHandler = () => ({ status: 200, headers: HEADERS, body: 'ok' })

const ready: RouteHandler = ({ app, query }) => {
  const { ready: yes, checks } = app.readiness()
  const all =
    yes || checks.some(({ ok }) => !ok) ? checks : [{ name: 'caches', ok: false }, ...checks]
  return healthReply('readyz', all, query)
}

const zip = promisify<string, Buffer>(gzip)

const metrics: RouteHandler = async ({ app, req }) => {
  const { contentType, body } = await app.metrics.render()
  const headers = { 'content-type': contentType, vary: 'Accept-Encoding' }
  if (!/\bgzip\b/.test(req.headers['accept-encoding'] ?? '')) {
    return { status: 200, headers, body }
  }
  return { status: 200, headers: { ...headers, 'content-encoding': 'gzip' }, body: await zip(body) }
}

/** Liveness says nothing of other systems; readiness is ours and does. */
export const healthRoutes = defineRoutes([
  row('/healthz', 'getHealthz', 'Whether the process is alive', alive('healthz')),
  row('/healthz/ping', 'getHealthzPing', 'Whether the process is alive', ping),
  row('/livez', 'getLivez', 'Whether the process is alive', alive('livez')),
  row('/livez/ping', 'getLivezPing', 'Whether the process is alive', ping),
  row('/readyz', 'getReadyz', 'Whether the caches that requests need are in sync', ready),
  row('/metrics', 'getMetrics', 'Metrics in Prometheus text format', metrics),
])
