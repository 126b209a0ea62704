/**
 * Options of a provider as the original decodes them (iam-oauth.md §11): keys in any case, unknown ones ignored, no
 * value coerced. An absent value is the zero value; one of another type is an Error that names the key.
 */
export interface Options {
  text(key: string): string
  /** As `text`, and not empty. */
  required(key: string): string
  /** An http or https URL, or empty. */
  url(key: string): string
  flag(key: string): boolean
  integer(key: string): number
  texts(key: string): string[]
  section(key: string): Options
}

export function readOptions(raw: unknown, path = 'provider'): Options {
  const values = new Map(
    Object.entries(isRecord(raw) ? raw : {}).map(([key, value]) => [key.toLowerCase(), value]),
  )
  const at = (key: string) => `${path}.${key}`
  const wrong = (key: string, wanted: string) => new Error(`${at(key)} must be ${wanted}`)
  const value = (key: string): unknown => values.get(key.toLowerCase()) ?? undefined
  const text = (key: string): string => {
    const found = value(key)
    if (found === undefined) return ''
    if (typeof found !== 'string') throw wrong(key, 'a text')
    return found
  }
  return {
    text,
    required(key) {
      const found = text(key)
      if (found === '') throw wrong(key, 'given')
      return found
    },
    url(key) {
      const found = text(key)
      if (found !== '' && !/^https?:$/.test(URL.parse(found)?.protocol ?? '')) {
        throw wrong(key, 'an http or https URL')
      }
      return found
    },
    flag(key) {
      const found = value(key)
      if (found === undefined) return false
      if (typeof found !== 'boolean') throw wrong(key, 'true or false')
      return found
    },
    integer(key) {
      const found = value(key)
      if (found === undefined) return 0
      if (typeof found !== 'number' || !Number.isSafeInteger(found)) throw wrong(key, 'an integer')
      return found
    },
    texts(key) {
      const found = value(key)
      if (found === undefined) return []
      if (!Array.isArray(found) || !found.every((item) => typeof item === 'string')) {
        throw wrong(key, 'a list of texts')
      }
      return found
    },
    section(key) {
      const found = value(key)
      if (found !== undefined && !isRecord(found)) throw wrong(key, 'a map')
      return readOptions(found, at(key))
    },
  }
}

/** `raw` with `key`, in whatever case it stands there, replaced. */
export function withOption(
  raw: Readonly<Record<string, unknown>>,
  key: string,
  value: unknown,
): Record<string, unknown> {
  const others = Object.entries(raw).filter(([name]) => name.toLowerCase() !== key.toLowerCase())
  return { ...Object.fromEntries(others), [key]: value }
}

/** The text under `key` of an answer; empty when it is none. */
export function textOf(record: Readonly<Record<string, unknown>>, key: string): string {
  const value = record[key]
  return typeof value === 'string' ? value : ''
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
