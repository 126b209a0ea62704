import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { gzipSync } from 'node:zlib'
import type { KubeObject } from '../../gateway/kube/types.ts'
import { account, eventually, IAM, PASSWORD, startWorld } from '../iam/world.ts'
import type { Caller, World } from '../iam/world.ts'
import { goodChart } from './archives.ts'

const STORE = '/kapis/application.kubesphere.io/v2'
const RAW = '/apis/application.kubesphere.io/v2'
const LABEL = 'application.kubesphere.io'
const MAPS = { group: '', version: 'v1', resource: 'configmaps' }
const DEFAULT = { namespace: 'default' }
const base64 = (bytes: Uint8Array | string): string => Buffer.from(bytes).toString('base64')

let world: World
let admin: Caller
/** May do everything in the store and nothing else. */
let keeper: Caller
let keeperToken: string

/** Reads chart repositories, and no more. */
let reader: Caller
let readerToken: string

async function role(name: string, resources: string[], verbs: string[]): Promise<string> {
  const gvr = { group: 'iam.kubesphere.io', version: 'v1beta1', resource: 'globalroles' }
  const rules = [{ apiGroups: [LABEL], resources, verbs }]
  const object = { apiVersion: 'iam.kubesphere.io/v1beta1', kind: 'GlobalRole', metadata: { name } }
  await world.kube.create(gvr, { ...object, rules })
  const made = await admin.post(`${IAM}/users`, account(`of-${name}`, name))
  assert.equal(made.status, 200, made.text)
  return world.login(`of-${name}`, PASSWORD)
}

before(async () => {
  world = await startWorld({ openHosts: ['127.0.0.1'] })
  admin = await world.as('admin')
  keeperToken = await role('keeper', ['*'], ['*'])
  keeper = world.withToken(keeperToken)
  readerToken = await role('reader', ['repos'], ['get', 'list', 'watch'])
  reader = world.withToken(readerToken)
  const app = { appType: 'yaml', appName: 'conf', versionName: '1.0.0', repoName: 'upload' }
  for (const [path, body] of [
    [`${STORE}/apps`, { ...app, package: base64(maps('a')) }],
    [`${STORE}/apps/conf/versions/conf-1.0.0/action`, { state: 'active' }],
    [`${STORE}/apps`, { appType: 'helm', appName: 'web', package: base64(goodChart()) }],
    [`${STORE}/apps/web/versions/web-1.0.0/action`, { state: 'active' }],
  ] as const) {
    const { status, text } = await admin.post(path, body)
    assert.equal(status, 200, text)
  }
})
after(() => world[Symbol.asyncDispose]())

/** Two ConfigMaps. */
function maps(name: string, value = 'one', namespace = 'default'): string {
  return ['x', 'y']
    .map((part) => {
      const metadata = `metadata: {name: ${name}-${part}, namespace: ${namespace}}`
      return `apiVersion: v1\nkind: ConfigMap\n${metadata}\ndata: {value: ${value}}\n`
    })
    .join('---\n')
}

function release(name: string, values: string, more: Record<string, string> = {}) {
  return {
    apiVersion: 'application.kubesphere.io/v2',
    kind: 'ApplicationRelease',
    metadata: {
      name,
      labels: {
        [`${LABEL}/app-id`]: 'conf',
        'kubesphere.io/cluster': 'host',
        'kubesphere.io/workspace': 'system-workspace',
        'kubesphere.io/namespace': 'default',
      },
      annotations: more,
    },
    spec: { appID: 'conf', appVersionID: 'conf-1.0.0', appType: 'yaml', values: base64(values) },
  }
}

interface Shown {
  state: string
  message?: string
  specHash: string
  realTimeResources?: KubeObject[]
}

async function shown(name: string): Promise<Shown> {
  await world.settled()
  const { json } = await admin.get(`${STORE}/applications/${name}`)
  return json['status'] as Shown
}

const valueOf = async (name: string): Promise<unknown> => {
  const { data } = await world.kube.get<KubeObject & { data: object }>(MAPS, name, DEFAULT)
  return data
}
const mapNames = async (): Promise<(string | undefined)[]> =>
  (await world.kube.list(MAPS, DEFAULT)).items.map(({ metadata }) => metadata.name)

