import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { KubeObject } from '../../gateway/kube/types.ts'
import { startTokenRegistry, type TokenRegistry } from '../env/token-registry.ts'
import { startRegistry, type Registry } from '../env/registry.ts'
import { startWorld, TENANT, workspace, type Caller, type World } from '../iam/world.ts'
import {
  chartArchive,
  pushChart,
  startChartRepository,
  type ChartRepository,
} from './repository.ts'

const STORE = '/kapis/application.kubesphere.io/v2'
const LABEL = 'application.kubesphere.io'
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')
const kind = (resource: string) => ({ group: LABEL, version: 'v2', resource })
const LOGIN = { username: 'robot', password: 'p:w' }

let world: World
let admin: Caller

before(async () => {
  world = await startWorld({ openHosts: ['127.0.0.1'] })
  admin = await world.as('admin')
})
after(() => world[Symbol.asyncDispose]())

/** Resolves with what `ask` gives once `wanted` holds; a garbage collector of Kubernetes takes its time. */
async function until<T>(ask: () => Promise<T>, wanted: (answer: T) => boolean): Promise<T> {
  const deadline = performance.now() + 60_000
  for (;;) {
    const answer = await ask()
    if (wanted(answer)) return answer
    assert.ok(performance.now() < deadline, `still ${JSON.stringify(answer)}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

const repoState = async (name: string): Promise<string | undefined> => {
  const { json } = await admin.get(`${STORE}/repos/${name}`)
  return (json['status'] as { state?: string } | undefined)?.state
}
const ofRepo = (name: string) =>
  `labelSelector=${LABEL}/repo-name=${name}&sortBy=name&ascending=true`

/** Asks for a look at the repository and waits until it is over. */
async function sync(name: string): Promise<void> {
  assert.equal((await admin.post(`${STORE}/repos/${name}/action`, {})).status, 200)
  await until(
    () => repoState(name),
    (state) => state === 'successful',
  )
  await world.settled()
}

async function add(name: string, spec: object, labels: Record<string, string> = {}): Promise<void> {
  const made = await admin.post(`${STORE}/repos`, { metadata: { name, labels }, spec })
  assert.equal(made.status, 200, made.text)
  await world.settled()
}

describe('a chart repository', () => {
  let repository: ChartRepository
  const app = `${STORE}/apps/charts-web`

  before(async () => {
    repository = await startChartRepository('ann:s3cret')
    const credential = { username: 'ann', password: 's3cret' }
    await add('charts', { url: repository.url, credential })
  })
  after(() => repository[Symbol.asyncDispose]())

  it('without a period is read when somebody asks, not before', async () => {
    assert.equal(await repoState('charts'), 'created')
    assert.equal((await admin.get(`${STORE}/apps?${ofRepo('charts')}`)).json.items, null)
    repository.charts.set('a-chart-with-a-long-name', ['0.1.0'])
    await sync('charts')
    const { names } = await admin.get(`${STORE}/apps?${ofRepo('charts')}`)
    assert.equal(names.length, 2)
    assert.equal(names[1], 'charts-web')
    assert.match(names[0] ?? '', /^charts-[0-9a-f]{10}$/)
  })

  it('becomes applications and versions that can be deployed at once', async () => {
    const { json } = await admin.get(app)
    const { labels, annotations } = json.metadata
    assert.equal((json['status'] as { state: string }).state, 'active')
    assert.equal(labels?.[`${LABEL}/app-type`], 'helm')
    assert.equal(labels?.[`${LABEL}/app-category-name`], 'kubesphere-app-uncategorized')
    assert.equal(labels?.['kubesphere.io/workspace'], 'system-workspace')
    assert.equal(annotations?.['kubesphere.io/alias-name'], 'Web')
    assert.equal(annotations?.[`${LABEL}/app-originalName`], 'Web')
    assert.equal(annotations?.[`${LABEL}/app-maintainers`], 'Ann')
    assert.equal(annotations?.[`${LABEL}/latest-app-version`], '1.0.0')
    const version = (await admin.get(`${app}/versions/charts-web-1.0.0`)).json
    assert.equal((version['status'] as { state: string }).state, 'active')
    assert.equal(version.spec['pullUrl'], `${repository.url}/archives/Web-1.0.0.tgz`)
    const stored = await world.kube.get<KubeObject>(kind('applications'), 'charts-web')
    const [owner] = stored.metadata.ownerReferences ?? []
    assert.deepEqual([owner?.kind, owner?.name, owner?.controller], ['Repo', 'charts', true])
  })

  it('gives archives to who has its login, and tells the login to nobody else', async () => {
    const one = `${app}/versions/charts-web-1.0.0`
    assert.equal(
      (await admin.get(`${one}/package`)).json['package'],
      base64(chartArchive('Web', '1.0.0')),
    )
    const files = (await admin.get(`${one}/files`)).json
    assert.equal(Buffer.from(String(files['values.yaml']), 'base64').toString(), 'replicas: 1\n')
    await using other = await startChartRepository()
    repository.archives = `${other.url}/archives/`
    repository.charts.set('Web', ['1.0.0', '1.1.0'])
    await sync('charts')
    const far = await admin.get(`${app}/versions/charts-web-1.1.0/package`)
    assert.equal(far.json['package'], base64(chartArchive('Web', '1.1.0')))
    assert.deepEqual(other.asked, [
      { path: '/charts/archives/Web-1.1.0.tgz', authorization: undefined },
    ])
    repository.archives = 'archives/'
  })

  it('read again changes nothing that is as it was', async () => {
    await sync('charts')
    const all = async () =>
      (
        await Promise.all(
          ['applications', 'applicationversions'].map((name) => world.kube.list(kind(name))),
        )
      ).flatMap(({ items }) => items.map(({ metadata }) => metadata.resourceVersion))
    const before = await all()
    await sync('charts')
    assert.deepEqual(await all(), before)
  })

  it('read again keeps what people have changed, until a chart is another', async () => {
    const change = { aliasName: 'Pages', categoryName: 'web', icon: 'x' }
    assert.equal((await admin.patch(app, change, 'application/json')).status, 200)
    await sync('charts')
    const kept = (await admin.get(app)).json.metadata
    assert.equal(kept.annotations?.['kubesphere.io/alias-name'], 'Pages')
    repository.charts.set('Web', ['1.0.0', '1.1.0', '1.10.0'])
    await sync('charts')
    const renewed = (await admin.get(app)).json.metadata
    assert.equal(renewed.annotations?.['kubesphere.io/alias-name'], 'Web')
    assert.equal(renewed.labels?.[`${LABEL}/app-category-name`], 'web')
    assert.equal(renewed.annotations?.[`${LABEL}/latest-app-version`], '1.10.0')
  })

  it('loses versions and charts that are no longer in its index', async () => {
    repository.charts.set('Web', ['1.1.0', '1.10.0'])
    repository.charts.delete('a-chart-with-a-long-name')
    await sync('charts')
    assert.deepEqual((await admin.get(`${app}/versions?sortBy=versionName`)).names, [
      'charts-web-1.10.0',
      'charts-web-1.1.0',
    ])
    assert.deepEqual((await admin.get(`${STORE}/apps?${ofRepo('charts')}`)).names, ['charts-web'])
  })

  it('that cannot be read stays syncing, says why, changes nothing and is tried again', async () => {
    repository.index = 'entries:\n  Web:\n  - name: [\n    version: }\n'
    assert.equal((await admin.post(`${STORE}/repos/charts/action`, {})).status, 200)
    const events = await until(
      async () => (await admin.get(`${STORE}/repos/charts/events`)).json.items ?? [],
      (found) => found.some((event) => event['reason'] === 'SyncFailed'),
    )
    const failed = events.find((event) => event['reason'] === 'SyncFailed')
    assert.match(String(failed?.['message']), /index of the repository cannot be used/)
    assert.ok(!JSON.stringify(events).includes('s3cret'))
    assert.equal(await repoState('charts'), 'syncing')
    assert.deepEqual((await admin.get(`${STORE}/apps?${ofRepo('charts')}`)).names, ['charts-web'])
    repository.index = undefined
    await until(
      () => repoState('charts'),
      (state) => state === 'successful',
    )
    const after = (await admin.get(`${STORE}/repos/charts/events`)).json.items ?? []
    const synced = after.find((event) => event['reason'] === 'Synced')
    assert.equal(synced?.['message'], 'HelmRepo charts synced successfully')
    assert.ok(Number(synced['count']) > 1)
  })

  it('is deployed as a release object, upgraded and removed', async () => {
    const release = (version: string) => ({
      metadata: {
        name: 'site',
        labels: {
          [`${LABEL}/app-id`]: 'charts-web',
          'kubesphere.io/cluster': 'host',
          'kubesphere.io/workspace': 'system-workspace',
          'kubesphere.io/namespace': 'default',
        },
      },
      spec: { appID: 'charts-web', appVersionID: version, appType: 'helm' },
    })
    const one = `${STORE}/namespaces/default/applications/site`
    const made = await admin.post(
      `${STORE}/namespaces/default/applications`,
      release('charts-web-1.1.0'),
    )
    assert.equal(made.status, 200, made.text)
    await world.settled()
    const first = (await admin.get(one)).json
    const status = first['status'] as { state: string; message: string; specHash: string }
    assert.equal(status.state, 'failed')
    assert.match(status.message, /charts are not installed in embedded mode/)
    const upgraded = await admin.post(one, release('charts-web-1.10.0'))
    assert.equal(upgraded.status, 200, upgraded.text)
    await world.settled()
    const { json } = await admin.get(one)
    assert.equal(json.metadata.labels?.[`${LABEL}/appversion-id`], 'charts-web-1.10.0')
    assert.notEqual((json['status'] as { specHash: string }).specHash, status.specHash)
    assert.equal((await admin.delete(one)).status, 200)
    assert.equal((await admin.get(one)).status, 404)
  })

  it('goes with its applications', async () => {
    assert.equal((await admin.delete(`${STORE}/repos/charts`)).status, 200)
    await until(
      async () => (await world.kube.list(kind('applicationversions'))).items.length,
      (count) => count === 0,
    )
    assert.equal((await admin.get(app)).status, 404)
  })
})

describe('a chart repository with a period', () => {
  it('is read by itself, for the workspace that it is of, and goes with that', async () => {
    await using repository = await startChartRepository()
    await admin.post(`${TENANT}/workspacetemplates`, workspace('team', 'admin'))
    await world.settled()
    const labels = { 'kubesphere.io/workspace': 'team' }
    await add('own', { url: `${repository.url}/`, syncPeriod: 3600 }, labels)
    await until(
      () => repoState('own'),
      (state) => state === 'successful',
    )
    await world.settled()
    const team = await admin.get(`${STORE}/workspaces/team/apps?${ofRepo('own')}`)
    assert.deepEqual(team.names, ['own-web'])
    assert.deepEqual((await admin.get(`${STORE}/workspaces/rest/apps`)).json.items, null)
    const looks = repository.asked.length
    await world.settled()
    assert.equal(repository.asked.length, looks)
    const gone = await admin.delete(`${TENANT}/workspacetemplates/team`, {})
    assert.equal(gone.status, 200, gone.text)
    await until(
      async () => (await admin.get(`${STORE}/repos/own`)).status,
      (status) => status === 404,
    )
  })

  it('takes over no application of somebody else', async () => {
    await using repository = await startChartRepository()
    const chart = base64(chartArchive('Web', '3.0.0'))
    const upload = { appType: 'helm', appName: 'mine-web', package: chart }
    assert.equal((await admin.post(`${STORE}/apps`, upload)).status, 200)
    await add('mine', { url: repository.url, syncPeriod: 3600 })
    await until(
      () => repoState('mine'),
      (state) => state === 'successful',
    )
    assert.deepEqual((await admin.get(`${STORE}/apps/mine-web/versions`)).names, ['mine-web-3.0.0'])
  })
})

describe('a registry of charts', () => {
  let owner: TokenRegistry
  let open: Registry
  before(async () => {
    owner = await startTokenRegistry(LOGIN)
    open = await startRegistry()
    for (const version of ['1.0.0', '2.0.0']) {
      for (const repository of ['team/web', 'team/deep/er', 'other/web']) {
        const authorization = await owner.mayPush(repository)
        await pushChart(owner.registry, { repository, version, authorization })
      }
    }
    await pushChart(open, { repository: 'web', version: '1.0.0' })
  })
  after(async () => {
    await owner[Symbol.asyncDispose]()
    await open[Symbol.asyncDispose]()
  })

  it('is tried with its token service and its authority', async () => {
    const url = `oci://${owner.registry.host}/team`
    const repo = (credential: object) => ({ metadata: { name: 'oci' }, spec: { url, credential } })
    const tried = `${STORE}/repos?validate=true`
    const right = { ...LOGIN, caFile: owner.authority }
    assert.deepEqual((await admin.post(tried, repo(right))).json, { ok: true })
    const careless = { ...LOGIN, insecureSkipTLSVerify: true }
    assert.equal((await admin.post(tried, repo(careless))).status, 200)
    const strict = await admin.post(tried, repo(LOGIN))
    assert.equal(strict.status, 500)
    assert.match(strict.text, /certificate/)
    const wrong = await admin.post(tried, repo({ ...right, password: 'no' }))
    assert.equal(wrong.status, 500)
    assert.ok(!wrong.text.includes('no:') && !wrong.text.includes(LOGIN.password))
  })

  it('becomes applications of what is one level below its address', async () => {
    const credential = { ...LOGIN, caFile: owner.authority }
    await add('oci', { url: `oci://${owner.registry.host}/team`, credential, syncPeriod: 3600 })
    await until(
      () => repoState('oci'),
      (state) => state === 'successful',
    )
    assert.deepEqual((await admin.get(`${STORE}/apps?${ofRepo('oci')}`)).names, ['oci-web'])
    const versions = `${STORE}/apps/oci-web/versions`
    assert.deepEqual((await admin.get(`${versions}?sortBy=versionName`)).names, [
      'oci-web-2.0.0',
      'oci-web-1.0.0',
    ])
    const { spec } = (await admin.get(`${versions}/oci-web-2.0.0`)).json
    assert.equal(spec['pullUrl'], `oci://${owner.registry.host}/team/web:2.0.0`)
    const bytes = (await admin.get(`${versions}/oci-web-2.0.0/package`)).json['package']
    assert.equal(bytes, base64(chartArchive('web', '2.0.0')))
  })

  it('may be open, without TLS and without a path', async () => {
    await add('plain', { url: `oci://${open.host}`, syncPeriod: 3600 })
    await until(
      () => repoState('plain'),
      (state) => state === 'successful',
    )
    const files = (await admin.get(`${STORE}/apps/plain-web/versions/plain-web-1.0.0/files`)).json
    assert.ok('Chart.yaml' in files)
  })
})
