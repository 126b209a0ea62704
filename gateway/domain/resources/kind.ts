import type { Entry, GVR } from '../../kube/api.ts'
import type { KubeObject } from '../../kube/types.ts'
import type { Condition, Field, FilterContext } from './condition.ts'
import { filtersA, type FilterTable } from './filters.ts'
import { redactorOf, type Redactor } from '../redact.ts'
import { shapeFor } from './shapes/index.ts'
import type { ListQuery } from './types.ts'

/** Objects that a list looks among instead of the whole store. */
export interface Fetched {
  readonly entries: readonly Entry[]
  /** Parameters that have done their work. */
  readonly consumed: readonly string[]
  /** Annotations to add to each object, by its name. */
  readonly annotations?: ReadonlyMap<string, Readonly<Record<string, string>>> | undefined
}

/** How an object prints: members that the type always has, nothing that it does not know. */
export type Shape = (object: KubeObject) => KubeObject

/** One kind that lists and reads serve by its plural name: resources-tenant.md §4. */
export interface Kind extends GVR {
  readonly kind: string
  readonly namespaced: boolean
  readonly filters: FilterTable
  readonly otherwise?: Condition | undefined
  readonly sorts?: Readonly<Record<string, Field>> | undefined
  /** Undefined where the parameters ask for nothing special. */
  readonly fetch?: (
    context: FilterContext,
    query: ListQuery,
    namespace: string | undefined,
  ) => Promise<Fetched | undefined>
  readonly redact?: Redactor | undefined
  readonly shape?: Shape | undefined
  /** Where items of a list print otherwise than the object alone. */
  readonly listShape?: Shape | undefined
}

export interface KindDefinition extends Omit<
  Kind,
  'filters' | 'redact' | 'shape' | 'group' | 'version' | 'resource'
> {
  readonly gvr: GVR
  /** Beyond the filters of every kind, or instead of those of the same name. */
  readonly filters?: FilterTable
  /** No filters but its own. */
  readonly bare?: true
}

/** A kind with the common filters and the redaction of its resource. */
export function defineKind({ gvr, filters, bare, ...rest }: KindDefinition): Kind {
  return {
    ...gvr,
    ...rest,
    filters: { ...(bare ? {} : filtersA), ...filters },
    redact: redactorOf(gvr),
    shape: shapeFor(gvr),
  }
}

/** A member of an object by keys; undefined where the way ends. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  let found = value
  for (const key of path) {
    if (found === null || typeof found !== 'object' || !Object.hasOwn(found, key)) return undefined
    found = (found as Record<string, unknown>)[key]
  }
  return found
}

export function textAt(value: unknown, ...path: readonly string[]): string {
  const found = at(value, ...path)
  return typeof found === 'string' ? found : ''
}

export function numberAt(value: unknown, ...path: readonly string[]): number {
  const found = at(value, ...path)
  return typeof found === 'number' ? found : 0
}

/** Items of a list that are objects. */
export function listAt(value: unknown, ...path: readonly string[]): Record<string, unknown>[] {
  const found = at(value, ...path)
  if (!Array.isArray(found)) return []
  return found.filter((item) => typeof item === 'object' && item !== null)
}

/** Items of a list that are texts. */
export function textsAt(value: unknown, ...path: readonly string[]): string[] {
  const found = at(value, ...path)
  return Array.isArray(found) ? found.filter((item) => typeof item === 'string') : []
}

/** A moment as text that sorts as the moment does. */
export function sortableTime(...moments: readonly unknown[]): string {
  let latest = 0
  for (const moment of moments) {
    const ms = typeof moment === 'string' ? Date.parse(moment) : Number.NaN
    if (ms > latest) latest = ms
  }
  return String(latest).padStart(16, '0')
}
