import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { archive, tarEntry } from '../application/archives.ts'
import {
  chartArchive,
  pushChart,
  startChartRepository,
  type ChartRepository,
} from '../application/repository.ts'
import { startRegistry, type Registry } from '../env/registry.ts'
import { startWorld, type Caller, type World } from '../iam/world.ts'

const API = '/kapis/package.kubesphere.io/v1alpha1/extensionversions'
const marketplace = (resource: string) => ({
  group: 'kubesphere.io',
  version: 'v1alpha1',
  resource,
})
const CONFIG_MAPS = { group: '', version: 'v1', resource: 'configmaps' }

describe('files of an extension', () => {
  let world: World
  let admin: Caller
  let charts: ChartRepository
  let registry: Registry

  const version = async (name: string, spec: object): Promise<string> => {
    await world.kube.create(marketplace('extensionversions'), {
      apiVersion: 'kubesphere.io/v1alpha1',
      kind: 'ExtensionVersion',
      metadata: { name },
      spec: { version: '1.0.0', ...spec },
    })
    return `${API}/${name}/files`
  }
  const repository = (name: string, spec: object) =>
    world.kube.create(marketplace('repositories'), {
      apiVersion: 'kubesphere.io/v1alpha1',
      kind: 'Repository',
      metadata: { name },
      spec,
    })
  const namesIn = (text: string): string[] =>
    (JSON.parse(text) as { Name: string }[]).map(({ Name }) => Name)
  /** A chart whose only file has this name. */
  const stored = async (name: string, bytes: Buffer): Promise<object> => {
    await world.kube.create(
      CONFIG_MAPS,
      { metadata: { name }, binaryData: { chart: bytes.toString('base64') } },
      { namespace: 'default' },
    )
    return { chartDataRef: { namespace: 'default', name, key: 'chart' } }
  }

  before(async () => {
    const basic = { username: 'reader', password: 'secret-of-charts' }
    charts = await startChartRepository(`${basic.username}:${basic.password}`)
    registry = await startRegistry({ basic })
    world = await startWorld({ openHosts: ['127.0.0.1'] })
    admin = await world.as('admin')
    await repository('charts', { url: charts.url, basicAuth: basic })
    await repository('registry', { url: `oci://${registry.host}/team`, basicAuth: basic })
    await repository('elsewhere', { url: 'http://127.0.0.1:1/charts', basicAuth: basic })
    const authorization = `Basic ${Buffer.from('reader:secret-of-charts').toString('base64')}`
    await pushChart(registry, { repository: 'team/web', version: '1.0.0', authorization })
  })
  after(async () => {
    for (const one of [world, charts, registry]) await one?.[Symbol.asyncDispose]()
  })

  it('come out of a repository over HTTP, with its login', async () => {
    const chartURL = `${charts.url}/archives/Web-1.0.0.tgz`
    const { status, text } = await admin.get(
      await version('web', { chartURL, repository: 'charts' }),
    )
    assert.equal(status, 200, text)
    assert.deepEqual(namesIn(text)[0], 'Chart.yaml')
    const [{ Data } = { Data: '' }] = JSON.parse(text) as { Data: string }[]
    assert.match(Buffer.from(Data, 'base64').toString(), /name: Web/)
  })

  it('come out of a registry, with its login', async () => {
    const chartURL = `oci://${registry.host}/team/web:1.0.0`
    const path = await version('oci', { chartURL, repository: 'registry' })
    const { status, text } = await admin.get(path)
    assert.equal(status, 200, text)
    assert.ok(namesIn(text).includes('values.yaml'))
  })

  it('are not asked for with the login of another server', async () => {
    const before = charts.asked.length
    const chartURL = `${charts.url}/archives/Web-1.0.0.tgz`
    const path = await version('stolen', { chartURL, repository: 'elsewhere' })
    const { status, text } = await admin.get(path)
    assert.equal(status, 500)
    assert.match(text, /^failed to fetch .*401/)
    assert.deepEqual(
      charts.asked.slice(before).map(({ authorization }) => authorization),
      [undefined],
    )
  })

  it('come out of a ConfigMap; without the key there are none', async () => {
    const spec = await stored('inside', chartArchive('Web', '2.0.0'))
    assert.ok(namesIn((await admin.get(await version('inside', spec))).text).includes('Chart.yaml'))
    const chartDataRef = { namespace: 'default', name: 'inside', key: 'other' }
    const none = await admin.get(await version('keyless', { chartDataRef }))
    assert.deepEqual([none.status, none.text], [200, '[]'])
    const missing = { chartDataRef: { ...chartDataRef, name: 'none' } }
    const lost = await admin.get(await version('lost', missing))
    assert.deepEqual([lost.status, lost.text], [500, 'ConfigMap "none" not found\n'])
    const astray = { chartDataRef: { ...chartDataRef, namespace: '..' } }
    assert.equal((await admin.get(await version('astray', astray))).status, 500)
  })

  it('say what is wrong', async () => {
    const unknown = await admin.get(`${API}/none/files`)
    assert.deepEqual(
      [unknown.status, unknown.text],
      [404, 'ExtensionVersion.kubesphere.io "none" not found\n'],
    )
    const cases: [name: string, spec: object, message: RegExp][] = [
      ['relative', { chartURL: 'web-1.0.0.tgz' }, /^cannot support chartURL web-1\.0\.0\.tgz, /],
      ['file', { chartURL: 'file:///etc/passwd' }, /^cannot support chartURL file:/],
      [
        'orphan',
        { chartURL: `${charts.url}/x.tgz`, repository: 'none' },
        /^Repository\.kubesphere\.io "none" not found\n$/,
      ],
      ['silent', { chartURL: 'http://127.0.0.1:1/web.tgz' }, /^failed to fetch http:/],
      ['plain', await stored('plain', Buffer.from('no archive')), /^gzip: invalid header\n$/],
    ]
    for (const [name, spec, message] of cases) {
      const { status, text } = await admin.get(await version(name, spec))
      assert.equal(status, 500, name)
      assert.match(text, message)
    }
  })

  it('never leave their folder, and are bounded', async () => {
    const hostile: [name: string, bytes: Buffer, message: RegExp][] = [
      ['up', archive(tarEntry('c/../../etc/passwd', 'x')), /illegally named/],
      ['rooted', archive(tarEntry('/etc/passwd', 'x')), /illegally named/],
      ['drive', archive(tarEntry('C:/x/y', 'x')), /illegally named/],
      ['huge', archive(tarEntry('c/big', Buffer.alloc(6 * 1024 * 1024))), /too large/],
      [
        'many',
        archive(...Array.from({ length: 10_001 }, (_, at) => tarEntry(`c/${at}`, ''))),
        /too many/,
      ],
    ]
    for (const [name, bytes, message] of hostile) {
      const { status, text } = await admin.get(await version(name, await stored(name, bytes)))
      assert.equal(status, 500, name)
      assert.match(text, message, name)
    }
  })
})
