import type { Logger } from 'pino'
import { readBytes } from '../../kube/body.ts'
import { upstreamOf } from './endpoint.ts'
import type { ExtensionRegistry } from './registry.ts'
import type { APIService } from './types.ts'
import type { Upstreams } from './upstreams.ts'

export type DocumentVersion = 'v2' | 'v3'

/** A parsed OpenAPI document. */
export type OpenApiDocument = Readonly<Record<string, unknown>>

/** OpenAPI documents of the API services that extensions bring (platform-apis.md §3). */
export interface ExtensionDocuments {
  /**
   * The documents of all Available API services by name, as far as they are known: a service that is slow to answer is
   * in a later answer. The list is the same one until a document changes.
   */
  current(version: DocumentVersion): Promise<readonly OpenApiDocument[]>
}

export interface DocumentsOptions {
  readonly registry: Pick<ExtensionRegistry, 'apiServices'>
  readonly upstreams: Upstreams
  readonly log: Logger
  /** Epoch milliseconds. */
  readonly now: () => number
}

/** Most bytes of one document. */
const LIMIT = 16 * 1024 * 1024
const DOWNLOAD_MS = 10_000
/** Milliseconds that a reader waits for documents that are not there yet. */
const PATIENCE_MS = 1500
const FRESH_MS = 5 * 60_000
/** Milliseconds until a failed download is tried again. */
const RETRY_MS = 30_000

interface Kept {
  readonly spec: string
  document: OpenApiDocument | undefined
  loading: Promise<void> | undefined
  /** When to ask again. */
  staleAt: number
}

/** Documents are fetched when somebody asks, kept five minutes, and renewed behind the back of whoever asks then. */
export function createExtensionDocuments(options: DocumentsOptions): ExtensionDocuments {
  const { registry, upstreams, log, now } = options
  const kept = { v2: new Map<string, Kept>(), v3: new Map<string, Kept>() }
  const lists: Record<DocumentVersion, readonly OpenApiDocument[]> = { v2: [], v3: [] }

  async function load(service: APIService, version: DocumentVersion, entry: Kept): Promise<void> {
    try {
      const { dispatcher, origin } = upstreams.target(upstreamOf(service.spec ?? {}, 'double'))
      const { statusCode, body } = await dispatcher.request({
        origin,
        path: `/openapi/${version}`,
        method: 'GET',
        headers: { accept: 'application/json' },
        signal: AbortSignal.timeout(DOWNLOAD_MS),
      })
      const bytes = await readBytes(body, LIMIT)
      if (statusCode !== 200) throw new Error(`the document was answered with ${statusCode}`)
      const parsed = JSON.parse(bytes.toString()) as unknown
      if (!isObject(parsed)) throw new Error('the document is no JSON object')
      entry.document = parsed
      entry.staleAt = now() + FRESH_MS
    } catch (error) {
      entry.staleAt = now() + RETRY_MS
      const apiService = service.metadata.name
      log.warn({ err: error, apiService, version }, 'no OpenAPI document of an API service')
    } finally {
      entry.loading = undefined
    }
  }

  function entryOf(service: APIService, version: DocumentVersion): Kept {
    const name = service.metadata.name ?? ''
    const spec = JSON.stringify(service.spec ?? {})
    const known = kept[version].get(name)
    const entry =
      known?.spec === spec ? known : { spec, document: undefined, loading: undefined, staleAt: 0 }
    if (entry !== known) kept[version].set(name, entry)
    if (now() >= entry.staleAt) entry.loading ??= load(service, version, entry)
    return entry
  }

  return {
    async current(version) {
      const services = (await registry.apiServices()).filter(
        ({ status }) => status?.state === 'Available',
      )
      const names = new Set(services.map(({ metadata }) => metadata.name ?? ''))
      for (const name of kept[version].keys()) if (!names.has(name)) kept[version].delete(name)
      const entries = services.map((service) => entryOf(service, version))
      await patiently(entries.flatMap(({ document, loading }) => (document ? [] : (loading ?? []))))
      const found = entries.map(({ document }) => document).filter((one) => one !== undefined)
      const before = lists[version]
      const same =
        found.length === before.length && found.every((document, at) => document === before[at])
      return same ? before : (lists[version] = found)
    },
  }
}

async function patiently(loading: readonly Promise<void>[]): Promise<void> {
  if (loading.length === 0) return
  const late = Promise.withResolvers<void>()
  const timer = setTimeout(late.resolve, PATIENCE_MS)
  await Promise.race([Promise.all(loading), late.promise])
  clearTimeout(timer)
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
