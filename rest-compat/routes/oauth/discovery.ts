import { ANONYMOUS } from '../../../gateway/context/index.ts'
import type { RouteHandler } from '../registry.ts'
import { json } from '../../wire/json.ts'
import { oauthFailure } from './replies.ts'

export const discovery: RouteHandler = ({ app }) => json(app.identity.discovery())

export const keys: RouteHandler = ({ app }) => json(app.identity.keys())

export const userinfo: RouteHandler = async ({ app, ctx }) => {
  // @NOTE anonymous callers get a bare JSON string, not an error object.
  if (ctx.user.name === ANONYMOUS.name) return json('login_required', 401)
  try {
    return json(await app.identity.userinfo(ctx.user.name))
  } catch (error) {
    return oauthFailure(error)
  }
}
