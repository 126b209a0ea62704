import { loggableUrl } from '../../gateway/telemetry/index.ts'
import type { Exchange, Layer } from './exchange.ts'

/** Layer 0 (pipeline.md §4): one access-log line and the request metrics when the exchange is over. */
export const globalWrapper: Layer = {
  name: 'global',
  run(x) {
    const started = performance.now()
    const written = x.socket.bytesWritten
    const over = (): void => observe(x, started, written)
    if (x.upgrade) {
      const closed = x.app.metrics.socketOpened('upgrade')
      x.upgrade.socket.once('close', () => {
        closed()
        over()
      })
    } else x.res?.once('close', over)
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
  const level = status > 400 ? 'info' : 'debug'
  if (!app.log.isLevelEnabled(level)) return
  const bytes = x.socket.bytesWritten - written
  const protocol = `HTTP/${x.req.httpVersion}`
  const line = `${info?.sourceIP ?? ''} - "${x.method} ${loggableUrl(x.target)} ${protocol}" ${status} ${bytes} ${Math.round(ms)}ms`
  app.log[level](x.authenticated ? { requestId: x.ctx.requestId } : {}, line)
}

/** A hijacked connection that we did not answer ourselves counts as 200, as in the original. */
function statusOf(x: Exchange): number {
  if (x.upgrade) return x.socketStatus || 200
  return x.res?.statusCode ?? 0
}
