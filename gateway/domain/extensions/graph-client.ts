import { readBytes } from '../../kube/body.ts'
import { createBreakers } from '../../lib/breaker.ts'
import { ApiError, unavailable } from '../../lib/errors.ts'
import { parseWide } from '../../lib/wide-json.ts'
import { upstreamCall, type Metrics } from '../../telemetry/index.ts'
import type { UserInfo } from '../operation.ts'
import type { ExtensionGraph } from './graphs.ts'
import { identityHeaders } from './identity-headers.ts'
import type { Upstreams } from './upstreams.ts'

export interface GraphRequest {
  readonly query: string
  readonly variables?: Readonly<Record<string, unknown>> | undefined
  readonly operationName?: string | undefined
}

/** An answer of GraphQL, not looked into. */
export interface GraphAnswer {
  readonly data?: Readonly<Record<string, unknown>> | null
  readonly errors?: readonly { readonly message?: unknown; readonly [member: string]: unknown }[]
}

/** Asks the graphs of extensions. */
export interface GraphClient {
  /**
   * Sends one document in the name of `user`, who is stated as to a proxied APIService; the caller's credentials stay
   * here. Throws ApiError 504 after the deadline, 503 for an extension that cannot be asked or whose answer is none, at
   * once for one that failed again and again, and what `signal` was aborted with.
   */
  ask(
    graph: ExtensionGraph,
    request: GraphRequest,
    user: UserInfo,
    signal: AbortSignal,
  ): Promise<GraphAnswer>
}

export interface GraphClientOptions {
  readonly upstreams: Upstreams
  readonly metrics?: Pick<Metrics, 'observeUpstream'>
  /** Epoch milliseconds. */
  readonly now: () => number
  /** Milliseconds that an answer may take. */
  readonly deadlineMs: number
}

/** Most bytes of an answer. */
const ANSWER_BYTES = 4 * 1024 * 1024

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function answerOf(text: string): GraphAnswer | undefined {
  let parsed: unknown
  try {
    parsed = parseWide(text)
  } catch {
    return undefined
  }
  if (!isObject(parsed)) return undefined
  const { data = null, errors } = parsed
  if (data !== null && !isObject(data)) return undefined
  if (errors !== undefined && !(Array.isArray(errors) && errors.every(isObject))) return undefined
  if (data === null && !errors) return undefined
  return { data, ...(errors ? { errors } : {}) }
}

export function createGraphClient(options: GraphClientOptions): GraphClient {
  const { upstreams, metrics, now, deadlineMs } = options
  const breakers = createBreakers({ now })

  async function send(
    { name, upstream, path }: ExtensionGraph,
    body: string,
    user: UserInfo,
    signal: AbortSignal,
  ): Promise<GraphAnswer> {
    const started = performance.now()
    let code = 0
    const late = AbortSignal.timeout(deadlineMs)
    const { dispatcher, origin } = upstreams.target(upstream)
    const call = upstreamCall({ method: 'POST', origin, template: () => path })
    try {
      const answered = await dispatcher.request({
        origin,
        path,
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'application/graphql-response+json, application/json',
          ...(call && { 'x-request-id': call.requestId, ...call.trace }),
          ...identityHeaders(user),
        },
        body,
        signal: AbortSignal.any([signal, late]),
      })
      code = answered.statusCode
      call?.answered(code)
      const answer = answerOf((await readBytes(answered.body, ANSWER_BYTES)).toString())
      // A body of GraphQL says more than the status that it comes with.
      if (answer && code < 500) return answer
      throw unavailable(`the extension ${name} answered with ${code} and no GraphQL`)
    } catch (error) {
      call?.failed(error)
      signal.throwIfAborted()
      if (late.aborted) {
        throw new ApiError(
          504,
          'Timeout',
          `the extension ${name} did not answer within ${deadlineMs} ms`,
        )
      }
      if (error instanceof ApiError) throw error
      throw unavailable(`the extension ${name} cannot be reached`)
    } finally {
      call?.over()
      metrics?.observeUpstream('apiservice', code, (performance.now() - started) / 1000)
    }
  }

  return {
    ask: (graph, { query, variables, operationName }, user, signal) =>
      breakers.run(
        `${graph.name} ${graph.upstream.url.origin}`,
        () => send(graph, JSON.stringify({ query, variables, operationName }), user, signal),
        {
          counts: () => !signal.aborted,
          refused: () => unavailable(`the extension ${graph.name} has failed too often of late`),
        },
      ),
  }
}
