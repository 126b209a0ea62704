import { ApiError, badRequest } from '../../lib/errors.ts'
import type { JsonPatchOperation } from './types.ts'

export interface TouchedByPatch {
  /** Something other than the placement. */
  readonly beyondPlacement: boolean
  /** Clusters that values under the placement name. */
  readonly clusters: string[]
}

const OPS = new Set(['add', 'remove', 'replace', 'move', 'copy', 'test'])
const NEED_VALUE = new Set(['add', 'replace', 'test'])

/**
 * What a JSON Patch of a workspace template says it touches (resources-tenant.md §10.8). Throws ApiError 400
 * `not support operation type` for other verbs than add and remove under the placement, 500 with the original's texts
 * for operations that are not whole.
 */
export function checkPatch(operations: readonly JsonPatchOperation[]): TouchedByPatch {
  const clusters: string[] = []
  let beyondPlacement = false
  for (const operation of operations) {
    demandWhole(operation)
    if (!isPlacement(operation.path)) {
      beyondPlacement = true
      continue
    }
    if (operation.op !== 'add' && operation.op !== 'remove') {
      throw badRequest('not support operation type')
    }
    clusters.push(...clustersOf(operation))
  }
  return { beyondPlacement, clusters }
}

function isPlacement(path: string): boolean {
  return path === '/spec/placement' || path.startsWith('/spec/placement/')
}

function demandWhole(operation: JsonPatchOperation): void {
  const wrong = (reason: string): ApiError =>
    broken(`invalid operation ${JSON.stringify(operation)}: ${reason}`)
  if (typeof operation !== 'object' || operation === null) throw wrong('not an object')
  if (!OPS.has(operation.op)) throw wrong(`unknown op ${JSON.stringify(operation.op ?? '')}`)
  if (typeof operation.path !== 'string') throw wrong('missing path')
  if (NEED_VALUE.has(operation.op) && operation.value === undefined) throw wrong('missing value')
}

function clustersOf({ value }: JsonPatchOperation): string[] {
  if (value === undefined) throw broken('operation, missing value field: missing value')
  if (value === null) return []
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw broken(`'' expected a map, got '${Array.isArray(value) ? 'slice' : typeof value}'`)
  }
  const { name, clusters } = value as { name?: unknown; clusters?: unknown }
  if (typeof name === 'string' && name !== '') return [name]
  if (!Array.isArray(clusters)) return []
  return clusters
    .map((cluster: unknown) => (cluster as { name?: unknown } | null)?.name)
    .filter((each): each is string => typeof each === 'string')
}

function broken(message: string): ApiError {
  return new ApiError(500, 'InternalError', message)
}
