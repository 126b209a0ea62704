import { createHash } from 'node:crypto'
import { glob, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { buildSubgraphSchema } from '@apollo/subgraph'
import { parse, type GraphQLSchema } from 'graphql'
import { resolvers } from '../../../resolvers/index.ts'

export interface LoadedSchema {
  readonly schema: GraphQLSchema
  /** The text of `schema/`, as the federation's composer gets it. */
  readonly sdl: string
  /** SHA-256 of `sdl`, hexadecimal. */
  readonly hash: string
}

const folder = resolve(import.meta.dirname, '../../../schema')

/** The executable subgraph (Apollo Federation v2.9) out of the SDL files and the resolvers. */
export async function loadSchema(): Promise<LoadedSchema> {
  const names = (await Array.fromAsync(glob('*.graphql', { cwd: folder }))).toSorted()
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')))
  const sdl = texts.join('\n')
  const schema = buildSubgraphSchema([{ typeDefs: parse(sdl), resolvers }])
  return { schema, sdl, hash: createHash('sha256').update(sdl).digest('hex') }
}
