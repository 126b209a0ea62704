import { Readable } from 'node:stream'
import { setImmediate as turn } from 'node:timers/promises'
import type { ResourcePage, Shown, TextCache } from '../../../gateway/domain/resources/index.ts'
import { indentJson } from '../../../gateway/lib/go-json.ts'
import type { Reply } from '../registry.ts'

const HEADERS = { 'content-type': 'application/json' }

/** The text of an object as an item of an envelope: one space a level, two levels in. */
function itemText(texts: TextCache, item: Shown): string {
  return texts.of(item, () => indentJson(item.json, 1, 2))
}

function itemsText(texts: TextCache, items: readonly Shown[]): string {
  return `[\n  ${items.map((item) => itemText(texts, item)).join(',\n  ')}\n ]`
}

/** Items of an answer from which on it is written in pieces. */
const long = 500

/** Items of one piece: a few milliseconds of work. */
const piece = 100

/**
 * The items between `head` and `tail`. A long answer is made as it is taken, and lets others have their turn in between:
 * whoever asks for everything holds up nobody, and a slow reader costs no more than the objects he is given.
 */
function envelope(
  texts: TextCache,
  items: readonly Shown[],
  { head, tail, empty }: { head: string; tail: string; empty: string },
): Uint8Array | Readable {
  if (items.length > long) return Readable.from(pieces(items, head, tail), { highWaterMark: 1 })
  return texts.ofList(items, `${head} ${tail} ${empty}`, () => {
    const text = items.length === 0 ? empty : itemsText(texts, items)
    return `${head}${text}${tail}`
  })
}

async function* pieces(items: readonly Shown[], head: string, tail: string): AsyncIterable<string> {
  for (let at = 0; at < items.length; at += piece) {
    const some = items.slice(at, at + piece).map(({ json }) => indentJson(json, 1, 2))
    yield `${at === 0 ? `${head}[` : ','}\n  ${some.join(',\n  ')}`
    await turn()
  }
  yield `\n ]${tail}`
}

/** `{"items": […], "totalItems": N}`; `empty` is what stands for no items. */
export function pageReply(
  texts: TextCache,
  { items, totalItems }: ResourcePage,
  empty: '[]' | 'null' = '[]',
): Reply {
  const body = envelope(texts, items, {
    head: '{\n "items": ',
    tail: `,\n "totalItems": ${totalItems}\n}`,
    empty,
  })
  return { status: 200, headers: HEADERS, body }
}

/** A Kubernetes list: with kind and apiVersion, keys sorted, where `list` names them. */
export function kubePageReply(
  texts: TextCache,
  { items, totalItems, remainingItems }: ResourcePage,
  list?: { readonly apiVersion: string; readonly kind: string },
): Reply {
  // @NOTE `continue` holds the total (resources-tenant.md §17-24).
  const metadata = `"metadata": {\n  "continue": "${totalItems}",\n  "remainingItemCount": ${remainingItems}\n }`
  const [head, tail] = list
    ? [
        `{\n "apiVersion": ${JSON.stringify(list.apiVersion)},\n "items": `,
        `,\n "kind": ${JSON.stringify(list.kind)},\n ${metadata}\n}`,
      ]
    : [`{\n ${metadata},\n "items": `, '\n}']
  const body = envelope(texts, items, { head, tail, empty: '[]' })
  return { status: 200, headers: HEADERS, body }
}

/** One object. */
export function objectReply({ json }: Shown): Reply {
  return { status: 200, headers: HEADERS, body: indentJson(json, 1) }
}
