import { isMap } from './values.ts'

/** What the limits of the graph are called that an audience may have of its own. */
export const GRAPH_LIMITS = [
  'depth',
  'aliases',
  'rootFields',
  'directives',
  'cost',
  'batch',
  'requests',
  'subscriptions',
] as const

export type GraphLimit = (typeof GRAPH_LIMITS)[number]

export type GraphLimits = Partial<Record<GraphLimit, number>>

/** Names as free-form maps have them. */
const byLowerName = new Map(GRAPH_LIMITS.map((name) => [name.toLowerCase(), name]))

/** Of these 0 stands for any number. */
const mayBeAny: ReadonlySet<GraphLimit> = new Set(['requests', 'subscriptions'])

/**
 * Limits by the name of an audience, in lower case, out of a free-form map. What is wrong with it is told to `problem`, in
 * words that begin with the key, and left out.
 */
export function graphLimitsOf(
  audiences: Readonly<Record<string, unknown>>,
  problem: (what: string) => void = () => {},
): ReadonlyMap<string, GraphLimits> {
  const found = new Map<string, GraphLimits>()
  for (const [audience, members] of Object.entries(audiences)) {
    if (!isMap(members)) {
      problem(`${audience}: not a mapping of limits`)
      continue
    }
    const limits: GraphLimits = {}
    for (const [member, value] of Object.entries(members)) {
      const name = byLowerName.get(member.toLowerCase())
      if (!name) problem(`${audience}.${member}: none of ${GRAPH_LIMITS.join(', ')}`)
      else if (!Number.isSafeInteger(value) || Number(value) < (mayBeAny.has(name) ? 0 : 1)) {
        problem(`${audience}.${name}: ${JSON.stringify(value)} is no such number`)
      } else limits[name] = Number(value)
    }
    found.set(audience.toLowerCase(), limits)
  }
  return found
}
