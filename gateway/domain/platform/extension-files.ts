import type { ClusterAccess } from '../../kube/api.ts'
import type { KubeObject } from '../../kube/types.ts'
import { ApiError, isNotFound, notFound } from '../../lib/errors.ts'
import { chartFiles } from './archive.ts'
import type { ArchiveFile } from './archive.ts'
import { CONFIG_MAPS } from './shapes.ts'

const marketplace = (resource: string) => ({
  group: 'kubesphere.io',
  version: 'v1alpha1',
  resource,
})
const VERSIONS = marketplace('extensionversions')
const REPOSITORIES = marketplace('repositories')

const isName = /^[a-z0-9][a-z0-9.-]*$/

/** A chart, and how its server is asked. */
export interface ChartAddress {
  /** http, https or oci. */
  readonly url: string
  readonly credential: {
    readonly username?: string
    readonly password?: string
    /** PEM. */
    readonly caFile?: string
    readonly insecureSkipTLSVerify?: boolean
  }
}

/** The archive of a chart, bounded in size and time. Throws for one that cannot be had. */
export type ChartDownload = (address: ChartAddress, signal: AbortSignal) => Promise<Uint8Array>

interface ExtensionVersion extends KubeObject {
  spec?: {
    chartDataRef?: { namespace?: string; name?: string; key?: string }
    chartURL?: string
    repository?: string
  }
}

interface ConfigMap extends KubeObject {
  binaryData?: Record<string, string>
}

interface Repository extends KubeObject {
  spec?: {
    url?: string
    basicAuth?: { username?: string; password?: string }
    /** Base64 of PEM. */
    caBundle?: string
    insecure?: boolean
  }
}

/**
 * Files of an extension's chart (platform-apis.md §8). Throws ApiError 404 for an unknown version, 500 for a chart that
 * cannot be had or read.
 */
export async function extensionFiles(
  host: ClusterAccess,
  download: ChartDownload,
  name: string,
  signal: AbortSignal,
): Promise<ArchiveFile[]> {
  const store = await host.caches.store(VERSIONS, signal)
  const version: ExtensionVersion | undefined = store.get('', name)?.object
  if (!version) throw notFound(VERSIONS.group, 'ExtensionVersion', name)
  const { chartDataRef, chartURL = '', repository = '' } = version.spec ?? {}
  if (!chartDataRef) {
    const address = await addressOf(host, chartURL, repository, signal)
    return chartFiles(await fetched(download, address, signal))
  }
  const { namespace = '', name: map = '', key = '' } = chartDataRef
  const data = (await chartData(host, namespace, map, signal))[key]
  return data === undefined ? [] : chartFiles(Buffer.from(data, 'base64'))
}

/** Charts are large and rarely asked for: one is read when it is wanted, none are kept. */
async function chartData(
  { client }: ClusterAccess,
  namespace: string,
  name: string,
  signal: AbortSignal,
): Promise<Record<string, string>> {
  const lost = failed(`ConfigMap "${name}" not found`)
  // What is no name would be another path.
  if (!isName.test(namespace) || !isName.test(name)) throw lost
  try {
    const map: ConfigMap = await client.get(CONFIG_MAPS, name, { namespace, signal })
    return map.binaryData ?? {}
  } catch (error) {
    throw isNotFound(error) ? lost : error
  }
}

/** Where a chart is, with the login of its repository where it lies on the repository's own server. */
async function addressOf(
  host: ClusterAccess,
  url: string,
  name: string,
  signal: AbortSignal,
): Promise<ChartAddress> {
  const chart = URL.parse(url)
  if (!chart || !['http:', 'https:', 'oci:'].includes(chart.protocol)) {
    throw failed(`cannot support chartURL ${url}, its scheme should be: oci,http,https`)
  }
  if (name === '') return { url, credential: {} }
  const repositories = await host.caches.store(REPOSITORIES, signal)
  const repository: Repository | undefined = repositories.get('', name)?.object
  if (!repository) throw failed(`Repository.kubesphere.io "${name}" not found`)
  const { url: base = '', basicAuth, caBundle, insecure } = repository.spec ?? {}
  return {
    url,
    credential: {
      ...(basicAuth && isSameServer(URL.parse(base), chart) ? basicAuth : {}),
      ...(caBundle ? { caFile: Buffer.from(caBundle, 'base64').toString('utf8') } : {}),
      ...(insecure ? { insecureSkipTLSVerify: true } : {}),
    },
  }
}

/** The origin of an `oci:` URL is opaque, so that its parts are compared. */
function isSameServer(one: URL | null, other: URL): boolean {
  return one?.protocol === other.protocol && one.host === other.host
}

async function fetched(
  download: ChartDownload,
  address: ChartAddress,
  signal: AbortSignal,
): Promise<Uint8Array> {
  try {
    return await download(address, signal)
  } catch (error) {
    signal.throwIfAborted()
    const why = error instanceof ApiError ? ` : ${error.message}` : ''
    throw new ApiError(500, 'InternalError', `failed to fetch ${address.url}${why}`, {
      cause: error,
    })
  }
}

function failed(message: string): ApiError {
  return new ApiError(500, 'InternalError', message)
}
