/** Header names in lower case; a repeated header is an array. */
export type HeaderMap = Record<string, string | string[] | undefined>

/** Hop-by-hop names and those that frame a message: a directive that writes one could smuggle a request. */
const UNTOUCHABLE = new Set([
  'transfer-encoding',
  'content-length',
  'connection',
  'host',
  'upgrade',
])

/**
 * `headerUp` / `headerDown` rules on a copy of `headers` (pipeline.md §13): `-Name` deletes, `-Foo*` deletes what ends
 * with Foo, `+Name value` adds, `Name value` sets. Rules without a value are ignored.
 * @NOTE `-Foo*` matches the end of a name, as the original does.
 */
export function applyHeaderRules(
  headers: HeaderMap,
  rules: readonly string[] | undefined,
): HeaderMap {
  if (!rules || rules.length === 0) return headers
  const out: HeaderMap = { ...headers }
  for (const rule of rules) {
    if (rule.startsWith('-')) remove(out, rule.slice(1).toLowerCase())
    else write(out, rule)
  }
  return out
}

function remove(headers: HeaderMap, name: string): void {
  if (!name.endsWith('*')) {
    delete headers[name]
    return
  }
  const suffix = name.slice(0, -1)
  for (const key of Object.keys(headers)) if (key.endsWith(suffix)) delete headers[key]
}

function write(headers: HeaderMap, rule: string): void {
  const add = rule.startsWith('+')
  const text = add ? rule.slice(1) : rule
  const space = text.indexOf(' ')
  if (space <= 0) return
  const name = text.slice(0, space).toLowerCase()
  const value = text.slice(space + 1).replace(/^"(.*)"$/s, '$1')
  if (!/^[!#$%&'*+\-.^_`|~0-9a-z]+$/.test(name) || /[\r\n\0]/.test(value)) return
  if (UNTOUCHABLE.has(name)) return
  const before = headers[name]
  if (!add || before === undefined) headers[name] = value
  else headers[name] = [...(Array.isArray(before) ? before : [before]), value]
}
