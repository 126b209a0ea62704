import type { Session } from './session.ts'

export type Variables = Readonly<Record<string, unknown>>

export interface SentError {
  readonly message: string
  readonly extensions?: { readonly code?: string }
}

interface Answer {
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

function send(query: string, variables: Variables, token: string, signal: AbortSignal | null) {
  return fetch(graphUrl(), {
    method: 'POST',
    signal,
    headers: {
      accept: 'application/graphql-response+json, application/json',
      'content-type': 'application/json',
      authorization: `Bearer ${token}`,
    },
    body: JSON.stringify({ query, variables }),
  })
}

/**
 * The data of one query or mutation; a token that has ended is renewed once, and one that is refused after that ends the
 * login. Throws GraphError for the first error of the answer, TypeError when there is no connection.
 */
export async function request(
  session: Session,
  query: string,
  variables: Variables,
  signal: AbortSignal | null = null,
): Promise<unknown> {
  let response = await send(query, variables, session.token() ?? '', signal)
  if (response.status === 401) {
    const token = await session.renew()
    if (!token) throw new GraphError({ message: 'the login has ended' })
    response = await send(query, variables, token, signal)
    if (response.status === 401) session.logout()
  }
  const { data, errors } = (await response.json()) as Answer
  const error = errors?.[0]
  if (error) throw new GraphError(error)
  return data
}
