import { breakDown, covers } from '../../../gateway/embedded/controllers/aggregate.ts'
import type { PolicyRule } from '../../../gateway/embedded/seeds/rules.ts'
import type { KubeObject } from '../../../gateway/kube/types.ts'

/** Objects as the recording writes them: values that differ from run to run become placeholders. */

type Json = Record<string, unknown>

/** Keys of metadata, labels and annotations that are no effect to compare; each with its reason. */
const ignored: readonly (readonly [RegExp, string])[] = [
  [/^metadata\.(uid|resourceVersion|generation|managedFields|generateName)$/, 'server bookkeeping'],
  [/^metadata\.deletion(Timestamp|GracePeriodSeconds)$/, 'server bookkeeping'],
  [/^metadata\.finalizers$/, 'ours set no finalizers: a data set can move between modes'],
  [/^metadata\.annotations\['ks-facade\/initialized'\]$/, 'our marker instead of a finalizer'],
  [/^metadata\.annotations\['kubesphere\.io\/description'\]$/, 'free text of our own seeds'],
  [
    /^metadata\.annotations\['iam\.kubesphere\.io\/granted-clusters'\]$/,
    'written by the cluster controller, which the recording ran without',
  ],
]

const timeText = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/
const hash = /^\$2[aby]\$(\d\d)\$.{53}$/

/** Names that are made up by the server, by what stands for them in the recording. */
export type Placeholders = ReadonlyMap<string, string>

/** One object with placeholders, in the form in which two objects are compared. */
export function normalise(object: KubeObject, places: Placeholders): Json {
  const { metadata, ...rest } = object
  const name = metadata.generateName ? `${metadata.generateName}<rand>` : metadata.name
  const whole = { ...rest, metadata: { ...metadata, name } }
  if (object.kind === 'Secret') delete (whole as Json)['data']
  return clean(replaced(whole, places), '') as Json
}

export function nameOf(object: KubeObject, places: Placeholders): string {
  const { kind, metadata } = object
  const name = String(normalise(object, places)['metadata'] && metadata.name)
  const shown = metadata.generateName
    ? `${metadata.generateName}<rand>`
    : (places.get(name) ?? name)
  return [kind, object.apiVersion?.split('/')[0], metadata.namespace ?? '', shown].join(' ')
}

function replaced(value: unknown, places: Placeholders): unknown {
  if (typeof value === 'string') {
    if (timeText.test(value)) return '<time>'
    const cost = hash.exec(value)?.[1]
    return cost ? `<bcrypt cost ${Number(cost)}>` : (places.get(value) ?? value)
  }
  if (Array.isArray(value)) return value.map((item) => replaced(item, places))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => {
      let shown = key
      for (const [from, to] of places) shown = shown.replace(from, to)
      return [shown, replaced(item, places)]
    }),
  )
}

/** Without ignored and empty fields; lists whose order means nothing in a fixed order. */
function clean(value: unknown, path: string): unknown {
  if (path === 'rules' || path === 'spec.rules') {
    return permissions((value ?? []) as PolicyRule[])
  }
  if (path === "metadata.annotations['iam.kubesphere.io/rego-override']") return '<rego>'
  if (path.endsWith('templateNames') && Array.isArray(value)) return (value as string[]).toSorted()
  if (Array.isArray(value)) return value.map((item) => clean(item, `${path}[]`))
  if (typeof value !== 'object' || value === null) return value ?? undefined
  const entries = Object.entries(value).flatMap(([key, item]): [string, unknown][] => {
    const at = step(path, key)
    if (ignored.some(([pattern]) => pattern.test(at))) return []
    const cleaned = clean(item, at)
    return isEmpty(cleaned) ? [] : [[key, cleaned]]
  })
  return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

/** What rules allow, whatever order they were put together in: single permissions that no other one covers. */
function permissions(rules: readonly PolicyRule[]): string[] {
  const byText = new Map(
    rules
      .flatMap(breakDown)
      .map((part) => [JSON.stringify(part, Object.keys(part).toSorted()), part]),
  )
  return [...byText]
    .filter(
      ([text, part]) => ![...byText].some(([other, rule]) => other !== text && covers(rule, part)),
    )
    .map(([text]) => text)
    .toSorted()
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null) return true
  return typeof value === 'object' && Object.keys(value).length === 0
}

/** A path one step further, in the recording's syntax. */
function step(path: string, key: string): string {
  if (!/^[A-Za-z_]\w*$/.test(key)) return `${path}['${key}']`
  return path ? `${path}.${key}` : key
}

/** What a value is after a change, by path of the smallest part that changed. */
export function changes(before: unknown, after: unknown, path = ''): Map<string, unknown> {
  const isObject = (value: unknown): value is Json =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
  if (isObject(before) && isObject(after)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(after)])
    return new Map(
      [...keys].flatMap((key) => [...changes(before[key], after[key], step(path, key))]),
    )
  }
  return JSON.stringify(before) === JSON.stringify(after)
    ? new Map()
    : leaves(before, after, path, isObject)
}

/** A map that appears or goes as a whole is compared by its entries, so that ignored ones do not matter. */
function leaves(
  before: unknown,
  after: unknown,
  path: string,
  isObject: (value: unknown) => value is Json,
): Map<string, unknown> {
  if (isObject(after) && before === undefined) return changes({}, after, path)
  if (isObject(before) && after === undefined) return changes(before, {}, path)
  return new Map([[path, after]])
}

/** A changed value of the recording, with the same fields left out as in ours. */
export function recordedChanges(
  paths: Record<string, { before: unknown; after: unknown }>,
): Map<string, unknown> {
  const found = new Map<string, unknown>()
  for (const [path, { before, after }] of Object.entries(paths)) {
    const was = clean(before, path)
    const is = clean(after, path)
    if (ignored.some(([pattern]) => pattern.test(path))) continue
    const isObject = (value: unknown): value is Json =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
    const parts =
      isObject(was) || isObject(is)
        ? changes(isEmpty(was) ? {} : was, isEmpty(is) ? {} : is, path)
        : new Map([[path, isEmpty(is) ? undefined : is]])
    for (const [at, value] of parts) found.set(at, value)
  }
  return found
}
