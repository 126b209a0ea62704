import { badRequest } from './errors.ts'

/** One operation of RFC 6902. */
export interface PatchOperation {
  op: string
  path: string
  from?: string
  value?: unknown
}

/**
 * `document` after `operations`, the argument untouched (RFC 6902). Throws ApiError 400 for an operation that cannot be
 * applied: unknown op, missing path, failed test.
 */
export function applyPatch(document: unknown, operations: readonly PatchOperation[]): unknown {
  let root: unknown = structuredClone(document)
  for (const operation of operations) root = applyOne(root, operation)
  return root
}

function applyOne(root: unknown, operation: PatchOperation): unknown {
  const path = tokens(operation.path)
  switch (operation.op) {
    case 'add':
      return put(root, path, structuredClone(operation.value), true)
    case 'replace':
      read(root, path)
      return put(root, path, structuredClone(operation.value), false)
    case 'remove':
      return take(root, path)
    case 'copy':
      return put(root, path, structuredClone(read(root, tokens(operation.from ?? ''))), true)
    case 'move': {
      const from = tokens(operation.from ?? '')
      const moved = read(root, from)
      return put(take(root, from), path, moved, true)
    }
    case 'test':
      if (sameJson(read(root, path), operation.value)) return root
      throw badRequest(`testing value ${operation.path} failed`)
    default:
      throw badRequest(`unexpected kind: ${operation.op}`)
  }
}

/** Reference tokens of a JSON Pointer (RFC 6901 §4). */
function tokens(pointer: string): string[] {
  if (pointer === '') return []
  if (!pointer.startsWith('/')) throw badRequest(`invalid JSON pointer ${pointer}`)
  return pointer
    .slice(1)
    .split('/')
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'))
}

function read(root: unknown, path: readonly string[]): unknown {
  let at = root
  for (const token of path) {
    if (Array.isArray(at)) at = at[indexOf(token, at.length - 1)]
    else if (isRecord(at) && Object.hasOwn(at, token)) at = at[token]
    else throw missing(path)
  }
  return at
}

function put(root: unknown, path: readonly string[], value: unknown, insert: boolean): unknown {
  const last = path.at(-1)
  if (last === undefined) return value
  const parent = read(root, path.slice(0, -1))
  if (Array.isArray(parent)) {
    const index = last === '-' ? parent.length : indexOf(last, parent.length)
    parent.splice(index, insert ? 0 : 1, value)
  } else if (isRecord(parent)) {
    define(parent, last, value)
  } else throw missing(path)
  return root
}

function take(root: unknown, path: readonly string[]): unknown {
  const last = path.at(-1)
  if (last === undefined) return null
  read(root, path)
  const parent = read(root, path.slice(0, -1))
  if (Array.isArray(parent)) parent.splice(indexOf(last, parent.length - 1), 1)
  else if (isRecord(parent)) delete parent[last]
  return root
}

/** `__proto__` is a key like any other. */
function define(target: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(target, key, {
    value,
    enumerable: true,
    configurable: true,
    writable: true,
  })
}

function indexOf(token: string, max: number): number {
  if (!/^(0|[1-9]\d*)$/.test(token) || Number(token) > max) {
    throw badRequest(`array index ${token} out of range`)
  }
  return Number(token)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function missing(path: readonly string[]): Error {
  return badRequest(`path /${path.join('/')} does not exist`)
}

/** Equality of JSON values (RFC 6902 §4.6): the order of keys does not count. */
export function sameJson(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, index) => sameJson(item, b[index]))
  }
  if (isRecord(a) && isRecord(b)) {
    const keys = Object.keys(a)
    return (
      keys.length === Object.keys(b).length &&
      keys.every((key) => Object.hasOwn(b, key) && sameJson(a[key], b[key]))
    )
  }
  return Object.is(a, b)
}
