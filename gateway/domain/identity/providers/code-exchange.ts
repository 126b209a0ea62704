import { textOf } from './options.ts'
import { objectOf, type Upstream, type UpstreamAnswer } from './upstream.ts'

export interface CodeExchange {
  readonly tokenURL: string
  readonly clientID: string
  readonly clientSecret: string
  readonly redirectURL: string
}

/** How the client says who it is: HTTP Basic, or in the form. */
export type ClientAuthentication = 'basic' | 'form'

/**
 * Exchanges the code of a callback at the token endpoint: RFC 6749 §4.1.3. With more than one way to authenticate the
 * next is tried when the endpoint does not take the client. Returns the endpoint's answer, which holds an
 * `access_token`. Throws Error.
 */
export async function exchangeCode(
  upstream: Upstream,
  of: CodeExchange,
  ways: readonly ClientAuthentication[],
  query: URLSearchParams,
  signal: AbortSignal,
): Promise<Record<string, unknown>> {
  const code = codeOf(query)
  let refusal = ''
  for (const way of of.clientSecret === '' ? (['form'] as const) : ways) {
    const answer = await upstream.call(of.tokenURL, {
      signal,
      headers: way === 'basic' ? { authorization: basic(of) } : {},
      form: {
        grant_type: 'authorization_code',
        code,
        ...(of.redirectURL ? { redirect_uri: of.redirectURL } : {}),
        ...(way === 'form' ? { client_id: of.clientID } : {}),
        ...(way === 'form' && of.clientSecret ? { client_secret: of.clientSecret } : {}),
      },
    })
    const token = tokenOf(answer)
    const error = textOf(token, 'error')
    if (answer.status === 200 && error === '') {
      if (textOf(token, 'access_token') === '') throw new Error('no access_token in token response')
      return token
    }
    refusal = `the token endpoint answered ${answer.status} ${error.replace(/[^\w.-]/g, '').slice(0, 60)}`
    if (error === 'invalid_grant' || answer.status >= 500) break
  }
  throw new Error(refusal.trimEnd())
}

/** The one `code` of a callback. Throws Error with the provider's reason when it sent one instead. */
function codeOf(query: URLSearchParams): string {
  for (const name of ['code', 'state', 'error', 'iss']) {
    if (query.getAll(name).length > 1) throw new Error(`parameter ${name} is given twice`)
  }
  const error = query.get('error')
  if (error) throw new Error(`the identity provider refused: ${error.slice(0, 60)}`)
  const code = query.get('code')
  if (!code) throw new Error('no code in the callback')
  return code
}

/** RFC 6749 §2.3.1: both parts form-encoded. */
function basic({ clientID, clientSecret }: CodeExchange): string {
  const encode = (text: string) => new URLSearchParams({ _: text }).toString().slice(2)
  const pair = `${encode(clientID)}:${encode(clientSecret)}`
  return `Basic ${Buffer.from(pair).toString('base64')}`
}

/** Some providers answer in a form whatever is asked for. */
function tokenOf({ status, contentType, text }: UpstreamAnswer): Record<string, unknown> {
  if (
    !text.startsWith('{') &&
    /^(application\/x-www-form-urlencoded|text\/plain)/.test(contentType)
  ) {
    return Object.fromEntries(new URLSearchParams(text))
  }
  try {
    return objectOf(text)
  } catch (error) {
    if (status === 200) throw error
    return {}
  }
}
