import type { EventEmitter } from 'node:events'
import { currentScope, currentSpan, traced } from './request-scope.ts'

export interface UpstreamRequest {
  readonly method: string
  readonly origin: URL
  /** The form of the path; asked for where there is a trace. */
  readonly template: () => string
}

/** A call to another server on behalf of the request that runs now. */
export interface UpstreamCall {
  readonly requestId: string
  /** What the server is told of the trace, where there is one. Lower-case names. */
  readonly trace: Readonly<Record<string, string>> | undefined
  /** The head of the answer has come. */
  answered(status: number): void
  /** Ends the span with a body, whole or not, that is read later. */
  endsWith(body: EventEmitter): void
  /** Nothing more is to come. */
  over(): void
  failed(error: unknown): void
}

/** Begins a call to a server that belongs to the platform; undefined for work that is no request's. */
export function upstreamCall(request: UpstreamRequest): UpstreamCall | undefined {
  const scope = currentScope()
  if (!scope) return undefined
  const began = performance.now()
  const { method, origin } = request
  const parent = currentSpan()
  const template = parent && request.template()
  const span = parent?.child(`${method} ${template}`, {
    kind: 'client',
    attributes: {
      'http.request.method': method,
      'server.address': origin.hostname,
      'server.port': Number(origin.port || (origin.protocol === 'https:' ? 443 : 80)),
      'url.template': template,
    },
  })
  let waiting = true
  const head = (): void => {
    if (waiting) scope.spent('upstream', performance.now() - began)
    waiting = false
  }
  return {
    requestId: scope.id,
    // What has no room in the trace is part of it all the same for whom it asks.
    trace: (span ?? parent)?.headers(),
    answered(status) {
      head()
      span?.set({ 'http.response.status_code': status })
      if (status >= 400) span?.fail(status)
    },
    endsWith(body) {
      if (span) body.once('close', () => span.end())
    },
    over() {
      span?.end()
    },
    failed(error) {
      head()
      span?.fail(error)
      span?.end()
    },
  }
}

/** Servers that are asked for requests without being told of them: they are somebody else's, or have no place for it. */
type Outside =
  'redis' | 'ldap' | 'identity-provider' | 'registry' | 'chart-repository' | 'git' | 's3'

/** Asks `host` by `work` on behalf of the request that runs now. */
export async function asking<T>(what: Outside, host: string, work: () => Promise<T>): Promise<T> {
  const began = performance.now()
  const attributes = { 'server.address': host }
  try {
    return await traced(what, { kind: 'client', attributes, sparse: true }, work)
  } finally {
    currentScope()?.spent(what, performance.now() - began)
  }
}
