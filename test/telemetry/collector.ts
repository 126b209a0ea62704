import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A span as OTLP has it in JSON, with plain attributes. */
export interface Collected {
  readonly service: string
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId: string
  readonly name: string
  /** 1 internal, 2 server, 3 client. */
  readonly kind: number
  readonly failed: boolean
  readonly links: readonly string[]
  readonly attributes: Readonly<Record<string, unknown>>
}

/** A collector for OTLP over HTTP that keeps everything. */
export interface Collector extends AsyncDisposable {
  readonly url: string
  readonly spans: readonly Collected[]
  /** All that has come, as it came. */
  readonly text: string
  readonly headers: readonly IncomingHttpHeaders[]
}

type Value = Record<string, unknown>
interface Sent {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly { key: string; value: Value }[] }
    readonly scopeSpans: readonly {
      readonly spans: readonly {
        readonly traceId: string
        readonly spanId: string
        readonly parentSpanId?: string
        readonly name: string
        readonly kind: number
        readonly status: { readonly code?: number }
        readonly links: readonly { readonly traceId: string }[]
        readonly attributes: readonly { key: string; value: Value }[]
      }[]
    }[]
  }[]
}

const plain = (attributes: readonly { key: string; value: Value }[]) =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]))

/** Source: OTLP 1.x, JSON encoding. */
function read(text: string): Collected[] {
  return (JSON.parse(text) as Sent).resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) =>
      spans.map((span) => ({
        service: String(plain(resource.attributes)['service.name']),
        traceId: span.traceId,
        spanId: span.spanId,
        parentSpanId: span.parentSpanId ?? '',
        name: span.name,
        kind: span.kind,
        failed: span.status.code === 2,
        links: span.links.map(({ traceId }) => traceId),
        attributes: plain(span.attributes),
      })),
    ),
  )
}

export async function startCollector(): Promise<Collector> {
  const spans: Collected[] = []
  const headers: IncomingHttpHeaders[] = []
  let all = ''
  const server = createServer((req, res) => {
    let text = ''
    req.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
    req.on('end', () => {
      all += text
      headers.push(req.headers)
      if (req.url === '/v1/traces') spans.push(...read(text))
      res.setHeader('content-type', 'application/json').end('{}')
    })
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', () => resolve()))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    headers,
    get text() {
      return all
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise<void>((resolve) => void server.close(() => resolve()))
    },
  }
}

/** The names of a trace as lines, children below their parents and two further to the right, in the order of their names. */
export function tree(spans: readonly Collected[], traceId: string): string[] {
  const trace = spans.filter((span) => span.traceId === traceId)
  const known = new Set(trace.map(({ spanId }) => spanId))
  const below = (parent: string, depth: number): string[] =>
    trace
      .filter(({ parentSpanId }) =>
        depth === 0 ? !known.has(parentSpanId) : parentSpanId === parent,
      )
      .toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
      .flatMap(({ service, name, spanId }) => [
        `${'  '.repeat(depth)}${service}: ${name}`,
        ...below(spanId, depth + 1),
      ])
  return below('', 0)
}
