/** One clause of an Accept header. */
export interface Clause {
  /** `type/subtype`, lower case. */
  readonly type: string
  readonly params: Readonly<Record<string, string>>
  readonly q: number
}

/** The clauses of an Accept header in client preference order: by q, equal ones as written. */
export function parseAccept(header: string): Clause[] {
  const clauses: Clause[] = []
  for (const part of header.split(',')) {
    const [type = '', ...rest] = part.split(';').map((piece) => piece.trim())
    if (type === '') continue
    const params: Record<string, string> = {}
    let q = 1
    for (const piece of rest) {
      const equals = piece.indexOf('=')
      if (equals < 0) continue
      const key = piece.slice(0, equals).trim().toLowerCase()
      const value = piece
        .slice(equals + 1)
        .trim()
        .replace(/^"|"$/g, '')
      if (key === 'q') q = Number.isNaN(Number(value)) ? 1 : Number(value)
      else params[key] = value
    }
    clauses.push({ type: type.toLowerCase(), params, q })
  }
  return clauses.toSorted((a, b) => b.q - a.q)
}

/**
 * Whether a route that offers `produces` may answer this Accept header (go-restful `matchesAccept`, resources-tenant.md
 * §1.1): absent, a clause that is all wildcard, or exactly one offered type; `application/*` is not enough.
 */
export function acceptable(accept: string | undefined, produces: readonly string[]): boolean {
  const header = accept === undefined || accept === '' ? '*/*' : accept
  for (const part of header.split(',')) {
    const type = (part.split(';')[0] ?? '').trim()
    if (type === '*/*' || produces.includes('*/*') || produces.includes(type)) return true
  }
  return false
}

/**
 * Whether a body of this Content-Type suits a route that declares `consumes` (go-restful `matchesContentType`).
 * Methods that need no body pass without the header; others count a missing one as application/octet-stream.
 */
export function consumable(
  method: string,
  contentType: string | undefined,
  consumes: readonly string[] | undefined,
): boolean {
  if (consumes === undefined || consumes.length === 0) return true
  let header = contentType ?? ''
  if (header === '') {
    if (method === 'GET' || method === 'HEAD' || method === 'OPTIONS' || method === 'DELETE')
      return true
    header = 'application/octet-stream'
  }
  for (const part of header.split(',')) {
    const type = (part.split(';')[0] ?? '').trim()
    if (consumes.includes('*/*') || consumes.includes(type)) return true
  }
  return false
}
