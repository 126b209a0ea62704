import { casUser } from './cas-response.ts'
import { readOptions } from './options.ts'
import type { ProviderFactory, RedirectProvider } from './types.ts'
import { createUpstream, type Upstream } from './upstream.ts'

interface CasOptions {
  readonly redirectURL: string
  readonly casServerURL: string
  readonly insecureSkipVerify: boolean
}

function casOptions(raw: unknown): CasOptions {
  const of = readOptions(raw)
  of.required('redirectURL')
  of.required('casServerURL')
  return {
    redirectURL: of.url('redirectURL'),
    casServerURL: of.url('casServerURL'),
    insecureSkipVerify: of.flag('insecureSkipVerify'),
  }
}

/** Parameters that belong to the protocol, not to the service that a ticket was asked for. */
const PROTOCOL = ['gateway', 'renew', 'service', 'ticket']

/** A CAS server: CAS Protocol 2 and 3, and 1 where the server knows no other. */
export const createCas: ProviderFactory = async (raw): Promise<RedirectProvider> => {
  const options = casOptions(raw)
  const upstream = createUpstream(options)
  return {
    kind: 'redirect',
    options: raw,
    async exchange(query, signal) {
      const [ticket, ...more] = query.getAll('ticket')
      if (!ticket || more.length > 0) throw new Error('no ticket in the callback')
      const user = await validate(upstream, options, ticket, signal)
      return { userId: user, username: user, email: '' }
    },
    [Symbol.asyncDispose]: () => upstream[Symbol.asyncDispose](),
  }
}

async function validate(
  upstream: Upstream,
  options: CasOptions,
  ticket: string,
  signal: AbortSignal,
): Promise<string> {
  const of = { signal, headers: { accept: '*/*' } }
  const { status, text } = await upstream.call(urlOf('serviceValidate', options, ticket), of)
  if (status === 200) return casUser(text)
  if (status !== 404) throw new Error(`the CAS server answered ${status}`)
  const first = await upstream.call(urlOf('validate', options, ticket), of)
  const [verdict, user = ''] = first.text.split('\n').map((line) => line.trim())
  if (first.status === 200 && verdict === 'yes') return user
  throw new Error('the CAS server refused the ticket')
}

function urlOf(what: string, { casServerURL, redirectURL }: CasOptions, ticket: string): string {
  const service = new URL(redirectURL)
  if (PROTOCOL.some((name) => service.searchParams.has(name))) {
    for (const name of PROTOCOL) service.searchParams.delete(name)
  }
  const url = new URL(casServerURL)
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/${what}`
  url.searchParams.set('service', service.href)
  url.searchParams.set('ticket', ticket)
  return url.href
}
