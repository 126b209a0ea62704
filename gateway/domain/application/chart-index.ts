import { setImmediate as breathe } from 'node:timers/promises'
import { ApiError, badRequest } from '../../lib/errors.ts'
import type { YamlReader } from '../../lib/yaml/index.ts'
import { described, text, type Description } from './chart-fields.ts'

/** A version of a chart as a repository announces it. */
export interface IndexedVersion extends Description {
  readonly version: string
  readonly digest: string
  /** Where its archive is, relative to the repository or absolute. */
  readonly url: string
}

export interface IndexedChart {
  readonly name: string
  readonly versions: readonly IndexedVersion[]
}

type Fields = Record<string, unknown>

/** Bytes of an index, of one that is JSON, and of one piece of YAML. */
export const INDEX_LIMIT = 32 * 1024 * 1024
const JSON_LIMIT = 8 * 1024 * 1024
const PIECE_LIMIT = 256 * 1024
const MOST_VERSIONS = 50_000
const ALIASES = 10
/** Pieces that are parsed before other requests get their turn. */
const AT_A_TIME = 50

/**
 * Charts of a repository's `index.yaml` (Helm documentation, "The Chart Repository Guide"). Indexes are large and made by
 * machines: it is read version by version, so that neither memory nor the time of others depends on its size. Entries
 * without a version or an archive are left out. Throws ApiError 400 for what is no index, or too large a one.
 */
export async function readIndex(
  yaml: YamlReader,
  bytes: Buffer,
  signal: AbortSignal,
): Promise<IndexedChart[]> {
  const document = bytes.toString('utf8')
  const charts = new Map<string, IndexedVersion[]>()
  let count = 0
  let pieces = 0
  const isJson = /^\s*\{/.test(document)
  const parse: Parse = (piece) => parsed(yaml, piece, signal)
  for await (const { chart, entries } of isJson ? whole(document) : split(document, parse)) {
    if (++pieces % AT_A_TIME === 0) await breathe()
    signal.throwIfAborted()
    const versions = charts.get(chart) ?? []
    charts.set(chart, versions)
    for (const entry of entries) {
      if (++count > MOST_VERSIONS) throw broken('it has too many versions')
      const version = indexed(entry)
      if (version) versions.push(version)
    }
  }
  return Array.from(charts, ([name, versions]) => ({ name, versions }))
}

interface Piece {
  readonly chart: string
  readonly entries: readonly unknown[]
}

function* whole(json: string): Iterable<Piece> {
  if (json.length > JSON_LIMIT) throw broken('it is too large')
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch (error) {
    throw broken('it is neither JSON nor YAML', error)
  }
  yield* ofEntries((value as Fields)['entries'])
}

function* ofEntries(entries: unknown): Iterable<Piece> {
  if (entries === null) return
  if (typeof entries !== 'object' || Array.isArray(entries)) throw broken('it has no entries')
  for (const [chart, versions] of Object.entries(entries)) yield { chart, entries: list(versions) }
}

function list(versions: unknown): readonly unknown[] {
  if (versions === null) return []
  if (!Array.isArray(versions)) throw broken('what it has of a chart is no list')
  return versions as unknown[]
}

const KEY = /^(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([^\s#"'[\]{}:][^:#]*?))\s*:(?:\s+(.*))?$/

/**
 * Pieces of YAML in block style: below `entries:` a key for each chart, below that a dash for each version. Anything else
 * is parsed in whole when it is small.
 */
async function* split(document: string, parse: Parse): AsyncIterable<Piece> {
  let inside = false
  let found = false
  let indent = -1
  let chart: string | undefined
  let item: string[] = []
  let itemIndent = -1
  const flush = async function* (): AsyncIterable<Piece> {
    if (chart !== undefined && item.length > 0) {
      yield { chart, entries: list(await parse(item.join('\n'))) }
    }
    item = []
  }
  for (const line of lines(document)) {
    const depth = line.search(/[^ ]/)
    if (!inside) {
      const [, rest] = /^entries:[ \t]*(.*)$/.exec(line) ?? []
      if (rest === undefined) continue
      found = true
      inside = rest === '' || rest.startsWith('#')
      // In one line, or with an anchor: then the whole must be small.
      if (!inside) {
        yield* ofEntries((((await parse(document)) ?? {}) as Fields)['entries'])
        return
      }
      continue
    }
    if (depth < 0 || (item.length === 0 && line[depth] === '#')) {
      if (item.length > 0) item.push(line)
      continue
    }
    if (depth === 0 && line[0] !== '-') {
      if (line[0] === '#') continue
      inside = false
      yield* flush()
      continue
    }
    if (indent < 0) indent = depth
    const dash = /^ *-(?: |$)/.test(line)
    if (depth <= indent && !dash) {
      yield* flush()
      const parts = depth === indent ? KEY.exec(line.slice(depth).trimEnd()) : null
      if (!parts) throw broken('it cannot be read as YAML')
      chart = (parts[1] ?? parts[2] ?? parts[3] ?? '').trimEnd()
      itemIndent = -1
      const inline = parts[4] ?? ''
      if (inline !== '' && !inline.startsWith('#'))
        yield { chart, entries: list(await parse(inline)) }
      continue
    }
    if (chart === undefined) throw broken('it cannot be read as YAML')
    if (itemIndent < 0) itemIndent = depth
    if (dash && depth === itemIndent) yield* flush()
    item.push(line)
  }
  yield* flush()
  if (!found) throw broken('it has no entries')
}

function* lines(document: string): Iterable<string> {
  for (let at = 0; at < document.length;) {
    const end = document.indexOf('\n', at)
    const line = document.slice(at, end < 0 ? document.length : end)
    yield line.endsWith('\r') ? line.slice(0, -1) : line
    at = end < 0 ? document.length : end + 1
  }
}

type Parse = (piece: string) => Promise<unknown>

async function parsed(yaml: YamlReader, piece: string, signal: AbortSignal): Promise<unknown> {
  if (piece.length > PIECE_LIMIT) throw broken('one part of it is too large')
  try {
    return (await yaml.documents(piece, { aliases: ALIASES, documents: 1 }, signal))[0] ?? null
  } catch (error) {
    if (error instanceof ApiError || signal.aborted) throw error
    throw broken('it cannot be read as YAML', error)
  }
}

/** Undefined for an entry that no archive can be had of. */
function indexed(entry: unknown): IndexedVersion | undefined {
  if (entry === null || typeof entry !== 'object') return undefined
  const fields = entry as Fields
  const urls: unknown = fields['urls']
  const url = Array.isArray(urls) ? text(urls[0]) : ''
  const version = text(fields['version'])
  if (version === '' || url === '') return undefined
  return { version, url, digest: text(fields['digest']), ...described(fields) }
}

function broken(why: string, cause?: unknown): Error {
  return badRequest(`the index of the repository cannot be used: ${why}`, cause)
}
