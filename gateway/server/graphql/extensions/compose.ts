import { composeServices } from '@theguild/federation-composition'
import { Kind, parse, print, visit, type DocumentNode, type FieldDefinitionNode } from 'graphql'
import { additionsTo, missingFrom } from './additions.ts'
import { argumentOf, fieldsOf, surfaceOf, typesOf, undescribed, type Surface } from './surface.ts'

/** A subgraph by the name that it has in the supergraph. */
export interface Subgraph {
  readonly id: string
  readonly sdl: string
}

export interface Composed {
  /** The supergraph of the platform and of those that fit; undefined when none does. */
  readonly supergraph: string | undefined
  /** SDL of what they add to the platform's graph: new types, and extensions of those that were there. */
  readonly additions: string
  /** Those that were left out, and why. */
  readonly refused: readonly { readonly id: string; readonly message: string }[]
}

/** The name of the platform's own subgraph. */
export const platformId = 'ks'

/** Longest text of a reason. */
const reasonLength = 500

const roots = new Set(['Query', 'Mutation', 'Subscription'])

interface Parsed {
  readonly id: string
  readonly document: DocumentNode
}

/**
 * What an extension adds to the platform's types may always be null: an extension that fails must not take the object
 * with it. Its own types stay as they are.
 */
function relaxed(document: DocumentNode, platform: Surface): DocumentNode {
  let within = ''
  const enter = (node: { readonly name: { readonly value: string } }) => {
    within = node.name.value
  }
  return visit(document, {
    ObjectTypeDefinition: { enter },
    ObjectTypeExtension: { enter },
    InterfaceTypeDefinition: { enter },
    InterfaceTypeExtension: { enter },
    FieldDefinition(field): FieldDefinitionNode | undefined {
      const of = platform.get(within)
      const added = roots.has(within) || (of && !of.members.has(field.name.value))
      if (!added || field.type.kind !== Kind.NON_NULL_TYPE) return undefined
      return { ...field, type: field.type.type }
    },
  })
}

/** What a supergraph has others resolve although it is the platform's. */
function takenOver(supergraph: DocumentNode, platform: Surface, platformGraph: string): string[] {
  return typesOf(supergraph).flatMap((type) => {
    const of = platform.get(type.name.value)
    return fieldsOf(type).flatMap((field) => {
      const name = field.name.value
      const places = (field.directives ?? []).filter((one) => one.name.value === 'join__field')
      const taken = places.some((place) => {
        if (argumentOf(place, 'override') !== undefined) return true
        const graph = argumentOf(place, 'graph')
        const own = of?.members.has(name) && !of.shared.has(name)
        return own && graph !== platformGraph && argumentOf(place, 'external') !== 'true'
      })
      return taken ? [`${type.name.value}.${name} is not the extension's to resolve`] : []
    })
  })
}

/** The name that a subgraph has among the values of `join__Graph`. */
function graphName(supergraph: DocumentNode, id: string): string {
  for (const type of typesOf(supergraph)) {
    if (type.name.value !== 'join__Graph' || !('values' in type)) continue
    const found = type.values?.find(({ directives }) =>
      directives?.some((directive) => argumentOf(directive, 'name') === id),
    )
    if (found) return found.name.value
  }
  return ''
}

/**
 * Composes extensions with the platform's subgraph, as many of them as fit, the first by order before the later. An
 * extension may add types and fields; it is left out when it does not compose, when it would hide or replace anything of
 * the platform's, or resolve what is the platform's to resolve. Takes about a second for a platform with all its kinds.
 */
export function composeGraphs(platformSdl: string, extensions: readonly Subgraph[]): Composed {
  const platform = undescribed(parse(platformSdl, { noLocation: true }))
  const surface = surfaceOf(platform)
  const refused: { id: string; message: string }[] = []
  const refuse = (id: string, message: string) =>
    void refused.push({ id, message: message.slice(0, reasonLength) })

  const parsed = extensions.flatMap(({ id, sdl }): Parsed[] => {
    try {
      return [{ id, document: relaxed(parse(sdl, { noLocation: true }), surface) }]
    } catch (error) {
      refuse(id, error instanceof Error ? error.message : String(error))
      return []
    }
  })

  function attempt(
    chosen: readonly Parsed[],
  ): { readonly supergraph: string; readonly additions: string } | { readonly message: string } {
    const services = [
      { name: platformId, typeDefs: platform },
      ...chosen.map(({ id, document }) => ({ name: id, typeDefs: document })),
    ]
    try {
      const { errors, supergraphSdl, publicSdl } = composeServices(services)
      if (errors) return { message: errors.map(({ message }) => message).join('; ') }
      const supergraph = parse(supergraphSdl, { noLocation: true })
      const api = parse(publicSdl, { noLocation: true })
      const wrong = [
        ...takenOver(supergraph, surface, graphName(supergraph, platformId)),
        ...missingFrom(api, surface).map((what) => `${what} would be hidden`),
      ]
      if (wrong.length > 0) return { message: wrong.slice(0, 5).join('; ') }
      return { supergraph: supergraphSdl, additions: print(additionsTo(api, surface)) }
    } catch (error) {
      return { message: error instanceof Error ? error.message : String(error) }
    }
  }

  if (parsed.length === 0) return { supergraph: undefined, additions: '', refused }
  const whole = attempt(parsed)
  if ('supergraph' in whole) return { ...whole, refused }
  if (parsed.length === 1) {
    refuse(parsed[0]?.id ?? '', whole.message)
    return { supergraph: undefined, additions: '', refused }
  }
  const fitting: Parsed[] = []
  let last: { readonly supergraph: string; readonly additions: string } | undefined
  for (const one of parsed) {
    const made = attempt([...fitting, one])
    if ('supergraph' in made) {
      fitting.push(one)
      last = made
    } else refuse(one.id, made.message)
  }
  return { supergraph: last?.supergraph, additions: last?.additions ?? '', refused }
}
