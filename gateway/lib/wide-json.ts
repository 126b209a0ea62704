/** A number in the words of its source, for a JSON text that must keep them. */
interface RawJson {
  readonly rawJSON: string
}

interface JsonWithRaw {
  rawJSON(text: string): RawJson
  isRawJSON(value: unknown): value is RawJson
}

const raw = JSON as unknown as JsonWithRaw

/** Sixteen digits in a row outside of a string, near enough: a miss costs time, never digits. */
const wide = /[:[,]\s*-?\d{16,}/

function keep(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value
  const source = context?.source
  return source !== undefined && /^-?\d+$/.test(source) ? raw.rawJSON(source) : value
}

/** Whether the text may hold an integer beyond 2^53. */
export function hasWideInteger(text: string): boolean {
  return wide.test(text)
}

/**
 * As `JSON.parse`, integers beyond 2^53 kept as `JSON.rawJSON` (ECMAScript proposal "JSON.parse source text access"):
 * `JSON.stringify` writes them digit by digit as they were read. Throws SyntaxError.
 */
export function parseWide(text: string): unknown {
  return hasWideInteger(text)
    ? (JSON.parse as (text: string, reviver: typeof keep) => unknown)(text, keep)
    : JSON.parse(text)
}

/** The digits of an integer that `parseWide` kept; undefined for any other value. */
export function wideDigits(value: unknown): string | undefined {
  return raw.isRawJSON(value) ? value.rawJSON : undefined
}

/** An integer of any size as `JSON.stringify` writes it without loss. */
export function wideInteger(digits: string): unknown {
  const narrow = Number(digits)
  return Number.isSafeInteger(narrow) ? narrow : raw.rawJSON(digits)
}