describe('a release of YAML', () => {
  it('is applied in its namespace, and shows its objects', async () => {
    const made = await admin.post(`${STORE}/applications`, release('one', maps('one')))
    assert.equal(made.status, 200, made.text)
    const { state, realTimeResources } = await shown('one')
    assert.equal(state, 'active')
    assert.deepEqual(
      realTimeResources?.map(({ metadata }) => metadata.name),
      ['one-x', 'one-y'],
    )
    assert.deepEqual(await valueOf('one-y'), { value: 'one' })
  })

  it('is upgraded when its values change, and left alone when they do not', async () => {
    const before = await shown('one')
    const path = `${STORE}/applications/one`
    assert.equal((await admin.post(path, release('one', maps('one', 'two')))).status, 200)
    const after = await shown('one')
    assert.equal(after.state, 'active')
    assert.notEqual(after.specHash, before.specHash)
    assert.deepEqual(await valueOf('one-x'), { value: 'two' })
    assert.equal((await admin.post(path, release('one', maps('one', 'two')))).status, 200)
    assert.equal((await shown('one')).specHash, after.specHash)
  })

  it('goes with its objects', async () => {
    assert.equal((await admin.delete(`${STORE}/applications/one`)).status, 200)
    const gone = async () => (await admin.get(`${STORE}/applications/one`)).status
    assert.equal(await eventually(gone, (status) => status === 404), 404)
    assert.ok(!(await mapNames()).some((name) => name?.startsWith('one-')))
  })

  it('takes no object that is somebody else’s, neither when it comes nor when it goes', async () => {
    const metadata = { name: 'held-x', namespace: 'default' }
    const held = { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { value: 'mine' } }
    await world.kube.create(MAPS, held, { ...DEFAULT, fieldManager: 'somebody' })
    await admin.post(`${STORE}/applications`, release('held', maps('held')))
    const { state, message } = await shown('held')
    assert.equal(state, 'failed')
    assert.match(message ?? '', /conflict with "somebody"/)
    assert.equal((await admin.delete(`${STORE}/applications/held`)).status, 200)
    const gone = async () => (await admin.get(`${STORE}/applications/held`)).status
    assert.equal(await eventually(gone, (status) => status === 404), 404)
    assert.deepEqual(await valueOf('held-x'), { value: 'mine' })
  })

  it('takes nothing of another release with it', async () => {
    await admin.post(`${STORE}/applications`, release('first', maps('shared')))
    assert.equal((await shown('first')).state, 'active')
    await keeper.post(`${STORE}/applications`, release('second', maps('shared')))
    assert.equal((await shown('second')).state, 'failed')
    assert.equal((await keeper.delete(`${STORE}/applications/second`)).status, 200)
    const gone = async () => (await admin.get(`${STORE}/applications/second`)).status
    assert.equal(await eventually(gone, (status) => status === 404), 404)
    assert.deepEqual(await valueOf('shared-x'), { value: 'one' })
  })

  it('is applied with the rights of who asked for it', async () => {
    const made = await keeper.post(`${STORE}/applications`, release('kept', maps('kept')))
    assert.equal(made.status, 200, made.text)
    const { state, message } = await shown('kept')
    assert.equal(state, 'failed')
    assert.match(message ?? '', /forbidden: User "of-keeper" cannot patch resource "configmaps"/)
    assert.ok(!(await mapNames()).includes('kept-x'))
  })
})

describe('the creator of a release', () => {
  const creator = 'kubesphere.io/creator'
  const forged = (name: string) => release(name, maps(name), { [creator]: 'admin' })

  it('is whoever writes it, by the store', async () => {
    const made = await keeper.post(`${STORE}/applications`, forged('signed'))
    assert.equal(made.status, 200, made.text)
    const { json } = await admin.get(`${STORE}/applications/signed`)
    assert.equal(json.metadata.annotations?.[creator], 'of-keeper')
  })

  it('cannot be another one by way of the API server’s paths or of plain objects', async () => {
    for (const path of [`${RAW}/applicationreleases`, `${STORE}/applicationreleases`]) {
      const refused = await keeper.post(path, forged('forged'))
      assert.equal(refused.status, 403, `${path}: ${refused.text}`)
      const unsigned = await keeper.post(path, release('forged', maps('forged')))
      assert.equal(unsigned.status, 403, `${path}: ${unsigned.text}`)
    }
    await admin.post(`${STORE}/applications`, release('admins', maps('admins')))
    assert.equal((await shown('admins')).state, 'active')
    const values = base64(maps('admins', 'changed'))
    const type = 'application/merge-patch+json'
    const one = `${RAW}/applicationreleases/admins`
    const patched = await keeper.patch(one, { spec: { values } }, type)
    assert.equal(patched.status, 403, patched.text)
    const generic = `${STORE}/applicationreleases/admins`
    const { json: stored } = await keeper.get(generic)
    const replaced = { ...stored, spec: { ...stored.spec, values } }
    assert.equal((await keeper.put(generic, replaced)).status, 403)
    const noted = await keeper.patch(one, { metadata: { annotations: { note: 'x' } } }, type)
    assert.equal(noted.status, 200, noted.text)
    await world.settled()
    assert.deepEqual(await valueOf('admins-x'), { value: 'one' })
  })
})

