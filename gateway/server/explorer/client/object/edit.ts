import { fieldsOf, keysOf, type FieldSet } from './managed.ts'

export type Json = null | boolean | number | string | readonly Json[] | JsonObject

export interface JsonObject {
  readonly [name: string]: Json
}

export interface Edit {
  /** What is to be applied; undefined where nothing was changed. */
  readonly object: JsonObject | undefined
  /** Paths that the text no longer has. Apply removes of these only what the editor alone owns. */
  readonly removed: readonly string[]
}

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const same = (a: Json | undefined, b: Json | undefined): boolean =>
  JSON.stringify(a) === JSON.stringify(b)

/** Items of a list that Kubernetes merges by `keys`, under the values of these keys. */
function byKeys(items: readonly Json[], keys: readonly string[]): ReadonlyMap<string, JsonObject> {
  return new Map(
    items
      .filter(isObject)
      .map((item) => [JSON.stringify(keys.map((key) => item[key] ?? null)), item] as const),
  )
}

const pick = (item: JsonObject, keys: readonly string[]): JsonObject =>
  Object.fromEntries(keys.flatMap((key) => (item[key] === undefined ? [] : [[key, item[key]]])))

interface Step {
  readonly before: Json | undefined
  readonly after: Json
  /** Fields that anybody manages: they tell which lists are merged, and by which keys. */
  readonly all: FieldSet | undefined
  /** Fields that the editor applied earlier: what it leaves out of these now, it gives up. */
  readonly own: FieldSet | undefined
  readonly path: string
  readonly removed: string[]
}

function list(step: Step & { after: readonly Json[] }): Json | undefined {
  const { before, after, all, own, path } = step
  const keys = keysOf(all)
  const old = Array.isArray(before) ? (before as readonly Json[]) : []
  if (!keys) return same(before, after) && !own ? undefined : after
  const earlier = byKeys(old, keys)
  const later = byKeys(after, keys)
  for (const key of earlier.keys()) if (!later.has(key)) step.removed.push(`${path}[${key}]`)
  const kept = [...later].flatMap(([key, item]) => {
    const id = pick(item, keys)
    const inner = change({
      ...step,
      before: earlier.get(key),
      after: item,
      all: all?.items.get(key),
      own: own?.items.get(key),
      path: `${path}[${key}]`,
    })
    if (inner === undefined) return []
    return [{ ...id, ...(inner as JsonObject) }]
  })
  return kept.length > 0 ? kept : undefined
}

function members(step: Step & { after: JsonObject }): Json | undefined {
  const { before, after, all, own, path } = step
  const old = isObject(before) ? before : {}
  for (const name of Object.keys(old))
    if (after[name] === undefined) step.removed.push(path ? `${path}.${name}` : name)
  const kept = Object.entries(after).flatMap(([name, value]) => {
    const inner = change({
      ...step,
      before: old[name],
      after: value,
      all: all?.fields.get(name),
      own: own?.fields.get(name),
      path: path ? `${path}.${name}` : name,
    })
    return inner === undefined ? [] : [[name, inner] as const]
  })
  if (kept.length > 0) return Object.fromEntries(kept)
  // Without members of its own an object counts only where it is new or was applied as a whole.
  const whole = own && own.fields.size === 0 && own.items.size === 0
  return before === undefined || whole ? after : undefined
}

/** The part of `after` that differs from `before` or that the editor owns; undefined where there is none. */
function change(step: Step): Json | undefined {
  const { before, after, own } = step
  if (before !== undefined && !own && same(before, after)) return undefined
  if (Array.isArray(after)) return list({ ...step, after: after as readonly Json[] })
  if (isObject(after)) return members({ ...step, after })
  return after
}

/** Members of metadata that only the server writes. */
const served = ['managedFields', 'resourceVersion', 'uid', 'generation', 'creationTimestamp']

function bare(object: JsonObject): JsonObject {
  const metadata = isObject(object['metadata']) ? object['metadata'] : {}
  const kept = Object.entries(metadata).filter(([name]) => !served.includes(name))
  return { ...object, metadata: Object.fromEntries(kept) }
}

/**
 * What server-side apply by `manager` must be sent so that the object becomes what somebody made of its text: what they
 * changed, and what the manager applied before, so that it keeps that. Everything else stays with its owners.
 */
export function editToApply(
  before: JsonObject,
  after: JsonObject,
  managedFields: readonly ManagedFields[],
  manager: string,
): Edit {
  const removed: string[] = []
  const main = managedFields.filter(({ subresource }) => !subresource)
  const own = main.filter((one) => one.manager === manager && one.operation === 'Apply')
  const [from, to] = [bare(before), bare(after)]
  if (same(from, to)) return { object: undefined, removed }
  const inner = change({
    before: from,
    after: to,
    all: fieldsOf(managedFields),
    own: own.length > 0 ? fieldsOf(own) : undefined,
    path: '',
    removed,
  })
  const { apiVersion = '', kind = '' } = after
  const metadata = isObject(to['metadata']) ? to['metadata'] : {}
  const changed = isObject(inner) ? inner : {}
  return {
    object: {
      ...changed,
      apiVersion,
      kind,
      metadata: {
        ...(isObject(changed['metadata']) ? changed['metadata'] : {}),
        ...pick(metadata, ['name', 'namespace']),
      },
    },
    removed,
  }
}

export interface ManagedFields {
  readonly manager: string | null
  readonly operation: string | null
  readonly subresource: string | null
  readonly fieldsV1: JsonObject | null
}
