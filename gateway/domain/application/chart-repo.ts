import { request } from 'undici'
import { ApiError, badRequest } from '../../lib/errors.ts'
import { asking } from '../../telemetry/index.ts'
import { INDEX_LIMIT, readIndex, type IndexedChart } from './chart-index.ts'
import {
  decoded,
  tlsOptions,
  type Bounds,
  type ChartSource,
  type RepoDeps,
} from './chart-source.ts'
import { demandCatalog, ociCharts, pullOciChart } from './oci-charts.ts'
import type { RepoCredential } from './types.ts'

const DEADLINE_MS = 30_000
/** For a whole repository: platform-apis.md §10.3. */
const SYNC_DEADLINE_MS = 5 * 60_000
/** Up to this many bytes an index is parsed while a caller waits; a larger one is only looked through for `entries`. */
const PARSED_LIMIT = 1024 * 1024
const CHART_LIMIT = 32 * 1024 * 1024
const REDIRECTS = 5

/**
 * Throws ApiError unless there is a chart repository (an index, or an OCI registry) that takes the credential: 400 for
 * what is none, 502 for one that cannot be asked.
 */
export async function demandRepository(
  deps: Pick<RepoDeps, 'hosts' | 'yaml'>,
  source: ChartSource,
  signal: AbortSignal,
): Promise<void> {
  const bounds = { signal, deadline: DEADLINE_MS }
  if (isOci(source.url)) return demandCatalog(deps, source, bounds)
  const bytes = await downloadIndex(deps, source, bounds)
  if (bytes.length <= PARSED_LIMIT) await readIndex(deps.yaml, bytes, signal)
  else if (!bytes.includes('\nentries:') && !bytes.subarray(0, 9).includes('entries:')) {
    throw badRequest('the index of the repository cannot be used: it has no entries')
  }
}

/** All charts of a repository. Throws ApiError 400 for one that is none, or too large; 502 for one that cannot be asked. */
export async function readCharts(
  deps: Pick<RepoDeps, 'hosts' | 'yaml'>,
  source: ChartSource,
  signal: AbortSignal,
): Promise<IndexedChart[]> {
  const bounds = { signal, deadline: SYNC_DEADLINE_MS }
  if (isOci(source.url)) return ociCharts(deps, source, bounds)
  return readIndex(deps.yaml, await downloadIndex(deps, source, bounds), signal)
}

/** The archive of a chart. Throws ApiError 400 for one that is too large, 502 for one that cannot be had. */
export async function downloadChart(
  deps: Pick<RepoDeps, 'hosts'>,
  source: ChartSource,
  signal: AbortSignal,
): Promise<Buffer> {
  const bounds = { signal, deadline: DEADLINE_MS }
  if (isOci(source.url)) return pullOciChart(deps, source, CHART_LIMIT, bounds)
  return download(deps, source, CHART_LIMIT, bounds)
}

function isOci(url: string): boolean {
  return /^oci:\/\//i.test(url)
}

function downloadIndex(
  deps: Pick<RepoDeps, 'hosts'>,
  source: ChartSource,
  bounds: Bounds,
): Promise<Buffer> {
  const url = new URL(source.url)
  url.pathname = `${url.pathname.replace(/\/$/, '')}/index.yaml`
  return download(deps, { ...source, url: url.href }, INDEX_LIMIT, bounds)
}

/**
 * The bytes at an http or https URL, at most `limit`. The credential goes to the host of the URL only. Throws ApiError
 * 400 for a host that may not be asked, 502 for one that does not answer, or answers otherwise than 200.
 */
async function download(
  { hosts }: Pick<RepoDeps, 'hosts'>,
  { url: from, credential }: ChartSource,
  limit: number,
  { signal, deadline }: Bounds,
): Promise<Buffer> {
  const within = AbortSignal.any([signal, AbortSignal.timeout(deadline)])
  const dispatcher = hosts.dispatcher(tlsOptions(credential))
  try {
    let url = hosts.url(from)
    const { origin } = url
    for (let hop = 0; hop <= REDIRECTS; hop++) {
      const authorization = url.origin === origin ? basic(url, credential) : undefined
      url.username = ''
      url.password = ''
      const headers: Record<string, string> = authorization ? { authorization } : {}
      const send = () => request(url, { dispatcher, headers, signal: within })
      const answer = await asking('chart-repository', url.hostname, send)
      const { location } = answer.headers
      if (answer.statusCode >= 300 && answer.statusCode < 400 && typeof location === 'string') {
        await answer.body.dump()
        const next = hosts.url(new URL(location, url).href)
        if (url.protocol === 'https:' && next.protocol !== 'https:') {
          throw failed('the repository redirects from https to http')
        }
        url = next
        continue
      }
      if (answer.statusCode !== 200) throw failed(`the repository answered ${answer.statusCode}`)
      return await collect(answer.body, limit)
    }
    throw failed('the repository redirects too often')
  } catch (error) {
    if (error instanceof ApiError) throw error
    throw failed('the repository could not be reached', error)
  } finally {
    await dispatcher.destroy()
  }
}

async function collect(body: AsyncIterable<unknown>, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > limit) throw badRequest(`the repository sends more than ${limit} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks, size)
}

function basic(url: URL, { username = '', password = '' }: RepoCredential): string | undefined {
  const user = decoded(url.username) || username
  const secret = decoded(url.password) || password
  if (user === '' && secret === '') return undefined
  return `Basic ${Buffer.from(`${user}:${secret}`).toString('base64')}`
}

function failed(message: string, cause?: unknown): ApiError {
  return new ApiError(502, 'Unknown', message, { cause })
}
