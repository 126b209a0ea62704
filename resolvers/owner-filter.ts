import type { Owner, Related } from '../gateway/domain/objects/index.ts'
import { ownerTest, type OwnerTest, type Selection } from '../gateway/domain/selection/index.ts'
import { ApiError } from '../gateway/lib/errors.ts'
import type { GraphqlContext } from './context.ts'
import { inputError } from './errors.ts'
import type { KindPlace } from './object-loaders.ts'

/** Most kinds that owners are of, however deep, and most owners that one filter asks for. */
const mostKinds = 20
const mostOwners = 10

/** How many owners a filter asks for, anywhere in it. */
function ownersAskedFor({ owner, all, any, not }: Selection): number {
  const inner = [...(all ?? []), ...(any ?? []), ...(not ? [not] : [])]
  return inner.reduce((sum, of) => sum + ownersAskedFor(of), owner ? 1 : 0)
}

/**
 * A filter of the objects in `places` that asks for owners by the uids of what they own instead; any other as it is. Owners
 * are found in what the watch caches keep of each object, or in one list of each kind where there is none; those whom the caller may not
 * list, or whose kind is not served, lead no further. Throws BAD_USER_INPUT.
 */
export async function withoutOwners(
  context: GraphqlContext,
  places: readonly KindPlace[],
  filter: Selection | null | undefined,
): Promise<Selection | null | undefined> {
  const asked = filter ? ownersAskedFor(filter) : 0
  if (!filter || asked === 0) return filter
  if (asked > mostOwners) throw inputError(`a filter may ask for ${mostOwners} owners`)
  const ancestry = new Ancestry(context)
  const listed = await Promise.all(
    places.map(async (place) => {
      const related = await context.loaders.related.load(place)
      return { place, owners: await related.owners() }
    }),
  )

  async function uidsOf(test: OwnerTest): Promise<string[]> {
    const found = await Promise.all(
      listed.map(async ({ place, owners }) => {
        const wanted = await ancestry.leading(owners, test, place.namespace)
        return wanted.flatMap(({ owns }) => owns)
      }),
    )
    return found.flat()
  }

  async function rewritten({ owner, ...of }: Selection): Promise<Selection> {
    const each = (of: readonly Selection[]) => Promise.all(of.map(rewritten))
    const all = await each(of.all ?? [])
    if (owner) all.push({ uids: await uidsOf(ownerTest(owner)) })
    return {
      ...of,
      ...(all.length > 0 ? { all } : {}),
      ...(of.any ? { any: await each(of.any) } : {}),
      ...(of.not ? { not: await rewritten(of.not) } : {}),
    }
  }
  return rewritten(filter)
}

/** Owners of owners, each kind of them looked up once. */
class Ancestry {
  readonly #context: GraphqlContext
  readonly #kinds = new Set<string>()
  readonly #found = new Map<string, Promise<Related | undefined>>()

  constructor(context: GraphqlContext) {
    this.#context = context
  }

  /** Those of `owners` that pass the test, or that lead to one who does within its depth. */
  async leading<T extends Owner>(
    owners: readonly T[],
    test: OwnerTest,
    namespace: string,
  ): Promise<T[]> {
    const parents = new Map<string, readonly Owner[]>()
    let level: readonly Owner[] = owners
    for (let depth = 1; depth < test.depth && level.length > 0; depth++) {
      const next = new Map<string, Owner>()
      for (const owner of level) {
        if (parents.has(owner.uid) || test.is(owner)) continue
        const related = await this.#kindOf(owner, namespace)
        const own = related?.ownersOf(owner) ?? []
        parents.set(owner.uid, own)
        for (const one of own) next.set(one.uid, one)
      }
      level = [...next.values()]
    }
    // Who passes is passed on one level at a time, so that circles end.
    const known = new Map<string, boolean>()
    const leads = (owner: Owner, left: number): boolean => {
      const key = `${left} ${owner.uid}`
      const before = known.get(key)
      if (before !== undefined) return before
      const found =
        test.is(owner) ||
        (left > 1 && (parents.get(owner.uid) ?? []).some((one) => leads(one, left - 1)))
      known.set(key, found)
      return found
    }
    return owners.filter((owner) => leads(owner, test.depth))
  }

  #kindOf({ apiVersion, kind }: Owner, namespace: string): Promise<Related | undefined> {
    const key = `${apiVersion} ${kind} ${namespace}`
    const known = this.#found.get(key)
    if (known) return known
    if (this.#kinds.add(`${apiVersion} ${kind}`).size > mostKinds)
      throw inputError(`owners are of more than ${mostKinds} kinds`)
    const found = this.#find(apiVersion, kind, namespace)
    this.#found.set(key, found)
    return found
  }

  async #find(apiVersion: string, kind: string, namespace: string): Promise<Related | undefined> {
    const { ctx, shown, loaders } = this.#context
    const [version = '', group = ''] = apiVersion.split('/').toReversed()
    const info = await ctx.cluster.discovery.findKind({ group, version, kind })
    if (!info || !shown(info) || !info.verbs.includes('list')) return undefined
    try {
      return await loaders.related.load({ info, namespace: info.namespaced ? namespace : '' })
    } catch (error) {
      if (error instanceof ApiError && error.code === 403) return undefined
      throw error
    }
  }
}
