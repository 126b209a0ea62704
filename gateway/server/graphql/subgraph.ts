import { createHash } from 'node:crypto'
import type { GraphQLSchema } from 'graphql'
import { exposes, type Exposure } from '../../../resolvers/dynamic/exposure.ts'
import { kindTexts } from '../../../resolvers/dynamic/sdl.ts'
import { createBreath, type LiveSchema } from './kinds.ts'

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
        ? `${[core.sdl, ...kindTexts(schema, core.schema, kinds, live.kinds)].join('\n\n')}\n`
        : core.sdl
    const hash = createHash('sha256').update(sdl).digest('hex')
    kept = { of: schema, text: { sdl, hash } }
    return kept.text
  }
}

/** The SDL of the subgraph with every kind that the graph has, made in slices: a second's worth of work at once is too much. */
export async function wholeSubgraph(
  { schema, kinds }: Pick<LiveSchema, 'schema' | 'kinds'>,
  core: { readonly schema: GraphQLSchema; readonly sdl: string },
): Promise<string> {
  const breathe = createBreath()
  const texts = [core.sdl]
  for (const text of kindTexts(schema, core.schema, kinds, kinds)) {
    texts.push(text)
    await breathe()
  }
  return texts.join('\n\n')
}
