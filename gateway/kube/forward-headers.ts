/** Header names in lower case; a repeated header is a list. */
export type ForwardHeaders = Record<string, string | string[] | undefined>

/** RFC 9110 §7.6.1 and the ones that Go's proxies take out besides (pipeline.md §24.1); node:http frames bodies itself. */
const hopByHop: ReadonlySet<string> = new Set([
  'connection',
  'proxy-connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'http2-settings',
])

/**
 * What of a client's headers is meant for more than this hop: without those that its Connection header names (RFC 9110
 * §7.6.1). To be done before anything is added, or a client could name, and so take out, what is added. The same object
 * where nothing is named.
 */
export function endToEndHeaders<T extends ForwardHeaders>(headers: T): T {
  const { connection } = headers
  if (connection === undefined) return headers
  const all = [...tokens(connection)]
  const known = all.filter((name) => name === 'close' || hopByHop.has(name))
  if (known.length === all.length) return headers
  const kept = Object.entries(headers).filter(([name]) => hopByHop.has(name) || !all.includes(name))
  return { ...(Object.fromEntries(kept) as T), connection: known.join(', ') }
}

export interface OutgoingOptions {
  headers: ForwardHeaders
  /** Of the client; appended to X-Forwarded-For. */
  remoteAddress: string | undefined
  hasBody: boolean
  /** Where it is not that of the upstream. */
  host?: string | undefined
}

/** Request headers for an upstream as a flat list of names and values. Hot path. */
export function outgoingHeaders(options: OutgoingOptions): string[] {
  const { headers, hasBody } = options
  const { connection, te } = headers
  const named = connection === undefined ? undefined : tokens(connection)
  const out: string[] = options.host === undefined ? [] : ['host', options.host]
  for (const name in headers) {
    const value = headers[name]
    if (value === undefined || name === 'x-forwarded-for' || name === 'host') continue
    if (hopByHop.has(name) || name === 'expect' || named?.has(name)) continue
    if (name === 'content-length' && !hasBody) continue
    if (typeof value === 'string') out.push(name, value)
    else for (const one of value) out.push(name, one)
  }
  if (te !== undefined && tokens(te).has('trailers')) out.push('te', 'trailers')
  const forwarded = forwardedFor(headers['x-forwarded-for'], options.remoteAddress)
  if (forwarded !== '') out.push('x-forwarded-for', forwarded)
  return out
}

/** As `outgoingHeaders`, but asks for the upgrade that the client asked for; a body never comes before the answer. */
export function upgradeHeaders(options: OutgoingOptions, host: string): string[] {
  const { headers } = options
  const out = ['Host', host, ...outgoingHeaders({ ...options, hasBody: false })]
  out.push('Connection', 'Upgrade')
  const { upgrade } = headers
  if (upgrade !== undefined) out.push('Upgrade', String(upgrade))
  if (headers['content-length'] !== undefined) out.push('Content-Length', '0')
  return out
}

/** Response headers as the upstream wrote them, without those that are for this hop. Hot path. */
export function incomingHeaders(raw: readonly (Buffer | string)[], keepTrailer: boolean): string[] {
  const out: string[] = []
  let named: Set<string> | undefined
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = latin1(raw[at])
    const lower = name.toLowerCase()
    if (lower === 'connection') {
      const value = latin1(raw[at + 1])
      if (!/^(?:close|keep-alive)$/i.test(value)) named = tokens(value)
      continue
    }
    if (hopByHop.has(lower) && !(keepTrailer && lower === 'trailer')) continue
    out.push(name, latin1(raw[at + 1]))
  }
  return named ? without(out, named) : out
}

/** A header map without what is for this hop. */
export function withoutHopByHop(headers: ForwardHeaders): Record<string, string | string[]> {
  const out: Record<string, string | string[]> = {}
  const named = tokens(headers['connection'] ?? '')
  for (const [name, value] of Object.entries(headers)) {
    const lower = name.toLowerCase()
    if (value !== undefined && !hopByHop.has(lower) && !named.has(lower)) out[name] = value
  }
  return out
}

function without(flat: readonly string[], named: ReadonlySet<string>): string[] {
  return flat.filter((_, at) => !named.has((flat[at - (at % 2)] ?? '').toLowerCase()))
}

function tokens(value: string | readonly string[]): Set<string> {
  return new Set(
    String(value)
      .toLowerCase()
      .split(',')
      .map((part) => part.split(';')[0]?.trim() ?? ''),
  )
}

function forwardedFor(before: string | string[] | undefined, address: string | undefined): string {
  const prior = before === undefined ? '' : String(before)
  const client = address?.startsWith('::ffff:') ? address.slice(7) : (address ?? '')
  return prior && client ? `${prior}, ${client}` : prior || client
}

function latin1(part: Buffer | string | undefined): string {
  return typeof part === 'string' ? part : (part?.toString('latin1') ?? '')
}
