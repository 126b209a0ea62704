import { once } from 'node:events'
import { request, type IncomingHttpHeaders, type IncomingMessage } from 'node:http'
import { upstream, type Upstream } from '../rest/support.ts'
import { startBeside, type Beside } from '../terminal/beside.ts'
import type { Stage } from '../terminal/stage.ts'
import type { Config } from '../../gateway/config/index.ts'

/** An audit event as a webhook gets it; what differs between two records of equal requests is left out. */
export interface Event extends Record<string, unknown> {
  readonly Verb: string
  readonly User: { readonly username: string }
  readonly SourceIPs: readonly string[]
  readonly ResponseStatus: { readonly code?: number }
  readonly Annotations: Readonly<Record<string, string>> | null
}

/** A server and the webhook that hears of its requests. */
export interface Audited extends AsyncDisposable {
  readonly server: Beside
  /** All events that have come. */
  events(): Event[]
  /** Ends the server, which tells the webhook what it has not told yet. */
  stop(): Promise<void>
}

/** One more server before the plane of `stage`, with `threads` in front, that records everything. */
export async function startAudited(
  stage: Stage,
  threads: number,
  facade: Partial<Config['facade']>,
): Promise<Audited> {
  await using stack = new AsyncDisposableStack()
  const hook: Upstream = stack.use(await upstream())
  const server = await startBeside(stage, (config) => ({
    facade: { ...config.facade, ...facade, threads },
    auditing: {
      ...config.auditing,
      enable: true,
      eventBatchIntervalMs: 20,
      webhookOptions: { webhookUrl: hook.url, eventSendersNum: 1 },
    },
  }))
  stack.use(server)
  const owned = stack.move()
  return {
    server,
    events: () =>
      hook.seen
        .flatMap(({ body }) => JSON.parse(`[${body.replaceAll('}{', '},{')}]`) as Event[])
        .map(
          ({ AuditID: _id, RequestReceivedTimestamp: _r, StageTimestamp: _s, ...event }) => event,
        ),
    async stop() {
      await server[Symbol.asyncDispose]()
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

export interface Answered {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

export interface Asking {
  readonly method?: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** An address of this machine that the request comes from. */
  readonly from?: string
}

/** One request on a connection of its own; the body comes as it was sent, not inflated. */
export async function exchange(
  url: string,
  { method = 'GET', path, headers = {}, body, from = '127.0.0.1' }: Asking,
): Promise<Answered> {
  const { hostname, port } = new URL(url)
  const call = request({ hostname, port, path, method, headers, localAddress: from, agent: false })
  call.end(body)
  const [answer] = (await once(call, 'response')) as [IncomingMessage]
  let text = ''
  for await (const chunk of answer.setEncoding('latin1')) text += chunk as string
  return { status: answer.statusCode ?? 0, headers: answer.headers, body: text }
}
