import type { GitArgs } from '../../../gateway/domain/resources/index.ts'
import { ApiError } from '../../../gateway/lib/errors.ts'
import { json, jsonMessage } from '../../wire/index.ts'
import { asStruct, text } from '../../wire/typed.ts'
import type { Reply, RouteRequest } from '../registry.ts'

/** @NOTE what goes wrong is a 500, a body that cannot be read too (resources-tenant.md §9.5); other schemes a 400. */
export async function verifyGit(rq: RouteRequest): Promise<Reply> {
  let args: GitArgs
  try {
    args = argsOf(await rq.entity())
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    return jsonMessage(error.code === 413 ? 413 : 500, error.message)
  }
  try {
    await rq.app.resources.verifyGit.run(rq.ctx, args)
    return json({ message: 'success' })
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    const code = error.code === 400 || error.code === 403 ? error.code : 500
    return jsonMessage(code, error.message)
  }
}

function argsOf(body: unknown): GitArgs {
  const fields = asStruct(body, 'git.AuthInfo')
  const ref = asStruct(fields['secretRef'], 'v1.SecretReference')
  return {
    remoteUrl: text(fields['remoteUrl']),
    secretRef: { name: text(ref['name']), namespace: text(ref['namespace']) },
  }
}
