import type { Position, Window } from '../gateway/domain/selection/index.ts'
import { inputError } from './errors.ts'

/** Paging arguments of every connection: cursors, or page numbers, never both. */
export interface PagingArgs {
  readonly first?: number | null | undefined
  readonly after?: string | null | undefined
  readonly last?: number | null | undefined
  readonly before?: string | null | undefined
  readonly page?: number | null | undefined
  readonly limit?: number | null | undefined
}

const defaultSize = 50
const largestSize = 500

function size(name: string, value: number | null | undefined): number {
  if (value === undefined || value === null) return defaultSize
  if (value < 1 || value > largestSize) {
    throw inputError(`"${name}" must be from 1 to ${largestSize}`)
  }
  return value
}

function given(value: unknown): boolean {
  return value !== undefined && value !== null
}

/**
 * The window that the arguments ask for. Throws BAD_USER_INPUT for a mix of cursors and page numbers, for `first` with
 * `last`, and for a size that is not from 1 to 500; `decode` may throw for a cursor.
 */
export function windowOf(args: PagingArgs, decode: (cursor: string) => Position): Window {
  const cursors = [args.first, args.after, args.last, args.before].some(given)
  if (given(args.page) || given(args.limit)) {
    if (cursors) throw inputError('page numbers and cursors cannot be mixed')
    const page = args.page ?? 1
    if (page < 1) throw inputError('"page" counts from 1')
    return { kind: 'page', page, size: size('limit', args.limit) }
  }
  if (given(args.first) && given(args.last)) {
    throw inputError('"first" and "last" cannot be mixed')
  }
  const backward = given(args.last)
  return {
    kind: 'cursor',
    backward,
    size: backward ? size('last', args.last) : size('first', args.first),
    after: args.after ? decode(args.after) : undefined,
    before: args.before ? decode(args.before) : undefined,
  }
}
