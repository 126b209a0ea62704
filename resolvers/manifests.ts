import { setTimeout as delay } from 'node:timers/promises'
import { GraphQLError } from 'graphql'
import { parseAllDocuments, type ToJSOptions } from 'yaml'
import { objectFrom } from '../gateway/domain/objects/index.ts'
import type { KindInfo, KubeObject } from '../gateway/kube/types.ts'
import { ApiError } from '../gateway/lib/errors.ts'
import { wideInteger } from '../gateway/lib/wide-json.ts'
import type { GraphqlContext } from './context.ts'
import { codeOf, inputError } from './errors.ts'
import { applyObject, kindOfObject, type Payload } from './object-writes.ts'
import type { ApplyOptionsInput } from './types.generated.ts'

const mostDocuments = 100

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

/** Integers of any size; the parser gives all of them as BigInt. */
function narrowed(_key: unknown, value: unknown): unknown {
  return typeof value === 'bigint' ? wideInteger(value.toString()) : value
}

/** The documents of a text, empty ones left out. Throws BAD_USER_INPUT for text that is no YAML. */
function documentsOf(text: string): Document[] {
  const parsed = parseAllDocuments(text, { intAsBigInt: true })
  const documents = 'empty' in parsed ? [] : parsed
  if (documents.length > mostDocuments) {
    throw inputError(`at most ${mostDocuments} documents at a time`)
  }
  return documents.flatMap((document, index) => {
    const [error] = document.errors
    if (error) throw inputError(`document ${index}: ${error.message}`)
    const value = valueOf(document, index)
    return value === null || value === undefined ? [] : [{ index, value }]
  })
}

function valueOf(document: { toJS(options: ToJSOptions): unknown }, index: number): unknown {
  try {
    return document.toJS({ reviver: narrowed })
  } catch (error) {
    // Too many aliases, or one to nothing.
    throw inputError(`document ${index}: ${(error as Error).message}`)
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
  const documents = documentsOf(text)
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
      const { conflicts, ...applied } = await applyObject(context, info, object, options, false)
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
  const ends = ctx.now() + served.within
  for (;;) {
    try {
      return await kindOfObject(context, object, cluster)
    } catch (error) {
      if (!defined.has(group) || ctx.now() >= ends) throw error
    }
    await delay(served.every, undefined, { signal: ctx.signal })
    ctx.cluster.discovery.invalidate()
  }
}
