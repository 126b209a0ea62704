import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import { stringify } from 'yaml'
import { close, listen } from '../rest/support.ts'
import type { Registry } from '../env/registry.ts'
import { goodChart } from './archives.ts'

export interface ChartRepository extends AsyncDisposable {
  /** Its address, a folder with `index.yaml` in it. */
  readonly url: string
  /** Versions of charts by name, as the next look at the index finds them. */
  readonly charts: Map<string, string[]>
  /** What it answers instead of its index. */
  index: string | undefined
  /** Where it says its archives are, instead of beside the index. */
  archives: string
  /** What it answers instead of an archive. */
  archive: Buffer | undefined
  /** What it was asked, with which authorization. */
  readonly asked: { readonly path: string; readonly authorization: string | undefined }[]
}

/** The archive of a version of a chart. */
export function chartArchive(name: string, version: string): Buffer {
  return goodChart(version, name)
}

/** A repository of charts on loopback as `helm repo index` makes them; with a login only for who has it. */
export async function startChartRepository(login?: string): Promise<ChartRepository> {
  const wanted = login && `Basic ${Buffer.from(login).toString('base64')}`
  const repository: Omit<ChartRepository, 'url'> = {
    charts: new Map([['Web', ['1.0.0']]]),
    index: undefined,
    archives: 'archives/',
    archive: undefined,
    asked: [],
    [Symbol.asyncDispose]: () => close(server),
  }
  const server = createServer(({ url: path = '', headers: { authorization } }, res) => {
    repository.asked.push({ path, authorization })
    if (wanted && authorization !== wanted) return res.writeHead(401).end()
    if (path === '/charts/index.yaml') return res.end(repository.index ?? indexOf(repository))
    const [, name, version] = /^\/charts\/archives\/(\w+)-([\d.]+)\.tgz$/.exec(path) ?? []
    if (name === undefined || version === undefined) return res.writeHead(404).end()
    return res.end(repository.archive ?? chartArchive(name, version))
  })
  const url = `${await listen(server)}/charts`
  return Object.assign(repository, { url })
}

function indexOf({ charts, archives }: Pick<ChartRepository, 'charts' | 'archives'>): string {
  const entries = Array.from(charts, ([name, versions]) => [
    name,
    versions.map((version) => ({
      apiVersion: 'v2',
      created: '2026-01-02T03:04:05.678901234Z',
      description: `${name} serves pages: "all" of them`,
      digest: createHash('sha256').update(chartArchive(name, version)).digest('hex'),
      home: 'https://web.example.com',
      icon: 'https://web.example.com/icon.png',
      maintainers: [{ name: 'Ann', email: 'ann@example.com' }],
      name,
      urls: [`${archives}${name}-${version}.tgz`],
      version,
    })),
  ])
  return stringify({
    apiVersion: 'v1',
    entries: Object.fromEntries(entries),
    generated: '2026-01-02T03:04:05Z',
  })
}

/** Pushes a chart as Helm does. */
export async function pushChart(
  registry: Registry,
  of: { readonly repository: string; readonly version: string; readonly authorization?: string },
): Promise<void> {
  const { repository, version, authorization } = of
  const name = repository.split('/').at(-1) ?? ''
  const config = JSON.stringify({ apiVersion: 'v2', name, version, description: 'from a registry' })
  const archive = chartArchive(name, version)
  const mediaType = 'application/vnd.oci.image.manifest.v1+json'
  await registry.manifest({
    repository,
    tag: version.replace('+', '_'),
    mediaType,
    authorization,
    document: {
      schemaVersion: 2,
      mediaType,
      config: {
        mediaType: 'application/vnd.cncf.helm.config.v1+json',
        size: Buffer.byteLength(config),
        digest: await registry.blob(repository, config, authorization),
      },
      layers: [
        {
          mediaType: 'application/vnd.cncf.helm.chart.content.v1.tar+gzip',
          size: archive.length,
          digest: await registry.blob(repository, archive, authorization),
        },
      ],
    },
  })
}
