import { goJson, indentJson } from '../../gateway/lib/go-json.ts'
import type { Reply } from '../routes/registry.ts'

/** `items` of an envelope, each an already serialized object; null where the original writes a nil slice. */
export type ItemTexts = Iterable<string> | null

/** `[…]` at nesting level 1, one space a level, from JSON texts that are never parsed. */
function itemsText(items: ItemTexts): string {
  if (items === null) return 'null'
  const rendered: string[] = []
  for (const item of items) rendered.push(indentJson(item, 1, 2))
  return rendered.length === 0 ? '[]' : `[\n  ${rendered.join(',\n  ')}\n ]`
}

/**
 * `{"items": […], "totalItems": N}` (resources-tenant.md §2.2).
 * `items` are JSON texts (a cache entry's `json`), in answer order.
 */
export function listReply(items: ItemTexts, totalItems: number): Reply {
  return {
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: `{\n "items": ${itemsText(items)},\n "totalItems": ${totalItems}\n}`,
  }
}

/** The same envelope around values; `null` items stay `null`. */
export function listOf(items: readonly unknown[] | null, totalItems: number): Reply {
  return listReply(items === null ? null : items.map((item) => JSON.stringify(item)), totalItems)
}

export interface KubeListShape {
  /** Absent where the list is of a kind that the original registered: items carry their own. */
  apiVersion?: string
  kind?: string
  metadata: Record<string, unknown>
}

/**
 * A Kubernetes list around serialized items. With `kind` keys stand sorted (apiVersion, items, kind, metadata),
 * as unstructured lists do; without, as a typed list: metadata, items (pipeline.md §17).
 */
export function kubeListReply(shape: KubeListShape, items: ItemTexts): Reply {
  const metadata = indentJson(goJson(shape.metadata), 1, 1)
  const fields =
    shape.kind === undefined
      ? [`"metadata": ${metadata}`, `"items": ${itemsText(items)}`]
      : [
          ...(shape.apiVersion === undefined ? [] : [`"apiVersion": ${goJson(shape.apiVersion)}`]),
          `"items": ${itemsText(items)}`,
          `"kind": ${goJson(shape.kind)}`,
          `"metadata": ${metadata}`,
        ]
  return {
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: `{\n ${fields.join(',\n ')}\n}`,
  }
}
