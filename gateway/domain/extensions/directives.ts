import { cleanPath, decodePath, escapePath } from '../../lib/go-url.ts'
import { matchesPattern } from './path-pattern.ts'
import type { Directives } from './types.ts'

/** The request line that a ReverseProxy sends on: decoded path and raw query. */
export interface Line {
  path: string
  rawQuery: string
}

/** What the directives made of a request. `failed` names the directive that cannot be applied. */
export type Rewritten =
  | { readonly kind: 'line'; readonly method: string; readonly line: Line }
  | { readonly kind: 'failed'; readonly directive: 'Rewrite' | 'Replace' | 'PathRegexp' }

const URI_PATH = '{http.request.uri.path}'
const PLACEHOLDER = /\{[^{}]+\}/

/**
 * `method`, `stripPathPrefix`, `stripPathSuffix`, `rewrite`, `replace`, `pathRegexp` in the original's order
 * (pipeline.md §13). Never throws; a placeholder that the original cannot fill fails the request there and here.
 */
export function rewrite(directives: Directives, method: string, from: Line): Rewritten {
  let line = { ...from }
  const { stripPathPrefix: prefix, stripPathSuffix: suffix } = directives
  if (prefix && line.path.startsWith(prefix)) line.path = line.path.slice(prefix.length)
  if (suffix && line.path.endsWith(suffix)) line.path = line.path.slice(0, -suffix.length)
  for (const rule of directives.rewrite ?? []) {
    const [pattern, uri] = rule.split(' ').filter((word) => word !== '')
    if (!pattern || !uri || !matchesPattern(pattern, line)) continue
    const next = applyUri(uri, line)
    if (!next) return { kind: 'failed', directive: 'Rewrite' }
    line = next
  }
  for (const rule of directives.replace ?? []) {
    const [find, replacement] = rule.split(' ')
    if (!find || replacement === undefined) continue
    if (PLACEHOLDER.test(replacement)) return { kind: 'failed', directive: 'Replace' }
    line = replaceAll(line, find, replacement)
  }
  for (const rule of directives.pathRegexp ?? []) {
    const [expression, replacement] = rule.split(' ')
    if (!expression || replacement === undefined) continue
    if (PLACEHOLDER.test(replacement)) return { kind: 'failed', directive: 'PathRegexp' }
    line = replaceRegexp(line, expression, replacement)
  }
  return { kind: 'line', method: directives.method || method, line }
}

/** `<uri>` of a rewrite: path, `?query` (replaces the whole query), fragment (dropped). */
function applyUri(uri: string, line: Line): Line | undefined {
  const [withoutFragment = ''] = uri.split('#')
  const mark = withoutFragment.indexOf('?')
  const pathPart = mark < 0 ? withoutFragment : withoutFragment.slice(0, mark)
  const queryPart = mark < 0 ? undefined : withoutFragment.slice(mark + 1)
  const path = pathPart.replaceAll(URI_PATH, () => line.path)
  if (PLACEHOLDER.test(pathPart.replaceAll(URI_PATH, '')) || PLACEHOLDER.test(queryPart ?? '')) {
    return undefined
  }
  return {
    path: path === '' ? line.path : (decodePath(path) ?? path),
    rawQuery: queryPart ?? line.rawQuery,
  }
}

/** The original works on the escaped path, which cleans it on the way. */
function replaceAll(line: Line, find: string, replacement: string): Line {
  const path = escapePath(line.path).replaceAll(find, () => replacement)
  return {
    path: cleanPath(decodePath(path) ?? path),
    rawQuery: line.rawQuery.replaceAll(find, () => replacement),
  }
}

/** Longest path that an administrator's expression is tried on. */
const MAX_REGEXP_INPUT = 4096

function replaceRegexp(line: Line, expression: string, replacement: string): Line {
  let compiled: RegExp
  try {
    compiled = new RegExp(expression, 'g')
  } catch {
    return line
  }
  const escaped = escapePath(line.path)
  if (escaped.length > MAX_REGEXP_INPUT) return line
  const path = escaped.replace(compiled, replacement.replace(/\$0/g, '$$&'))
  return { path: decodePath(path) ?? path, rawQuery: line.rawQuery }
}
