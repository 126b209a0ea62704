import { setTimeout as delay } from 'node:timers/promises'
import { GraphQLError } from 'graphql'
import { ANONYMOUS } from '../gateway/context/index.ts'
import { objectFrom } from '../gateway/domain/objects/index.ts'
import type { KindInfo, KubeObject } from '../gateway/kube/types.ts'
import { ApiError, unauthorized } from '../gateway/lib/errors.ts'
import { wideInteger } from '../gateway/lib/wide-json.ts'
import { YamlError } from '../gateway/lib/yaml/index.ts'
import type { GraphqlContext } from './context.ts'
import { codeOf, inputError } from './errors.ts'
import { applyObject, kindOfObject, type Payload } from './object-writes.ts'
import type { ApplyOptionsInput } from './types.generated.ts'

const mostDocuments = 100
/** Most aliases that a document may follow. */
const mostAliases = 100
/** Most characters and values of all documents together, whatever aliases make of them. */
const mostSize = 8 * 1024 * 1024

/** How long a kind is waited for whose definition was applied just before, and how often it is looked for; milliseconds. */
const served = { within: 10_000, every: 200 }

/** What became of one document. */
export interface ManifestResult extends Pick<Payload, 'object' | 'warnings' | 'conflicts'> {
  readonly index: number
  readonly apiVersion: string | null
  readonly kind: string | null
  readonly namespace: string | null
  readonly name: string | null
  readonly error: { readonly code: string; readonly message: string } | null
}

interface Document {
  readonly index: number
  readonly value: unknown
}

/**
 * As JSON has it: integers of any size, which the parser gives as BigInt, and copies of what aliases share. Throws
 * BAD_USER_INPUT where the copies grow beyond `mostSize`.
 */
function createNarrowing(): (value: unknown) => unknown {
  let size = 0
  const narrowed = (value: unknown): unknown => {
    size += typeof value === 'string' ? value.length : 1
    if (size > mostSize) throw inputError('the documents are too large')
    if (typeof value === 'bigint') return wideInteger(value.toString())
    if (Array.isArray(value)) return value.map(narrowed)
    if (typeof value !== 'object' || value === null || value.constructor !== Object) return value
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, narrowed(item)]))
  }
  return narrowed
}

/**
 * The documents of a text, empty ones left out. Throws BAD_USER_INPUT for text that is no YAML, UNAUTHENTICATED for who
 * has not logged in: reading takes time.
 */
async function documentsOf({ app, ctx }: GraphqlContext, text: string): Promise<Document[]> {
  if (ctx.user.name === ANONYMOUS.name) throw unauthorized('log in to apply manifests')
  const bounds = { aliases: mostAliases, documents: mostDocuments, wide: true }
  try {
    const narrowed = createNarrowing()
    const values = await app.yaml.documents(text, bounds, ctx.signal)
    return values.flatMap((value, index) =>
      value === null || value === undefined ? [] : [{ index, value: narrowed(value) }],
    )
  } catch (error) {
    if (!(error instanceof YamlError)) throw error
    if (error.document >= mostDocuments) throw inputError(error.message)
    throw inputError(`document ${error.document}: ${error.message}`)
  }
}

function textOf(value: unknown, ...path: string[]): string | null {
  let found = value
  for (const key of path) {
    found =
      typeof found === 'object' && found !== null
        ? (found as Record<string, unknown>)[key]
        : undefined
  }
  return typeof found === 'string' ? found : null
}

/** Definitions, then namespaces, then the rest. */
function rank({ value }: Document): number {
  const kind = textOf(value, 'kind')
  if (kind === 'CustomResourceDefinition') return 0
  return kind === 'Namespace' ? 1 : 2
}

function failureOf(error: unknown): NonNullable<ManifestResult['error']> {
  if (error instanceof ApiError) return { code: codeOf(error), message: error.message }
  if (error instanceof GraphQLError) {
    return { code: String(error.extensions['code']), message: error.message }
  }
  throw error
}

/**
 * Applies the objects of a text one after the other, and answers what became of each in the order of the text. Throws
 * BAD_USER_INPUT for a text that cannot be read; what the API server or a role refuses is part of the answer.
 */
export async function applyManifests(
  context: GraphqlContext,
  text: string,
  options: ApplyOptionsInput,
  stopOnError: boolean,
): Promise<ManifestResult[]> {
  const documents = await documentsOf(context, text)
  const defined = new Set<string>()
  const results: ManifestResult[] = []
  let failed = false
  for (const document of documents.toSorted((a, b) => rank(a) - rank(b) || a.index - b.index)) {
    const { index, value } = document
    const said = {
      index,
      apiVersion: textOf(value, 'apiVersion'),
      kind: textOf(value, 'kind'),
      namespace: textOf(value, 'metadata', 'namespace'),
      name: textOf(value, 'metadata', 'name'),
    }
    const nothing = { object: null, warnings: [], conflicts: [] }
    if (failed && stopOnError) {
      const error = { code: 'SKIPPED', message: 'another document failed before' }
      results.push({ ...said, ...nothing, error })
      continue
    }
    try {
      const object = objectFrom(value)
      const info = await kindWithin(context, object, options.cluster, defined)
      const { conflicts, ...applied } = await applyObject(context, info, object, options, {
        compare: false,
      })
      if (conflicts.length > 0) failed = true
      results.push({ ...said, ...applied, conflicts, error: null })
      if (said.kind === 'CustomResourceDefinition')
        defined.add(textOf(value, 'spec', 'group') ?? '')
    } catch (error) {
      failed = true
      results.push({ ...said, ...nothing, error: failureOf(error) })
    }
  }
  return results.sort((a, b) => a.index - b.index)
}

/** The kind of an object; one of a group that was defined just now is waited for. */
async function kindWithin(
  context: GraphqlContext,
  object: KubeObject & { apiVersion: string; kind: string },
  cluster: string | null | undefined,
  defined: ReadonlySet<string>,
): Promise<KindInfo> {
  const [, group = ''] = object.apiVersion.split('/').toReversed()
  const { ctx } = await context.at(cluster)
  const ends = performance.now() + served.within
  for (;;) {
    try {
      return await kindOfObject(context, object, cluster)
    } catch (error) {
      if (!defined.has(group) || performance.now() >= ends) throw error
    }
    await delay(served.every, undefined, { signal: ctx.signal })
    ctx.cluster.discovery.invalidate()
  }
}
