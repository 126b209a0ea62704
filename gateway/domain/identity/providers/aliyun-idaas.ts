import { exchangeCode } from './code-exchange.ts'
import { isRecord, readOptions, textOf } from './options.ts'
import type { ProviderFactory, RedirectProvider } from './types.ts'
import { createUpstream } from './upstream.ts'

const LONGEST_MESSAGE = 200

interface AliyunOptions {
  readonly clientID: string
  readonly clientSecret: string
  readonly tokenURL: string
  readonly userInfoURL: string
  readonly redirectURL: string
}

function aliyunOptions(raw: unknown): AliyunOptions {
  const of = readOptions(raw)
  const endpoint = of.section('endpoint')
  endpoint.url('authURL')
  of.texts('scopes')
  return {
    clientID: of.required('clientID'),
    clientSecret: of.text('clientSecret'),
    tokenURL: endpoint.url('tokenURL'),
    userInfoURL: endpoint.url('userInfoURL'),
    redirectURL: of.url('redirectURL'),
  }
}

/** Aliyun IDaaS, whose user info stands in an envelope: iam-oauth.md §11. */
export const createAliyunIDaaS: ProviderFactory = async (raw): Promise<RedirectProvider> => {
  const options = aliyunOptions(raw)
  const upstream = createUpstream({ insecureSkipVerify: false })
  return {
    kind: 'redirect',
    options: raw,
    async exchange(query, signal) {
      const token = await exchangeCode(upstream, options, ['basic', 'form'], query, signal)
      const answer = await upstream.json(options.userInfoURL, {
        signal,
        headers: { authorization: `Bearer ${textOf(token, 'access_token')}` },
      })
      if (answer.success !== true) {
        const message = textOf(answer, 'message').slice(0, LONGEST_MESSAGE)
        throw new Error(message || 'the identity provider told nothing about the user')
      }
      const data = isRecord(answer.data) ? answer.data : {}
      return {
        userId: textOf(data, 'sub'),
        username: textOf(data, 'username'),
        email: textOf(data, 'email'),
      }
    },
    [Symbol.asyncDispose]: () => upstream[Symbol.asyncDispose](),
  }
}
