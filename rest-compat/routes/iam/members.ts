import {
  isNotAMember,
  memberStub,
  type Member,
  type MemberLevel,
  type Place,
} from '../../../gateway/domain/iam/index.ts'
import { badRequest } from '../../../gateway/lib/errors.ts'
import { json, listOf } from '../../wire/index.ts'
import { listQuery } from '../../wire/query.ts'
import { asStruct, asStructs, text } from '../../wire/typed.ts'
import type { Reply, RouteHandler, RouteRequest } from '../registry.ts'

export interface MemberHandlers {
  readonly list: RouteHandler
  readonly get: RouteHandler
  readonly add: RouteHandler
  readonly change: RouteHandler
  readonly remove: RouteHandler
}

/** Query parameter that picks the members of one role. */
const ROLE_PARAMETER: Record<MemberLevel, string> = {
  workspace: 'workspacerole',
  cluster: 'clusterrole',
  namespace: 'role',
}

/** Keys of a query that do not count as filters. */
const NOT_FILTERS = new Set(['limit', 'page', 'sortBy', 'ascending', 'labelSelector'])

/** `parameter` is the name of the member in the path. */
export function memberHandlers(level: MemberLevel, parameter: string): MemberHandlers {
  const at = ({ params }: RouteRequest): Place => ({
    workspace: params['workspace'],
    namespace: params['namespace'],
  })
  const named = (rq: RouteRequest): Place & { name: string } => ({
    ...at(rq),
    name: rq.params[parameter] ?? '',
  })
  return {
    async list(rq) {
      const { app, ctx, query } = rq
      const role = query.get(ROLE_PARAMETER[level]) || undefined
      const page = await app.iam.members[level].list.run(ctx, {
        ...at(rq),
        query: listQuery(query),
        role,
      })
      // @NOTE null, not [], when a filter left nothing (iam-oauth.md §24.20).
      const filtered = [...query.keys()].some((key) => !NOT_FILTERS.has(key))
      if (filtered && page.totalItems === 0) return listOf(null, 0)
      const stubs = page.items.map((member) => memberStub(level, member))
      return listOf(stubs, page.totalItems)
    },
    async get(rq) {
      const member = await asked(rq.app.iam.members[level].get.run(rq.ctx, named(rq)))
      return json(member.user)
    },
    async add(rq) {
      const bodies = asStructs(await rq.entity(), 'v1beta1.Member')
      const members = bodies?.map(memberOf)
      await rq.app.iam.members[level].add.run(rq.ctx, { ...at(rq), members: members ?? [] })
      return members ? json(members) : nullReply()
    },
    async change(rq) {
      const member = memberOf(asStruct(await rq.entity(), 'v1beta1.Member'))
      await asked(rq.app.iam.members[level].change.run(rq.ctx, { ...named(rq), member }))
      return json({ message: 'success' })
    },
    async remove(rq) {
      await rq.app.iam.members[level].remove.run(rq.ctx, named(rq))
      return json({ message: 'success' })
    },
  }
}

/** @NOTE somebody who is no member is a bad request (iam-oauth.md §24.42). */
async function asked<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (isNotAMember(error)) throw badRequest(error.message)
    throw error
  }
}

function memberOf(body: Record<string, unknown>): Member {
  return { username: text(body['username']), roleRef: text(body['roleRef']) }
}

/** @NOTE a body of `null` is echoed (iam-oauth.md §17.4). */
function nullReply(): Reply {
  return { status: 200, headers: { 'content-type': 'application/json' }, body: 'null' }
}
