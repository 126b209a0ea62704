import { request, type Dispatcher } from 'undici'
import { readBytes } from '../../kube/body.ts'
import { describeNetworkError } from '../../kube/network-error.ts'
import { ApiError } from '../../lib/errors.ts'
import { asking } from '../../telemetry/index.ts'
import type { OutsideHosts, TlsOptions } from '../resources/index.ts'
import { answerable, parseChallenges } from './challenge.ts'
import { RegistryError, refusal, type Step } from './errors.ts'

/** How often an answer may point elsewhere: registries keep blobs at other hosts. */
const REDIRECTS = 5
/** Bytes of a refusal that are looked at. */
const LONGEST_REFUSAL = 16 * 1024

/** Connections of one task. */
export interface Outbound {
  readonly hosts: OutsideHosts
  readonly dispatcher: Dispatcher
  /** Ends with the caller and at the deadline. */
  readonly signal: AbortSignal
}

export interface Question {
  readonly step: Step
  readonly url: URL
  readonly accept: string
  /** Only sent to the origin of `url`, wherever the answer points. */
  readonly authorization?: string | undefined
  /** Most bytes of an answer. */
  readonly limit: number
}

export interface Answer {
  /** Who answered in the end. */
  readonly origin: string
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: Buffer
}

/**
 * Runs a task with connections of its own, which are gone afterwards. It has `deadline` milliseconds and ends when
 * `signal` does.
 */
export async function withConnections<T>(
  hosts: OutsideHosts,
  { tls, signal, deadline }: { tls: TlsOptions; signal: AbortSignal; deadline: number },
  task: (outbound: Outbound) => Promise<T>,
): Promise<T> {
  const dispatcher = hosts.dispatcher(tls)
  try {
    const within = AbortSignal.any([signal, AbortSignal.timeout(deadline)])
    return await task({ hosts, dispatcher, signal: within })
  } finally {
    await dispatcher.destroy()
  }
}

/**
 * GET, redirects followed: never from https to http, never to a host that may not be asked. Throws RegistryError where
 * there is no answer within the bounds, ApiError 400 for a closed host.
 */
export async function ask(outbound: Outbound, question: Question): Promise<Answer> {
  const { step, accept, authorization, limit } = question
  let url = outbound.hosts.url(question.url.href)
  for (let hop = 0; hop <= REDIRECTS; hop++) {
    const own = authorization !== undefined && url.origin === question.url.origin
    const headers = { accept, 'user-agent': 'ks-facade', ...(own ? { authorization } : {}) }
    try {
      const { dispatcher, signal } = outbound
      const {
        statusCode: status,
        headers: said,
        body,
      } = await asking('registry', url.hostname, () =>
        request(url, { dispatcher, headers, signal }),
      )
      const { location } = said
      if (![301, 302, 303, 307, 308].includes(status) || typeof location !== 'string') {
        const bound = status < 400 ? limit : LONGEST_REFUSAL
        return {
          origin: url.origin,
          status,
          headers: said,
          body: await bounded(body, status, bound),
        }
      }
      await body.dump()
      url = nextUrl(outbound, step, url, location)
    } catch (error) {
      throw failure(outbound, step, hop === 0 ? question.url : new URL(url.pathname, url), error)
    }
  }
  throw new RegistryError(step, `Get "${question.url.href}": stopped after ${REDIRECTS} redirects`)
}

type Body = Dispatcher.ResponseData['body']

/** A refusal that is too long counts as one without words. */
async function bounded(body: Body, status: number, limit: number): Promise<Buffer> {
  if (status < 400) return readBytes(body, limit)
  try {
    return await readBytes(body, limit)
  } catch (error) {
    if (error instanceof ApiError) return Buffer.alloc(0)
    throw error
  }
}

function nextUrl({ hosts }: Outbound, step: Step, from: URL, location: string): URL {
  const target = URL.parse(location, from)
  if (!target || (from.protocol === 'https:' && target.protocol !== 'https:')) {
    throw new RegistryError(step, `Get "${from.href}": redirected to where it may not be followed`)
  }
  target.username = ''
  target.password = ''
  return hosts.url(target.href)
}

function failure({ signal }: Outbound, step: Step, url: URL, error: unknown): unknown {
  if (error instanceof RegistryError) return error
  const late = signal.aborted && (signal.reason as Error).name === 'TimeoutError'
  if (signal.aborted && !late) return signal.reason
  const reason = late
    ? 'context deadline exceeded'
    : error instanceof ApiError
      ? error.message
      : describeNetworkError(error, url)
  return new RegistryError(step, `Get "${url.href}": ${reason}`, { cause: error })
}

/** The refusal in an answer, as an error. */
export function refused(step: Step, url: URL, { status, headers, body }: Answer): RegistryError {
  const challenge = answerable(parseChallenges(headers['www-authenticate']))?.scheme
  const message = `GET ${url.href}: ${refusal(status, body)}`
  return new RegistryError(step, message, { answered: status, challenge })
}
