import type { KubeObject } from '../../../kube/types.ts'
import type { Shape } from '../kind.ts'

/** One member that a type prints otherwise than it is stored. Changes the object that it gets. */
export type Rule = (object: KubeObject) => void

type Fields = Record<string, unknown>

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Calls `change` with each object that holds the last member of `path`; `*` goes into every item of a list. */
function parents(path: string, change: (parent: Fields, key: string) => void): Rule {
  const keys = path.split('.')
  const last = keys.pop() as string
  const visit = (value: unknown, at: number): void => {
    if (keys[at] === '*') {
      if (Array.isArray(value)) for (const item of value) visit(item, at + 1)
    } else if (isFields(value)) {
      const key = keys[at]
      if (key === undefined) change(value, last)
      else visit(value[key], at + 1)
    }
  }
  return (object) => visit(object, 0)
}

/** A member that is always there: `value` where it is absent or null. */
export function always(path: string, value: unknown): Rule {
  return parents(path, (parent, key) => {
    parent[key] ??= structuredClone(value)
  })
}

/** Members that are there only when they say something. */
export function unlessEmpty(...paths: readonly string[]): Rule {
  const rules = paths.map((path) =>
    parents(path, (parent, key) => {
      if (isEmpty(parent[key])) delete parent[key]
    }),
  )
  return (object) => {
    for (const rule of rules) rule(object)
  }
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === '' || value === 0 || value === false) {
    return true
  }
  return typeof value === 'object' && Object.keys(value).length === 0
}

const META = [
  'name',
  'generateName',
  'namespace',
  'selfLink',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'labels',
  'annotations',
  'ownerReferences',
  'finalizers',
  'managedFields',
]

/** Kind, apiVersion and metadata first, as types are declared; custom resources come sorted. */
function ordered({ kind, apiVersion, metadata, ...rest }: KubeObject): KubeObject {
  const known = META.flatMap((key) => {
    const value = (metadata as Fields)[key]
    return value === undefined ? [] : [[key, value] as const]
  })
  return {
    ...(kind === undefined ? {} : { kind }),
    ...(apiVersion === undefined ? {} : { apiVersion }),
    metadata: { ...Object.fromEntries(known), ...metadata },
    ...rest,
  }
}

/** A shape out of its rules. */
export function typed(...rules: readonly Rule[]): Shape {
  return (object) => {
    const copy = ordered(structuredClone(object))
    for (const rule of rules) rule(copy)
    return copy
  }
}

/** Keys of every level sorted: how objects print that no type was read into. */
export const sorted: Shape = (object) => sortKeys(object) as KubeObject

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys)
  if (!isFields(value)) return value
  const keys = Object.keys(value).toSorted()
  return Object.fromEntries(keys.map((key) => [key, sortKeys(value[key])]))
}
