import { cleanPath, escapePath } from '../../lib/go-url.ts'

/**
 * A rewrite pattern against a path (pipeline.md §13): `*` all, `*x*` contains, `*x` suffix, `x*` prefix, else a shell
 * glob. The path is lower-cased and cleaned first, so upper-case letters in a pattern never match; with a `%` in
 * the pattern both are compared in escaped form, case and all.
 */
export function matchesPattern(pattern: string, line: { path: string; rawQuery: string }): boolean {
  const filled = pattern
    .replaceAll('{path}', () => line.path)
    .replaceAll('{query}', () => line.rawQuery)
  if (filled === '*') return true
  const escaped = filled.includes('%')
  const path = escaped ? escapePath(cleanPath(line.path)) : cleanPath(line.path).toLowerCase()
  const inner = filled.replace(/^\*/, '').replace(/\*$/, '')
  if (!inner.includes('*')) {
    if (filled.startsWith('*') && filled.endsWith('*')) return path.includes(inner)
    if (filled.startsWith('*')) return path.endsWith(inner)
    if (filled.endsWith('*')) return path.startsWith(inner)
  }
  return glob(filled, path)
}

/** Go's `path.Match`: `*` and `?` stop at `/`; a pattern that does not compile matches nothing. */
function glob(pattern: string, path: string): boolean {
  const source = pattern.replaceAll(/\*+|\?|\[\^?[^\]/]+\]|[\s\S]/g, (part) => {
    if (part.startsWith('*')) return '[^/]*'
    if (part === '?') return '[^/]'
    if (part.startsWith('[') && part.length > 1) return part
    return part.replace(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`)
  })
  try {
    return new RegExp(`^${source}$`).test(path)
  } catch {
    return false
  }
}
