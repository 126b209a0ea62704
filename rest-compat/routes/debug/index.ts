import type { ProfileKind } from '../../../gateway/telemetry/index.ts'
import { badRequest } from '../../../gateway/lib/errors.ts'
import { routerError } from '../../wire/errors.ts'
import { defineRoutes, type RouteHandler, type RouteRow } from '../registry.ts'

const longest = 60

function secondsOf(query: URLSearchParams): number {
  const text = query.get('seconds') ?? '10'
  const seconds = Number(text)
  if (!/^\d{1,2}$/.test(text) || seconds < 1 || seconds > longest)
    throw badRequest(`seconds: a whole number from 1 to ${longest}`)
  return seconds
}

const profile =
  (kind: ProfileKind): RouteHandler =>
  async ({ app, ctx, query }) => {
    if (!app.config.facade.profiles) return routerError(404)
    const seconds = secondsOf(query)
    ctx.logger().warn({ kind, seconds }, 'a profile of this process is taken')
    const body = await app.profiler.take(kind, seconds, ctx.signal)
    if (body === undefined) {
      const headers = { 'content-type': 'text/plain; charset=utf-8', 'retry-after': `${longest}` }
      return { status: 429, headers, body: 'another profile is being taken' }
    }
    const disposition = `attachment; filename="ks-facade.${kind}profile"`
    const headers = { 'content-type': 'application/json', 'content-disposition': disposition }
    return { status: 200, headers, body }
  }

function row(kind: ProfileKind, operation: string, summary: string): RouteRow {
  const path = `/debug/${kind}`
  return {
    method: 'GET',
    path,
    operation,
    summary,
    tags: ['NonResource APIs'],
    sample: path,
    produces: ['application/json'],
    mux: true,
    handler: profile(kind),
  }
}

/** Of this process, for who may GET the path: nobody but a platform administrator by the roles that are shipped. */
export const debugRoutes = defineRoutes([
  row('cpu', 'getCpuProfile', 'What the process does for some seconds'),
  row('heap', 'getHeapProfile', 'What the process allocates in some seconds and keeps'),
])
