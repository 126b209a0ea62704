import { exchangeCode } from './code-exchange.ts'
import { readOptions, textOf, withOption } from './options.ts'
import type { ProviderFactory, RedirectProvider } from './types.ts'
import { createUpstream } from './upstream.ts'

interface GitHubOptions {
  readonly clientID: string
  readonly clientSecret: string
  readonly endpoint: { authURL: string; tokenURL: string; userInfoURL: string }
  readonly redirectURL: string
  readonly insecureSkipVerify: boolean
  readonly scopes: readonly string[]
}

function gitHubOptions(raw: unknown): GitHubOptions {
  const of = readOptions(raw)
  const endpoint = of.section('endpoint')
  return {
    clientID: of.required('clientID'),
    clientSecret: of.text('clientSecret'),
    endpoint: {
      authURL: endpoint.url('authURL') || 'https://github.com/login/oauth/authorize',
      tokenURL: endpoint.url('tokenURL') || 'https://github.com/login/oauth/access_token',
      userInfoURL: endpoint.url('userInfoURL') || 'https://api.github.com/user',
    },
    redirectURL: of.url('redirectURL'),
    insecureSkipVerify: of.flag('insecureSkipVerify'),
    scopes: of.texts('scopes'),
  }
}

/**
 * GitHub, or one of an own installation by its `endpoint`. The id is the login, as the original has it.
 * Source: GitHub documentation, "Authorizing OAuth apps".
 */
export const createGitHub: ProviderFactory = async (raw): Promise<RedirectProvider> => {
  const options = gitHubOptions(raw)
  const upstream = createUpstream(options)
  const { tokenURL, userInfoURL } = options.endpoint
  return {
    kind: 'redirect',
    options: withOption(raw, 'endpoint', options.endpoint),
    async exchange(query, signal) {
      const token = await exchangeCode(upstream, { ...options, tokenURL }, ['form'], query, signal)
      const user = await upstream.json(userInfoURL, {
        signal,
        headers: {
          authorization: `Bearer ${textOf(token, 'access_token')}`,
          'user-agent': 'ks-facade',
        },
      })
      const login = textOf(user, 'login')
      return { userId: login, username: login, email: textOf(user, 'email') }
    },
    [Symbol.asyncDispose]: () => upstream[Symbol.asyncDispose](),
  }
}
