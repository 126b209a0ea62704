import type { Reply, RouteHandler, RouteRequest } from '../registry.ts'
import { empty } from '../../wire/json.ts'
import { form, found, oauthFailure } from './replies.ts'

export const authorizeByQuery: RouteHandler = (rq) => authorize(rq, rq.query)

export const authorizeByForm: RouteHandler = async (rq) => authorize(rq, await form(rq))

async function authorize(rq: RouteRequest, params: URLSearchParams): Promise<Reply> {
  const of = (name: string) => params.get(name) ?? ''
  try {
    const location = await rq.app.identity.authorize(
      {
        responseType: of('response_type'),
        clientId: of('client_id'),
        redirectUri: of('redirect_uri'),
        scope: of('scope'),
        state: of('state'),
        nonce: of('nonce'),
        prompt: of('prompt'),
        codeChallenge: of('code_challenge'),
        codeChallengeMethod: of('code_challenge_method'),
      },
      rq.ctx.user,
    )
    // @NOTE an ID token without nonce is answered by an empty 200.
    return location === undefined ? empty() : found(rq.req.method ?? 'GET', location)
  } catch (error) {
    return oauthFailure(error)
  }
}
