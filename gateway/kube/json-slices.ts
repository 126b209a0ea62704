const QUOTE = 0x22
const BACKSLASH = 0x5c
const OPEN = 0x7b
const CLOSE = 0x7d
const OPEN_LIST = 0x5b
const CLOSE_LIST = 0x5d
const COLON = 0x3a
const SPACE = 0x20

/** A list answer taken apart: everything but the items, and each item's own JSON text. */
export interface ListSlices {
  head: {
    kind?: string
    apiVersion?: string
    metadata?: { resourceVersion?: string; continue?: string }
  }
  items: string[]
}

/**
 * Cuts `{"kind":…,"items":[…]}` into its items without parsing them, so that numbers beyond 2^53 and the order of
 * keys survive. Hot path of a list. Throws SyntaxError when it is no such JSON.
 */
export function sliceList(bytes: Buffer): ListSlices {
  const start = itemsStart(bytes)
  if (start < 0) return { head: JSON.parse(bytes.toString()) as ListSlices['head'], items: [] }
  const items: string[] = []
  let at = start
  for (;;) {
    at = skip(bytes, at)
    if (bytes[at] === CLOSE_LIST) break
    const end = endOfValue(bytes, at)
    items.push(bytes.toString('utf8', at, end))
    at = skip(bytes, end)
  }
  const rest = bytes.toString('utf8', 0, start) + bytes.toString('utf8', at)
  return { head: JSON.parse(rest) as ListSlices['head'], items }
}

/** Position after the `[` of the top-level `items`; -1 where there is none. */
function itemsStart(bytes: Buffer): number {
  let depth = 0
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]
    if (byte === OPEN || byte === OPEN_LIST) depth++
    else if (byte === CLOSE || byte === CLOSE_LIST) depth--
    else if (byte === QUOTE) {
      const end = endOfString(bytes, at)
      if (depth === 1 && bytes.toString('latin1', at + 1, end - 1) === 'items') {
        const colon = skip(bytes, end)
        const list = skip(bytes, colon + 1)
        if (bytes[colon] === COLON && bytes[list] === OPEN_LIST) return list + 1
      }
      at = end - 1
    }
  }
  return -1
}

/** Over white space and commas. */
function skip(bytes: Buffer, from: number): number {
  let at = from
  while (at < bytes.length && ((bytes[at] ?? 0) <= SPACE || bytes[at] === 0x2c)) at++
  return at
}

function endOfString(bytes: Buffer, from: number): number {
  for (let at = from + 1; at < bytes.length; at++) {
    const byte = bytes[at]
    if (byte === BACKSLASH) at++
    else if (byte === QUOTE) return at + 1
  }
  throw new SyntaxError('a JSON string does not end')
}

/** Position after the object or list that begins at `from`. */
function endOfValue(bytes: Buffer, from: number): number {
  let depth = 0
  for (let at = from; at < bytes.length; at++) {
    const byte = bytes[at]
    if (byte === QUOTE) at = endOfString(bytes, at) - 1
    else if (byte === OPEN || byte === OPEN_LIST) depth++
    else if (byte === CLOSE || byte === CLOSE_LIST) {
      depth--
      if (depth === 0) return at + 1
      if (depth < 0) break
    }
  }
  throw new SyntaxError('a JSON list holds something that is no object')
}
