import { loggableUrl } from '../../gateway/telemetry/index.ts'
import type { Exchange, Layer } from './exchange.ts'
import { isLongRunning } from './long-running.ts'

/** Layer 0 (pipeline.md §4): one access-log line and the request metrics when the exchange is over. */
export const globalWrapper: Layer = {
  name: 'global',
  run(x) {
    const started = performance.now()
    const written = x.socket.bytesWritten
    if (x.upgrade) x.whenOver(x.app.metrics.socketOpened('upgrade'))
    x.whenOver(() => observe(x, started, written))
    return undefined
  },
}

function observe(x: Exchange, started: number, written: number): void {
  const ms = performance.now() - started
  const status = statusOf(x)
  const { info, app } = x
  if (info?.apiGroup) {
    const { verb, apiGroup: group, apiVersion: version, resource } = info
    app.metrics.observeRequest({ verb, group, version, resource, code: status, seconds: ms / 1000 })
  }
  if (x.upgrade) x.scope?.span?.answered(status)
  logSlow(x, status, ms)
  const level = status > 400 ? 'info' : 'debug'
  if (!app.log.isLevelEnabled(level)) return
  const bytes = x.socket.bytesWritten - written
  const protocol = `HTTP/${x.req.httpVersion}`
  const line = `${info?.sourceIP ?? ''} - "${x.method} ${loggableUrl(x.target)} ${protocol}" ${status} ${bytes} ${Math.round(ms)}ms`
  app.log[level](requestOf(x), line)
}

/** Events of a connection are nobody's request: its id has to be said. */
function requestOf(x: Exchange): { requestId?: string } {
  const requestId = x.scope?.id ?? (x.authenticated ? x.ctx.requestId : undefined)
  return requestId === undefined ? {} : { requestId }
}

/** One line with what a slow request spent its time on; streams are not slow, they last. */
function logSlow(x: Exchange, status: number, ms: number): void {
  const { slowRequestMs } = x.app.config.facade
  if (slowRequestMs === 0 || ms < slowRequestMs || isLongRunning(x)) return
  const { method } = x
  const route = x.route()
  const parts = x.scope?.parts()
  x.app.log.warn(
    { ...requestOf(x), method, route, status, ms: Math.round(ms), parts },
    'a slow request',
  )
}

/** A hijacked connection that we did not answer ourselves counts as 200, as in the original. */
function statusOf(x: Exchange): number {
  if (x.upgrade) return x.socketStatus || 200
  return x.res?.statusCode ?? 0
}
