import { ApiError } from '../../../gateway/lib/errors.ts'
import type { RouteHandler } from '../registry.ts'
import { textError } from '../../wire/errors.ts'
import { json } from '../../wire/json.ts'

interface TokenReview {
  apiVersion?: string
  kind?: string
  spec?: { token?: string }
}

/** POST /oauth/authenticate (iam-oauth.md §8.6). A token that is no good is a 400 with the reason as text. */
export const tokenReview: RouteHandler = async (rq) => {
  const review = await rq.entity<TokenReview | null>()
  const token = review?.spec?.token
  if (typeof token !== 'string' || token === '') {
    return textError(new Error('token must not be null'), 400)
  }
  try {
    const { username = '' } = await rq.app.identity.verify(token)
    return json({
      ...(review?.apiVersion ? { apiVersion: review.apiVersion } : {}),
      kind: review?.kind ?? 'TokenReview',
      status: { authenticated: true, user: { uid: '', username } },
    })
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    return textError(error, error.code === 503 ? 503 : 400)
  }
}
