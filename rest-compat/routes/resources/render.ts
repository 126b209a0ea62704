import type { ResourcePage, Shown, TextCache } from '../../../gateway/domain/resources/index.ts'
import { indentJson } from '../../../gateway/lib/go-json.ts'
import type { Reply } from '../registry.ts'

const HEADERS = { 'content-type': 'application/json' }

/** The text of an object as an item of an envelope: one space a level, two levels in. */
function itemText(texts: TextCache, item: Shown): string {
  return texts.of(item, () => indentJson(item.json, 1, 2))
}

function itemsText(texts: TextCache, items: readonly Shown[]): string {
  if (items.length === 0) return '[]'
  return `[\n  ${items.map((item) => itemText(texts, item)).join(',\n  ')}\n ]`
}

/** `{"items": […], "totalItems": N}`; `empty` is what stands for no items. */
export function pageReply(
  texts: TextCache,
  { items, totalItems }: ResourcePage,
  empty: '[]' | 'null' = '[]',
): Reply {
  const body = texts.ofList(items, `page ${totalItems} ${empty}`, () => {
    const text = items.length === 0 ? empty : itemsText(texts, items)
    return `{
 "items": ${text},
 "totalItems": ${totalItems}
}`
  })
  return { status: 200, headers: HEADERS, body }
}

/** A Kubernetes list: with kind and apiVersion, keys sorted, where `list` names them. */
export function kubePageReply(
  texts: TextCache,
  { items, totalItems, remainingItems }: ResourcePage,
  list?: { readonly apiVersion: string; readonly kind: string },
): Reply {
  const form = `${list?.apiVersion ?? ''} ${list?.kind ?? ''} ${totalItems} ${remainingItems}`
  const body = texts.ofList(items, form, () => {
    // @NOTE `continue` holds the total (resources-tenant.md §17-24).
    const metadata = `{\n  "continue": "${totalItems}",\n  "remainingItemCount": ${remainingItems}\n }`
    const text = itemsText(texts, items)
    const fields = list
      ? [
          `"apiVersion": ${JSON.stringify(list.apiVersion)}`,
          `"items": ${text}`,
          `"kind": ${JSON.stringify(list.kind)}`,
          `"metadata": ${metadata}`,
        ]
      : [`"metadata": ${metadata}`, `"items": ${text}`]
    return `{\n ${fields.join(',\n ')}\n}`
  })
  return { status: 200, headers: HEADERS, body }
}

/** One object. */
export function objectReply({ json }: Shown): Reply {
  return { status: 200, headers: HEADERS, body: indentJson(json, 1) }
}
