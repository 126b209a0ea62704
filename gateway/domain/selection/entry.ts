/** Looks for one label or annotation. */
export interface EntryMatcher {
  /** Is there wherever it matches. */
  readonly key: string
  readonly matches: (of: Readonly<Record<string, string>>) => boolean
}

/** `key`, `key=*`, `key=value`, or `key!=value` where the key must be there (resources-tenant.md §3.4). */
export function entryMatcher(text: string): EntryMatcher {
  const at = text.indexOf('=')
  const negative = at > 0 && text[at - 1] === '!'
  const key = at < 0 ? text : text.slice(0, negative ? at - 1 : at)
  const value = at < 0 ? '*' : text.slice(at + 1)
  return {
    key,
    matches(of) {
      if (!Object.hasOwn(of, key)) return false
      if (negative) return of[key] !== value
      return value === '*' || of[key] === value
    },
  }
}
