import type { KubeObject } from '../../kube/types.ts'

/**
 * Field selectors of lists, in both dialects: `strict` (a missing field rejects, values print as Go's %v) for Secrets in
 * the first engine, lenient (missing is the empty text, compact JSON, `~` for any case) in the second
 * (resources-tenant.md §3.4, §4.6). Paths are dotted keys, `\.` a dot in a key, `[n]`, `[a:b]`, `[*]`, `['key']`.
 */
export type FieldMatcher = (object: KubeObject) => boolean

/** Longest selector and deepest path that are looked at. */
const LONGEST = 4096
const DEEPEST = 64

/** The selector as a function; undefined where it cannot be read (then nothing matches). */
export function parseFieldSelector(text: string, strict: boolean): FieldMatcher | undefined {
  if (text === '') return () => true
  if (text.length > LONGEST) return undefined
  const terms = text.split(/(?<!\\),/).map((term) => parseTerm(term, strict))
  if (!terms.every((term) => term !== undefined)) return undefined
  return (object) => terms.every((matches) => matches(object))
}

function parseTerm(term: string, strict: boolean): FieldMatcher | undefined {
  const found = /!=|==|=/.exec(term)
  if (!found) return undefined
  const equal = found[0] !== '!='
  const raw = term.slice(found.index + found[0].length)
  if (/(?<!\\)[,=]/.test(raw)) return undefined
  const value = raw.replace(/\\([\\,=])/g, '$1')
  const path = parsePath(term.slice(0, found.index))
  if (!path) return undefined
  if (strict) {
    return (object) => {
      const values = walk([object], path)
      if (values.length === 0) return false
      return (values.map(goText).join(' ') === value) === equal
    }
  }
  const anyCase = value.startsWith('~')
  const wanted = anyCase ? value.slice(1).toLowerCase() : value
  return (object) => {
    const text = walk([object], path).map(jsonText).join(' ')
    return ((anyCase ? text.toLowerCase() : text) === wanted) === equal
  }
}

type Step = { key: string } | { from: number; to: number | undefined } | { all: true }

const STEP =
  /\.?(?:\['(?<quoted>[^']*)'\]|\[(?<all>\*)\]|\[(?<from>-?\d+)?(?<range>:)(?<to>-?\d+)?\]|\[(?<index>-?\d+)\]|(?<star>\*)(?=[.[]|$)|(?<key>(?:\\.|[^.[\]\\{}?()])+))/y

function parsePath(text: string): Step[] | undefined {
  const steps: Step[] = []
  STEP.lastIndex = 0
  while (STEP.lastIndex < text.length) {
    const groups = STEP.exec(text)?.groups
    if (!groups || steps.length === DEEPEST) return undefined
    const { quoted, key, index, range, from, to } = groups
    if (quoted !== undefined) steps.push({ key: quoted })
    else if (key !== undefined) steps.push({ key: key.replace(/\\(.)/g, '$1').trim() })
    else if (index !== undefined) {
      const at = Number(index)
      steps.push({ from: at, to: at === -1 ? undefined : at + 1 })
    } else if (range !== undefined) {
      steps.push({ from: Number(from ?? 0), to: to === undefined ? undefined : Number(to) })
    } else steps.push({ all: true })
  }
  return steps
}

function walk(values: readonly unknown[], path: readonly Step[]): readonly unknown[] {
  let found = values
  for (const step of path) found = found.flatMap((value) => next(value, step))
  return found
}

function next(value: unknown, step: Step): unknown[] {
  if (value === null || typeof value !== 'object') return []
  if (Array.isArray(value)) {
    if ('key' in step) return value.flatMap((item) => (Array.isArray(item) ? [] : next(item, step)))
    return 'all' in step ? (value as unknown[]) : value.slice(step.from, step.to)
  }
  if ('all' in step) return Object.values(value)
  if (!('key' in step) || !Object.hasOwn(value, step.key)) return []
  return [(value as Record<string, unknown>)[step.key]]
}

function jsonText(value: unknown): string {
  if (value === null || value === undefined) return ''
  return typeof value === 'object' ? JSON.stringify(value) : `${value as string | number}`
}

function goText(value: unknown): string {
  if (value === null || value === undefined) return '<nil>'
  if (Array.isArray(value)) return `[${value.map(goText).join(' ')}]`
  if (typeof value !== 'object') return `${value as string | number}`
  const pairs = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return `map[${pairs.map(([key, item]) => `${key}:${goText(item)}`).join(' ')}]`
}
