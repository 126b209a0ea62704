import { parseEntity } from '../../wire/index.ts'

/** What a client may say (platform-apis.md §9.2). */
export type ClientMessage =
  | { readonly op: 'stdin'; readonly data: string }
  | { readonly op: 'resize'; readonly rows: number; readonly cols: number }

/** Output as the console reads it: compact, all four keys. */
export function stdoutMessage(data: string): string {
  return `{"Op":"stdout","Data":${JSON.stringify(data)},"Rows":0,"Cols":0}`
}

/**
 * One message of a client; undefined for anything that the original takes for the end of the input: no JSON, an unknown
 * Op, a number out of range. Keys in any case, absent ones zero, others ignored.
 */
export function readMessage(text: string): ClientMessage | undefined {
  let value: unknown
  try {
    value = parseEntity(text)
  } catch {
    return undefined
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return undefined
  const op = field(value, 'op') ?? ''
  const data = field(value, 'data') ?? ''
  const rows = field(value, 'rows') ?? 0
  const cols = field(value, 'cols') ?? 0
  if (typeof data !== 'string' || !isUint16(rows) || !isUint16(cols)) return undefined
  if (op === 'stdin') return { op, data }
  if (op === 'resize') return { op, rows, cols }
  return undefined
}

/** As Go's decoder: the last key that is the name in any case. */
function field(value: object, name: string): unknown {
  let found: unknown
  for (const [key, one] of Object.entries(value)) if (key.toLowerCase() === name) found = one
  return found
}

function isUint16(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 0xffff
}
