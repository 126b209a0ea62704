/**
 * The schema as a reader of a review sees it: `schema/snapshot/core.graphql` is what is written by hand, `kinds.graphql`
 * what is made of the kinds of an embedded cluster. `node test/graphql/snapshots.ts --write` writes both; changes that
 * break documents of the core are refused then, unless `--breaking` is said, too.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import {
  buildClientSchema,
  buildSchema,
  findBreakingChanges,
  getIntrospectionQuery,
  GraphQLObjectType,
  GraphQLSchema,
  isObjectType,
  isSpecifiedDirective,
  isSpecifiedScalarType,
  lexicographicSortSchema,
  printSchema,
  printType,
  type IntrospectionQuery,
} from 'graphql'
import { loadSchema } from '../../gateway/server/graphql/schema.ts'
import { startGraphWorld } from './graph.ts'

const folder = resolve(import.meta.dirname, '../../schema/snapshot')
const roots = ['Query', 'Mutation', 'Subscription']

export type SnapshotName = 'core' | 'kinds'

function fileOf(name: SnapshotName): string {
  return join(folder, `${name}.graphql`)
}

/** A schema without descriptions, directives' definitions and resolvers, everything in order of names. */
function bare(schema: GraphQLSchema): GraphQLSchema {
  const text = printSchema(
    lexicographicSortSchema(
      new GraphQLSchema({
        ...schema.toConfig(),
        directives: schema.getDirectives().filter(isSpecifiedDirective),
      }),
    ),
  )
  return buildSchema(text.replaceAll(/^ *"""[^]*?"""\n/gm, ''), { assumeValidSDL: true })
}

/** The hand-written schema. */
export async function coreSchema(): Promise<GraphQLSchema> {
  return bare((await loadSchema()).schema)
}

/** The schema that a server shows to who asks it. `ask` answers a document's data. */
export async function shownSchema(
  ask: (query: string) => Promise<IntrospectionQuery>,
): Promise<GraphQLSchema> {
  return bare(buildClientSchema(await ask(getIntrospectionQuery({ descriptions: false }))))
}

export function printCore(core: GraphQLSchema): string {
  return `${printSchema(core)}\n`
}

/** What `whole` has beyond `core`: types, and fields of the roots. */
export function printKindsOf(whole: GraphQLSchema, core: GraphQLSchema): string {
  const types = Object.values(whole.getTypeMap()).filter(
    (type) =>
      !core.getType(type.name) && !type.name.startsWith('__') && !isSpecifiedScalarType(type),
  )
  const extensions = roots.flatMap((name) => {
    const root = whole.getType(name)
    if (!isObjectType(root)) return []
    const before = core.getType(name)
    const known = isObjectType(before) ? before.getFields() : {}
    const fields = Object.entries(root.toConfig().fields).filter(([field]) => !known[field])
    if (fields.length === 0) return []
    const rest = new GraphQLObjectType({ name, fields: Object.fromEntries(fields) })
    return [`extend ${printType(rest)}`]
  })
  return `${[...types.map((type) => printType(type)), ...extensions].join('\n\n')}\n`
}

export function readSnapshot(name: SnapshotName): Promise<string> {
  return readFile(fileOf(name), 'utf8')
}

/** What documents that were good with the snapshot of the core would stumble over now. */
export function breakingChanges(snapshot: string, core: GraphQLSchema): string[] {
  const before = buildSchema(snapshot, { assumeValidSDL: true })
  return findBreakingChanges(before, core).map(({ description }) => description)
}

async function write(breaking: boolean): Promise<void> {
  const core = await coreSchema()
  const before = await readSnapshot('core').catch(() => undefined)
  const broken = before === undefined ? [] : breakingChanges(before, core)
  for (const change of broken) console.error(`breaking: ${change}`)
  if (broken.length > 0 && !breaking) {
    throw new Error('documents would break; deprecate for a release first, or say --breaking')
  }
  await using world = await startGraphWorld()
  const admin = await world.graph('admin')
  const whole = await shownSchema((query) => admin.data(query))
  await mkdir(folder, { recursive: true })
  await writeFile(fileOf('core'), printCore(core))
  await writeFile(fileOf('kinds'), printKindsOf(whole, core))
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  if (!process.argv.includes('--write')) throw new Error('say --write')
  await write(process.argv.includes('--breaking'))
}
