import { createHash } from 'node:crypto'
import type { GraphQLSchema } from 'graphql'
import { exposes, type Exposure } from '../../../resolvers/dynamic/exposure.ts'
import { printKinds } from '../../../resolvers/dynamic/sdl.ts'
import type { LiveSchema } from './kinds.ts'

export interface SubgraphText {
  readonly sdl: string
  /** SHA-256 of what the text is made of, hexadecimal. */
  readonly hash: string
}

/**
 * The SDL of the subgraph as composers get it: the hand-written text, and the kinds that `shown` allows. Printed once for
 * each schema.
 */
export function subgraphTexts(
  live: Pick<LiveSchema, 'schema' | 'kinds' | 'hash'>,
  core: { readonly schema: GraphQLSchema; readonly sdl: string; readonly shown: Exposure },
): () => SubgraphText {
  const shows = exposes(core.shown)
  let kept: { readonly of: GraphQLSchema; readonly text: SubgraphText } | undefined
  return () => {
    const { schema } = live
    if (kept?.of === schema) return kept.text
    const kinds = live.kinds.filter(({ info }) => shows(info))
    const sdl =
      kinds.length > 0
        ? `${core.sdl}\n${printKinds(schema, core.schema, kinds, live.kinds)}\n`
        : core.sdl
    const hash = createHash('sha256').update(sdl).digest('hex')
    kept = { of: schema, text: { sdl, hash } }
    return kept.text
  }
}
