import type { Entry } from '../../kube/api.ts'
import type { KubeObject } from '../../kube/types.ts'
import type { OperationScope } from '../operation.ts'
import { withoutUser } from '../redact.ts'
import { readCharts } from './chart-repo.ts'
import { sameServer, type RepoDeps } from './chart-source.ts'
import type { IndexedChart, IndexedVersion } from './chart-index.ts'
import {
  APP_CATEGORY,
  APP_ID,
  APPS,
  GROUP,
  REPO_NAME,
  shortName,
  UNCATEGORIZED,
  versionId,
  VERSIONS,
} from './names.ts'
import { storedSpec } from './repos.ts'
import { appObject, firstState, timestamp, versionObject } from './store-objects.ts'
import { createStored, deleteStored, patchStored, replaceStored, workspaceOf } from './stored.ts'
import type { Application, AppRequest, ApplicationVersion } from './types.ts'
import { noteLatest } from './version-objects.ts'

type SyncScope = Pick<OperationScope, 'signal' | 'now'>

/** What a look at a repository has changed. */
export interface SyncReport {
  created: number
  updated: number
  removed: number
  /** Charts whose application is somebody else's. */
  skipped: string[]
}

/** Writes to the API server at a time. */
const WIDTH = 4

/**
 * Brings the applications and versions of a repository to what its index says (platform-apis.md §10.3, "Sync
 * controller"): what is new is made, what has another digest is written anew, what is gone is removed. Safe to repeat.
 * Throws ApiError for a repository that cannot be read; nothing is changed then.
 */
export async function syncRepository(
  deps: RepoDeps,
  scope: SyncScope,
  repo: KubeObject,
): Promise<SyncReport> {
  const { name: repoName = '' } = repo.metadata
  const charts = await readCharts(deps, storedSpec(repo), scope.signal)
  const report: SyncReport = { created: 0, updated: 0, removed: 0, skipped: [] }
  const apps = await deps.host.caches.store(APPS, scope.signal)
  await deps.host.caches.store(VERSIONS, scope.signal)
  const seen = new Set<string>()
  for (const chart of charts) {
    const app = `${repoName}-${shortName(chart.name)}`
    const versions = usable(chart, storedSpec(repo).url)
    if (versions.length === 0 || seen.has(app)) continue
    seen.add(app)
    const current = apps.get('', app)
    if (current && current.labels[REPO_NAME] !== repoName) report.skipped.push(app)
    else await syncChart(deps, scope, { repo, app, chart: { ...chart, versions }, current, report })
  }
  const present = Array.from(apps.withLabel(REPO_NAME, repoName))
  for (const entry of present) {
    if (seen.has(entry.name)) continue
    await deleteStored(deps, scope, APPS, entry)
    report.removed++
  }
  return report
}

/** Versions by absolute URL, those left out that lead to no archive. */
function usable({ versions }: IndexedChart, repoUrl: string): IndexedVersion[] {
  const base = `${withoutUser(repoUrl).replace(/\/$/, '')}/`
  return versions.flatMap((version) => {
    const url = URL.parse(version.url, base)
    if (!url || !/^(?:https?|oci):$/.test(url.protocol)) return []
    // A registry is asked with the login of its repository only by its own address.
    return url.protocol === 'oci:' && !sameServer(url, new URL(base))
      ? []
      : [{ ...version, url: url.href }]
  })
}

interface ChartWork {
  readonly repo: KubeObject
  readonly app: string
  readonly chart: IndexedChart
  readonly current: Entry | undefined
  readonly report: SyncReport
}

async function syncChart(deps: RepoDeps, scope: SyncScope, work: ChartWork): Promise<void> {
  const { app, chart, current, report } = work
  const store = deps.host.caches.peek(VERSIONS)
  const stored = new Map([...(store?.withLabel(APP_ID, app) ?? [])].map((one) => [one.name, one]))
  const wanted = new Map(chart.versions.map((one) => [versionId(app, one.version), one] as const))
  const changed = [...wanted].filter(([name, { digest }]) => {
    const object = stored.get(name)?.object as ApplicationVersion | undefined
    return !object || (object.spec.digest ?? '') !== digest
  })
  const gone = [...stored.values()].filter(({ name }) => !wanted.has(name))
  if (current && changed.length === 0 && gone.length === 0) return
  const owner = await writeApp(deps, scope, work)
  await eachOf(changed, async ([name, version]) => {
    const before = stored.get(name)
    await writeIndexed(deps, scope, { owner, request: request(work, version), name, before })
    if (before) report.updated++
    else report.created++
  })
  await eachOf(gone, async (entry) => {
    await deleteStored(deps, scope, VERSIONS, entry)
    report.removed++
  })
  await noteLatest(deps, scope, app)
}

/** The application as the index describes it now; where people have put it stays. */
async function writeApp(
  deps: RepoDeps,
  scope: SyncScope,
  { repo, app, chart, current, ...work }: ChartWork,
): Promise<KubeObject> {
  const [first] = chart.versions
  if (!first) throw new TypeError(`chart ${chart.name} has no version`)
  const of = { repo, app, chart, current, ...work }
  const { metadata, spec, ...type } = appObject(
    request(of, first),
    workspaceOf(repo.metadata.labels),
  )
  const ownerReferences = [
    {
      apiVersion: `${GROUP}/v2`,
      kind: 'Repo',
      name: repo.metadata.name ?? '',
      uid: repo.metadata.uid ?? '',
      controller: true,
      blockOwnerDeletion: true,
    },
  ]
  if (current) {
    const labels = { ...metadata.labels, [APP_CATEGORY]: current.labels[APP_CATEGORY] }
    const patch = { metadata: { ...metadata, labels, ownerReferences }, spec }
    return patchStored(deps, scope, APPS, app, patch)
  }
  const object = { ...type, metadata: { ...metadata, ownerReferences }, spec }
  await createStored(deps, scope, APPS, object)
  const status = { state: firstState(repo.metadata.name ?? ''), updateTime: timestamp(scope.now()) }
  return patchStored<Application>(deps, scope, APPS, app, { status })
}

async function writeIndexed(
  deps: RepoDeps,
  scope: SyncScope,
  of: {
    readonly owner: KubeObject
    readonly request: AppRequest
    readonly name: string
    readonly before: Entry | undefined
  },
): Promise<void> {
  const { owner, request: wanted, name, before } = of
  const object = versionObject(scope.now(), owner, wanted, wanted.workspace)
  if (before) await replaceStored(deps, scope, VERSIONS, before.object, () => object)
  else await createStored(deps, scope, VERSIONS, object)
  const status = { state: firstState(wanted.repoName), updated: timestamp(scope.now()) }
  await patchStored(deps, scope, VERSIONS, name, { status })
}

function request({ repo, app, chart }: ChartWork, version: IndexedVersion): AppRequest {
  return {
    repoName: repo.metadata.name ?? '',
    appName: app,
    originalName: chart.name,
    aliasName: chart.name,
    versionName: version.version,
    appHome: version.home,
    icon: version.icon,
    digest: version.digest,
    workspace: workspaceOf(repo.metadata.labels),
    description: version.description,
    categoryName: UNCATEGORIZED,
    appType: 'helm',
    package: new Uint8Array(),
    pullUrl: version.url,
    maintainers: version.maintainers,
    abstraction: version.description,
    attachments: [],
    hasCrd: false,
    resources: null,
  }
}

/** Some at a time; the first failure ends it. */
async function eachOf<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values()
  const worker = async (): Promise<void> => {
    for (const item of queue) await work(item)
  }
  await Promise.all(Array.from({ length: WIDTH }, worker))
}
