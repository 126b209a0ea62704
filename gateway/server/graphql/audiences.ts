import { graphLimitsOf, type Config, type GraphLimits } from '../../config/index.ts'
import { isAnonymous, type RequestContext } from '../../context/index.ts'
import { orAny } from '../../lib/gate.ts'
import type { DocumentLimits } from './limits.ts'

/** What one caller may ask for. */
export interface CallerLimits extends DocumentLimits {
  /** At a time. */
  readonly requests: number
  /** At a time. */
  readonly subscriptions: number
}

/** The limits of who asks; at once where nothing has to be looked up for them. */
export type LimitsOf = (ctx: RequestContext) => Promise<CallerLimits> | CallerLimits

export interface AudiencesOptions {
  /** Of whoever no audience names. */
  readonly usual: CallerLimits
  readonly limits: Config['facade']['graphql']['limits']
  /** The global role of who asks. */
  readonly roleOf: (ctx: RequestContext) => Promise<string | undefined>
}

/** Who is not logged in has hardly anything to read. */
const ofStrangers: GraphLimits = { cost: 1000, batch: 5, requests: 25 }

/** The largest of each. */
function widest(all: readonly GraphLimits[]): GraphLimits {
  const found: GraphLimits = {}
  for (const limits of all) {
    for (const [name, value] of Object.entries(limits) as [keyof GraphLimits, number][]) {
      const of = (limit: number) => (isCount(name) ? orAny(limit) : limit)
      const before = found[name]
      if (before === undefined || of(value) > of(before)) found[name] = value
    }
  }
  return found
}

function isCount(name: keyof GraphLimits): boolean {
  return name === 'requests' || name === 'subscriptions'
}

function laidOver(usual: CallerLimits, limits: GraphLimits): CallerLimits {
  const { requests, subscriptions, ...others } = limits
  return {
    ...usual,
    ...others,
    ...(requests === undefined ? {} : { requests: orAny(requests) }),
    ...(subscriptions === undefined ? {} : { subscriptions: orAny(subscriptions) }),
  }
}

function smaller(usual: CallerLimits, limits: GraphLimits): CallerLimits {
  const least = Object.entries(limits) as [keyof GraphLimits, number][]
  return {
    ...usual,
    ...Object.fromEntries(least.map(([name, value]) => [name, Math.min(value, usual[name])])),
  }
}

/**
 * Limits by audience: what is said of a user counts before what is said of the user's global role, and that before what is
 * said of groups, of which the largest number counts; whatever nobody says is as usual.
 */
export function createAudiences({ usual, limits, roleOf }: AudiencesOptions): LimitsOf {
  const groups = graphLimitsOf(limits.byGroup)
  const roles = graphLimitsOf(limits.byRole)
  const users = graphLimitsOf(limits.byUser)
  const strangers = smaller(usual, ofStrangers)

  return (ctx) => {
    const { name, groups: memberOf } = ctx.user
    const stranger = isAnonymous(ctx.user)
    const base = laidOver(
      stranger ? strangers : usual,
      widest(memberOf.flatMap((group) => groups.get(group.toLowerCase()) ?? [])),
    )
    const own = users.get(name.toLowerCase()) ?? {}
    if (roles.size === 0 || stranger) return laidOver(base, own)
    return roleOf(ctx).then((role) =>
      laidOver(laidOver(base, roles.get(role?.toLowerCase() ?? '') ?? {}), own),
    )
  }
}
