import { Agent, request } from 'undici'
import type { AuditSink } from './types.ts'

const TIMEOUT_MS = 3000
const DIAL_MS = 3000

/**
 * Posts each batch to `url` as the original does (pipeline.md §11): JSON objects one after the other without separator,
 * three seconds at most, success is 200 and nothing else, never asked twice. The receiver's certificate is not checked,
 * as there is no setting for its authority. Throws TypeError for a text that is no http or https address.
 */
export function webhookSink(url: string): AuditSink {
  const target = new URL(url)
  if (!/^https?:$/.test(target.protocol)) throw new TypeError(`${url} is no http or https address`)
  const dispatcher = new Agent({
    connect: { rejectUnauthorized: false, timeout: DIAL_MS },
    keepAliveTimeout: 60_000,
  })
  return {
    name: 'webhook',
    async deliver(events) {
      const { statusCode, body } = await request(target, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: events.join(''),
        dispatcher,
        signal: AbortSignal.timeout(TIMEOUT_MS),
      })
      await body.dump()
      if (statusCode !== 200) throw new Error(`the audit webhook answered ${statusCode}`)
    },
    [Symbol.asyncDispose]: () => dispatcher.destroy(),
  }
}
