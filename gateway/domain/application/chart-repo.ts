import { request } from 'undici'
import { parse } from 'yaml'
import { ApiError, badRequest } from '../../lib/errors.ts'
import type { OutsideHosts } from '../resources/index.ts'
import type { StoreDeps } from './stored.ts'
import type { RepoCredential } from './types.ts'

export interface RepoDeps extends StoreDeps {
  readonly hosts: OutsideHosts
}

export interface ChartSource {
  readonly url: string
  readonly credential: RepoCredential
}

const DEADLINE_MS = 30_000
const INDEX_LIMIT = 64 * 1024 * 1024
/** Up to this many bytes an index is parsed; a larger one is only looked through for its `entries`. */
const PARSED_LIMIT = 1024 * 1024
const REDIRECTS = 5

/** Throws ApiError 502 unless there is a chart repository (an index, or an OCI registry) that takes the credential. */
export async function demandRepository(
  deps: RepoDeps,
  source: ChartSource,
  signal: AbortSignal,
): Promise<void> {
  if (source.url.startsWith('oci://')) {
    const { host } = new URL(source.url)
    await download(deps, { ...source, url: `https://${host}/v2/_catalog` }, INDEX_LIMIT, signal)
    return
  }
  const url = new URL(source.url)
  url.pathname = `${url.pathname.replace(/\/$/, '')}/index.yaml`
  const bytes = await download(deps, { ...source, url: url.href }, INDEX_LIMIT, signal)
  if (!isIndex(bytes)) throw failed('the index of the repository cannot be read')
}

function isIndex(bytes: Buffer): boolean {
  const text = bytes.toString('utf8')
  if (bytes.length > PARSED_LIMIT) return /^entries:/m.test(text)
  try {
    const value = parse(text, { maxAliasCount: 10 }) as unknown
    return typeof value === 'object' && value !== null && 'entries' in value
  } catch {
    return false
  }
}

/**
 * The bytes at an http or https URL, at most `limit`. The credential goes to the host of the URL only. Throws ApiError
 * 400 for a host that may not be asked, 502 for one that does not answer, or answers otherwise than 200.
 */
export async function download(
  { hosts }: RepoDeps,
  { url: from, credential }: ChartSource,
  limit: number,
  signal: AbortSignal,
): Promise<Buffer> {
  const within = AbortSignal.any([signal, AbortSignal.timeout(DEADLINE_MS)])
  const dispatcher = hosts.dispatcher(tlsOptions(credential))
  try {
    let url = hosts.url(from)
    const { origin } = url
    for (let hop = 0; hop <= REDIRECTS; hop++) {
      const authorization = url.origin === origin ? basic(url, credential) : undefined
      url.username = ''
      url.password = ''
      const headers: Record<string, string> = authorization ? { authorization } : {}
      const answer = await request(url, { dispatcher, headers, signal: within })
      const { location } = answer.headers
      if (answer.statusCode >= 300 && answer.statusCode < 400 && typeof location === 'string') {
        await answer.body.dump()
        url = hosts.url(new URL(location, url).href)
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
    if (size > limit) throw failed('the repository sends too much')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks, size)
}

function basic(url: URL, { username = '', password = '' }: RepoCredential): string | undefined {
  const user = decodeURIComponent(url.username) || username
  const secret = decodeURIComponent(url.password) || password
  if (user === '' && secret === '') return undefined
  return `Basic ${Buffer.from(`${user}:${secret}`).toString('base64')}`
}

/** Certificates are PEM text: a path would be read from this machine. */
function tlsOptions(credential: RepoCredential) {
  const { certFile = '', keyFile = '', caFile = '', insecureSkipTLSVerify } = credential
  for (const text of [certFile, keyFile, caFile]) {
    if (text !== '' && !text.includes('-----BEGIN ')) {
      throw badRequest('certificates and keys of a repository must be PEM text')
    }
  }
  return {
    ...(certFile ? { cert: certFile } : {}),
    ...(keyFile ? { key: keyFile } : {}),
    ...(caFile ? { ca: caFile } : {}),
    ...(insecureSkipTLSVerify === true ? { rejectUnauthorized: false } : {}),
  }
}

function failed(message: string, cause?: unknown): ApiError {
  return new ApiError(502, 'Unknown', message, { cause })
}
