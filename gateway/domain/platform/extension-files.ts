import { request } from 'undici'
import type { ClusterAccess } from '../../kube/api.ts'
import type { KubeObject } from '../../kube/types.ts'
import { ApiError, notFound } from '../../lib/errors.ts'
import { chartFiles } from './archive.ts'
import type { ArchiveFile } from './archive.ts'
import { CONFIG_MAPS } from './shapes.ts'

const VERSIONS = { group: 'kubesphere.io', version: 'v1alpha1', resource: 'extensionversions' }
const DOWNLOAD_LIMIT = 100 * 1024 * 1024
const DOWNLOAD_MS = 60_000

interface ExtensionVersion extends KubeObject {
  spec?: {
    chartDataRef?: { namespace?: string; name?: string; key?: string }
    chartURL?: string
  }
}

/**
 * Files of an extension's chart (platform-apis.md §8). Throws ApiError 404 for an unknown version, 500 for a chart that
 * cannot be had or read.
 */
export async function extensionFiles(
  host: ClusterAccess,
  name: string,
  signal: AbortSignal,
): Promise<ArchiveFile[]> {
  const store = await host.caches.store(VERSIONS, signal)
  const version: ExtensionVersion | undefined = store.get('', name)?.object
  if (!version) throw notFound(VERSIONS.group, 'ExtensionVersion', name)
  const { chartDataRef, chartURL = '' } = version.spec ?? {}
  if (!chartDataRef) return chartFiles(await download(chartURL, signal))
  const { namespace = '', name: map = '', key = '' } = chartDataRef
  const maps = await host.caches.store(CONFIG_MAPS, signal)
  const found = maps.get(namespace, map)?.object as
    { binaryData?: Record<string, string> } | undefined
  if (!found) throw failed(`ConfigMap "${map}" not found`)
  const data = found.binaryData?.[key]
  return data === undefined ? [] : chartFiles(Buffer.from(data, 'base64'))
}

async function download(url: string, signal: AbortSignal): Promise<Uint8Array> {
  if (!/^https?:\/\//.test(url)) {
    throw failed(`cannot support chartURL ${url}, its scheme should be: http,https`)
  }
  try {
    const within = AbortSignal.any([signal, AbortSignal.timeout(DOWNLOAD_MS)])
    const response = await request(url, { signal: within })
    if (response.statusCode !== 200) {
      await response.body.dump()
      throw failed(`failed to fetch ${url} : ${response.statusCode}`)
    }
    const chunks: Uint8Array[] = []
    let size = 0
    for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
      size += chunk.length
      if (size > DOWNLOAD_LIMIT) throw failed(`chart at ${url} is too large`)
      chunks.push(chunk)
    }
    return Buffer.concat(chunks)
  } catch (error) {
    if (error instanceof ApiError) throw error
    throw new ApiError(500, 'InternalError', `failed to fetch ${url}`, { cause: error })
  }
}

function failed(message: string): ApiError {
  return new ApiError(500, 'InternalError', message)
}
