import { Agent, request } from 'undici'
import { asking } from '../../../telemetry/index.ts'
import { found, named, type Reach } from './reach.ts'

/** Milliseconds for one call, headers and body. */
const DEADLINE_MS = 10_000
const CONNECT_MS = 5000
const MOST_BYTES = 1024 * 1024

export interface UpstreamCall {
  readonly signal: AbortSignal
  readonly headers?: Record<string, string>
  /** Sent as a form by POST. */
  readonly form?: Record<string, string>
}

export interface UpstreamAnswer {
  readonly status: number
  readonly contentType: string
  readonly text: string
}

/** HTTP to one identity provider: a deadline, a bound, no redirects, no addresses that `reach.ts` closes. */
export interface Upstream extends AsyncDisposable {
  /** Whatever the status is. Throws Error without the provider's words. */
  call(url: string, of: UpstreamCall): Promise<UpstreamAnswer>
  /** A JSON object of a 200. Throws Error. */
  json(url: string, of: UpstreamCall): Promise<Record<string, unknown>>
}

export interface UpstreamOptions {
  readonly insecureSkipVerify: boolean
  /** URLs that the administrator has written; the hosts of all others are the provider's word. Absent = all are written. */
  readonly written?: readonly string[]
}

export function createUpstream({ insecureSkipVerify, written }: UpstreamOptions): Upstream {
  const hostsWritten = written && new Set(written.map(hostOf))
  const agentOf = ({ lookup }: Reach) =>
    new Agent({
      connect: { lookup, timeout: CONNECT_MS, rejectUnauthorized: !insecureSkipVerify },
      connections: 8,
      maxResponseSize: MOST_BYTES,
    })
  const agents = new Map([named, found].map((reach) => [reach, agentOf(reach)]))
  const call = async (url: string, { signal, headers, form }: UpstreamCall) => {
    const host = hostOf(url)
    const reach = !hostsWritten || hostsWritten.has(host) ? named : found
    reach.demand(host)
    const dispatcher = agents.get(reach) as Agent
    const send = async () => {
      const answer = await request(url, {
        dispatcher,
        method: form ? 'POST' : 'GET',
        headers: {
          accept: 'application/json',
          ...(form ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
          ...headers,
        },
        ...(form ? { body: new URLSearchParams(form).toString() } : {}),
        signal: AbortSignal.any([signal, AbortSignal.timeout(DEADLINE_MS)]),
      })
      const type = answer.headers['content-type']
      return {
        status: answer.statusCode,
        contentType: (Array.isArray(type) ? type[0] : type) ?? '',
        text: await answer.body.text(),
      }
    }
    try {
      return await asking('identity-provider', host, send)
    } catch (cause) {
      throw new Error('the identity provider does not answer', { cause })
    }
  }
  return {
    call,
    async json(url, options) {
      const { status, text } = await call(url, options)
      if (status !== 200) throw new Error(`the identity provider answered ${status}`)
      return objectOf(text)
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([...agents.values()].map((agent) => agent.close()))
    },
  }
}

function hostOf(url: string): string {
  return URL.parse(url)?.hostname ?? ''
}

/** A JSON object. Throws Error. */
export function objectOf(text: string): Record<string, unknown> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new Error('the identity provider did not answer in JSON', { cause })
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Error('the identity provider did not answer with an object')
  }
  return value as Record<string, unknown>
}
