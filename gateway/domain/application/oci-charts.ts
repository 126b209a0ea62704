import { badRequest } from '../../lib/errors.ts'
import {
  jsonObject,
  listRepositories,
  listTags,
  openSession,
  refused,
  RegistryError,
  verifyDigest,
  withConnections,
  type Session,
} from '../registry/index.ts'
import { described, text } from './chart-fields.ts'
import type { IndexedChart, IndexedVersion } from './chart-index.ts'
import {
  decoded,
  tlsOptions,
  type Bounds,
  type ChartSource,
  type RepoDeps,
} from './chart-source.ts'

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json'
const CONFIG = 'application/vnd.cncf.helm.config.v1+json'
const ARCHIVES = ['application/vnd.cncf.helm.chart.content.v1.tar+gzip', 'application/tar+gzip']

const DOCUMENT_LIMIT = 1024 * 1024
const MOST_CHARTS = 2000
const MOST_VERSIONS = 10_000

type Fields = Readonly<Record<string, unknown>>
interface Place {
  readonly registry: string
  /** Names of its repositories begin so; without a slash at the end. */
  readonly prefix: string
}

/**
 * Throws RegistryError unless the registry of an `oci://` URL lists its repositories to this login (OCI distribution
 * specification; platform-apis.md §10.3).
 */
export async function demandCatalog(
  deps: Pick<RepoDeps, 'hosts'>,
  source: ChartSource,
  bounds: Bounds,
): Promise<void> {
  await withSession(deps, source, bounds, (session) => listRepositories(session))
}

/**
 * Charts in the repositories one level below an `oci://` URL: each tag that holds a chart is a version (Helm
 * documentation, "Use OCI-based registries"). Throws RegistryError.
 */
export async function ociCharts(
  deps: Pick<RepoDeps, 'hosts'>,
  source: ChartSource,
  bounds: Bounds,
): Promise<IndexedChart[]> {
  const { registry, prefix } = placeOf(source.url)
  return withSession(deps, source, bounds, async (session) => {
    const below = prefix === '' ? '' : `${prefix}/`
    const names = (await listRepositories(session)).filter((name) => {
      return name.startsWith(below) && !name.slice(below.length).includes('/')
    })
    if (names.length > MOST_CHARTS) throw badRequest('the registry has too many charts')
    const charts: IndexedChart[] = []
    let count = 0
    for (const repository of names) {
      const versions: IndexedVersion[] = []
      for (const tag of await listTags(session, repository)) {
        if (++count > MOST_VERSIONS)
          throw badRequest('the registry has too many versions of charts')
        const url = `oci://${registry}/${repository}:${tag}`
        const version = await taggedVersion(session, repository, tag)
        if (version) versions.push({ ...version, url })
      }
      if (versions.length > 0) charts.push({ name: repository.slice(below.length), versions })
    }
    return charts
  })
}

/** The archive behind `oci://registry/repository:tag`, at most `limit` bytes. Throws RegistryError, ApiError 400. */
export async function pullOciChart(
  deps: Pick<RepoDeps, 'hosts'>,
  source: ChartSource,
  limit: number,
  bounds: Bounds,
): Promise<Buffer> {
  const { prefix } = placeOf(source.url)
  const [, repository, tag] = /^([a-z0-9_\-./]+):([\w.-]+)$/.exec(prefix) ?? []
  if (repository === undefined || tag === undefined) throw badRequest('no reference to a chart')
  return withSession(deps, source, bounds, async (session) => {
    const { layers } = await manifestOf(session, repository, tag)
    const layer = (Array.isArray(layers) ? (layers as Fields[]) : []).find(({ mediaType }) =>
      ARCHIVES.includes(text(mediaType)),
    )
    if (!layer) throw badRequest('the registry has no chart there')
    return blob(session, repository, layer, limit)
  })
}

function placeOf(url: string): Place {
  const { host, pathname } = new URL(url)
  return { registry: host, prefix: decoded(pathname).replaceAll(/^\/+|\/+$/g, '') }
}

async function withSession<T>(
  { hosts }: Pick<RepoDeps, 'hosts'>,
  { url, credential }: ChartSource,
  { signal, deadline }: Bounds,
  task: (session: Session) => Promise<T>,
): Promise<T> {
  const { registry } = placeOf(url)
  const { username = '', password = '' } = credential
  const login = username !== '' || password !== '' ? { username, password } : undefined
  const entry = { scheme: '' as const, login }
  return withConnections(hosts, { tls: tlsOptions(credential), signal, deadline }, async (of) =>
    task(await openSession(of, { registry, entry, scopes: ['registry:catalog:*'] })),
  )
}

/** Undefined for a tag of something else than a chart. */
async function taggedVersion(
  session: Session,
  repository: string,
  tag: string,
): Promise<Omit<IndexedVersion, 'url'> | undefined> {
  const { config, layers } = await manifestOf(session, repository, tag)
  const { mediaType } = (config ?? {}) as Fields
  if (mediaType !== CONFIG) return undefined
  const document = await blob(session, repository, config as Fields, DOCUMENT_LIMIT)
  const metadata = jsonObject('blob', document)
  const [layer] = Array.isArray(layers) ? (layers as Fields[]) : []
  const version = text(metadata['version']) || tag
  return { version, digest: text(layer?.['digest']), ...described(metadata) }
}

async function manifestOf(session: Session, repository: string, tag: string): Promise<Fields> {
  const path = `/v2/${repository}/manifests/${tag}`
  const limit = DOCUMENT_LIMIT
  const answer = await session.get({ step: 'manifest', path, accept: MANIFEST, limit })
  if (answer.status !== 200) throw refused('manifest', new URL(path, session.origin), answer)
  return jsonObject('manifest', answer.body)
}

async function blob(
  session: Session,
  repository: string,
  { digest }: Fields,
  limit: number,
): Promise<Buffer> {
  if (typeof digest !== 'string' || !/^sha256:[0-9a-f]{64}$/.test(digest)) {
    throw new RegistryError('blob', 'the registry names no digest where there must be one')
  }
  const path = `/v2/${repository}/blobs/${digest}`
  const answer = await session.get({ step: 'blob', path, accept: '*/*', limit })
  if (answer.status !== 200) throw refused('blob', new URL(path, session.origin), answer)
  verifyDigest('blob', answer.body, digest)
  return answer.body
}