describe('a kubeconfig of one’s own', () => {
  it('does not write a release in the name of somebody else either', async () => {
    const rbac = (resource: string) => ({
      group: 'rbac.authorization.k8s.io',
      version: 'v1',
      resource,
    })
    const metadata = { name: 'releases-of-tests' }
    const rules = [{ apiGroups: [LABEL], resources: ['applicationreleases'], verbs: ['*'] }]
    await world.kube.create(rbac('clusterroles'), { metadata, rules })
    await world.kube.create(rbac('clusterrolebindings'), {
      metadata,
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', ...metadata },
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'direct' }],
    })
    const written = (name: string, creator: string) =>
      release(name, maps(name), { 'kubesphere.io/creator': creator })
    const send = async (method: string, path: string, object: object): Promise<string> => {
      const headers = { 'impersonate-user': 'direct', 'content-type': 'application/json' }
      if (method === 'PATCH') headers['content-type'] = 'application/merge-patch+json'
      const { status, body } = await world.kube.stream({ method, path, headers, body: object })
      body.resume()
      return `${method} ${status}`
    }
    const all = `${RAW}/applicationreleases`
    // Permissions and policies are read by watches: they count a moment later.
    assert.equal(
      await eventually(
        () => send('POST', all, written('own', 'direct')),
        (answer) => answer !== 'POST 403',
      ),
      'POST 201',
    )
    assert.equal(await send('POST', all, written('stolen', 'admin')), 'POST 403')
    assert.equal(await send('POST', all, release('bare', maps('bare'))), 'POST 403')
    assert.equal(await send('PATCH', `${all}/own`, written('own', 'admin')), 'PATCH 403')
    const { spec } = release('admins', maps('admins', 'stolen'))
    assert.equal(await send('PATCH', `${all}/admins`, { spec }), 'PATCH 403')
    const noted = { metadata: { annotations: { note: 'y' } } }
    assert.equal(await send('PATCH', `${all}/admins`, noted), 'PATCH 200')
  })
})

describe('a release of a chart', () => {
  it('that Helm has installed shows the objects of its newest revision', async () => {
    const secrets = { group: '', version: 'v1', resource: 'secrets' }
    for (const revision of [9, 10]) {
      const manifest = `---\n# Source: web/templates/a.yaml\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: helm-${revision}}\n`
      const zipped = gzipSync(JSON.stringify({ name: 'site', version: revision, manifest }))
      const labels = { owner: 'helm', name: 'site', version: String(revision), status: 'deployed' }
      const metadata = { name: `sh.helm.release.v1.site.v${revision}`, labels }
      const data = { release: base64(base64(zipped)) }
      const secret = {
        apiVersion: 'v1',
        kind: 'Secret',
        type: 'helm.sh/release.v1',
        metadata,
        data,
      }
      await world.kube.create(secrets, secret, DEFAULT)
    }
    const draft = release('site', '')
    const spec = { appID: 'web', appVersionID: 'web-1.0.0', appType: 'helm' }
    const made = await admin.post(`${STORE}/applications`, { ...draft, spec })
    assert.equal(made.status, 200, made.text)
    const { realTimeResources } = await shown('site')
    assert.deepEqual(realTimeResources, [
      {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'helm-10', namespace: 'default' },
        status: { state: 'configmaps "helm-10" not found' },
      },
    ])
  })
})

describe('the credential of a repository', () => {
  it('is in no answer of the API server’s paths for who only reads repositories', async () => {
    const gvr = { group: LABEL, version: 'v2', resource: 'repos' }
    const credential = { username: 'ann', password: 'p4ss', keyFile: 'k3y', caFile: 'authority' }
    const url = 'https://ann:p4ss@charts.example.com'
    await world.kube.create(gvr, {
      apiVersion: 'application.kubesphere.io/v2',
      kind: 'Repo',
      metadata: { name: 'guarded' },
      spec: { url, credential, syncPeriod: 0 },
    })
    await eventually(
      async () => (await reader.get(`${STORE}/repos`)).names,
      (names) => names.includes('guarded'),
    )
    const paths = [
      `${RAW}/repos`,
      `${RAW}/repos/guarded`,
      `${STORE}/repos`,
      `${STORE}/repos/guarded`,
      '/kapis/resources.kubesphere.io/v1alpha3/repos',
    ]
    for (const path of paths) {
      const { text } = await reader.get(path)
      assert.ok(!/p4ss|k3y/.test(text), `${path}: ${text}`)
    }
    assert.match((await reader.get(`${RAW}/repos/guarded`)).text, /authority/)
    assert.match((await admin.get(`${RAW}/repos/guarded`)).text, /p4ss/)
    const line = await firstEvent(`${RAW}/repos?watch=true`, readerToken)
    assert.match(line, /"guarded"/)
    assert.ok(!/p4ss|k3y/.test(line), line)
  })
})

/** The first line of a watch. */
async function firstEvent(path: string, token: string): Promise<string> {
  const abort = new AbortController()
  const headers = { authorization: `Bearer ${token}` }
  const response = await fetch(world.url + path, { headers, signal: abort.signal })
  let text = ''
  for await (const chunk of response.body ?? []) {
    text += Buffer.from(chunk as Uint8Array).toString()
    if (text.includes('\n')) break
  }
  abort.abort()
  return text
}
