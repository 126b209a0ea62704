import type { Session } from './session.ts'

export type Variables = Readonly<Record<string, unknown>>

export interface SentError {
  readonly message: string
  readonly extensions?: { readonly code?: string }
}

/** What a server of GraphQL answers. */
export interface Answer {
  readonly data?: unknown
  readonly errors?: readonly SentError[]
}

/** What the graph says went wrong, with its code. */
export class GraphError extends Error {
  override readonly name = 'GraphError'
  readonly code: string
  constructor({ message, extensions }: SentError) {
    super(message)
    this.code = extensions?.code ?? ''
  }
}

/** The address of the graph, beside this page. */
export const graphUrl = (): URL => new URL('graphql', location.href)

/** An operation as it is sent. */
export interface Sent {
  readonly query: string
  readonly operationName?: string | null | undefined
  readonly variables?: Variables | undefined
}

function send(
  sent: Sent,
  token: string,
  headers: Record<string, string>,
  signal: AbortSignal | null,
) {
  return fetch(graphUrl(), {
    method: 'POST',
    signal,
    headers: {
      accept: 'application/graphql-response+json, application/json',
      'content-type': 'application/json',
      authorization: `Bearer ${token}`,
      ...headers,
    },
    body: JSON.stringify(sent),
  })
}

/**
 * The answer to one query or mutation as it comes, errors and all; a token that has ended is renewed once, and one that is
 * refused after that ends the login. Throws TypeError when there is no connection.
 */
export async function answerOf(
  session: Session,
  sent: Sent,
  {
    headers = {},
    signal = null,
  }: { headers?: Record<string, string>; signal?: AbortSignal | null } = {},
): Promise<Answer> {
  let response = await send(sent, session.token() ?? '', headers, signal)
  if (response.status === 401) {
    const token = await session.renew()
    if (token) response = await send(sent, token, headers, signal)
    if (response.status === 401) session.logout()
  }
  return (await response.json()) as Answer
}

/**
 * The data of one query or mutation. Throws GraphError for the first error, unless `partial` says that what did not fail
 * is wanted all the same; TypeError when there is no connection.
 */
export async function request(
  session: Session,
  sent: Sent,
  { signal = null, partial = false }: { signal?: AbortSignal | null; partial?: boolean } = {},
): Promise<unknown> {
  const { data, errors } = await answerOf(session, sent, { signal })
  const error = errors?.[0]
  if (error && !(partial && data)) throw new GraphError(error)
  return data
}
