import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { gzipSync } from 'node:zlib'
import { account, eventually, PASSWORD, startWorld, workspace, TENANT, IAM } from '../iam/world.ts'
import type { Caller, World } from '../iam/world.ts'
import { goodChart } from './archives.ts'

const STORE = '/kapis/application.kubesphere.io/v2'
const base64 = (bytes: Uint8Array | string): string => Buffer.from(bytes).toString('base64')

let world: World
let admin: Caller

before(async () => {
  world = await startWorld({ openHosts: ['127.0.0.1'] })
  admin = await world.as('admin')
})
after(() => world[Symbol.asyncDispose]())

function release(name: string, version: string, values = '', more: Record<string, string> = {}) {
  return {
    metadata: {
      name,
      labels: {
        'application.kubesphere.io/app-id': 'web-story',
        'kubesphere.io/cluster': 'host',
        'kubesphere.io/workspace': 'system-workspace',
        'kubesphere.io/namespace': 'default',
        ...more,
      },
    },
    spec: { appID: 'web-story', appVersionID: version, appType: 'helm', values: base64(values) },
  }
}

describe('an uploaded chart', () => {
  const app = `${STORE}/apps/web-story`
  const version = `${app}/versions/web-story-1.0.0`
  const chart = (more: object = {}, of = goodChart()) => ({
    appType: 'helm',
    appName: 'web-story',
    package: base64(of),
    ...more,
  })

  it('can be looked at without being stored', async () => {
    const { status, json } = await admin.post(`${STORE}/apps?validate=true`, chart())
    assert.equal(status, 200)
    assert.equal(json['versionName'], '1.0.0')
    assert.equal(json['aliasName'], 'Web')
    assert.equal((json['resources'] as { Resource: string }[])[0]?.Resource, 'widgets')
    assert.equal((await admin.get(app)).status, 404)
  })

  it('becomes an application in draft with one version, and once only', async () => {
    const created = await admin.post(`${STORE}/apps`, chart())
    assert.equal(created.status, 200, created.text)
    const { json } = await admin.get(app)
    assert.equal((json['status'] as { state: string }).state, 'draft')
    assert.equal(
      json.metadata.annotations?.['application.kubesphere.io/latest-app-version'],
      '1.0.0',
    )
    const again = await admin.post(`${STORE}/apps`, chart())
    assert.deepEqual([again.status, again.text], [409, 'Application web-story already exists\n'])
    assert.deepEqual((await admin.get(`${app}/versions`)).names, ['web-story-1.0.0'])
    assert.deepEqual((await admin.get(`${STORE}/reviews?conditions=status=draft`)).names, [
      'web-story-1.0.0',
    ])
    assert.equal((await admin.get(`${STORE}/reviews?conditions=status=active`)).json.items, null)
  })

  it('gives back its package and its files', async () => {
    const { json } = await admin.get(`${version}/package`)
    assert.equal(json['package'], base64(goodChart()))
    const files = (await admin.get(`${version}/files`)).json
    assert.equal(Buffer.from(String(files['values.yaml']), 'base64').toString(), 'replicas: 1\n')
    assert.equal((await admin.get(`${version}x/package`)).status, 500)
    assert.equal((await admin.get(`${version}x`)).status, 404)
  })

  it('cannot be installed before a version is active', async () => {
    const refused = await admin.post(`${STORE}/applications`, release('web', 'web-story-1.0.0'))
    assert.equal(refused.status, 500)
    assert.match(refused.text, /invalid application version: web-story-1.0.0, state: draft/)
    const action = await admin.post(`${app}/action`, { state: 'active' })
    assert.deepEqual(
      [action.status, action.text],
      [500, 'app web-story has no active or passed appversion\n'],
    )
  })

  it('is reviewed, published and sorted by version', async () => {
    for (const state of ['submitted', 'passed', 'active']) {
      const { status } = await admin.post(`${version}/action`, { state, message: state })
      assert.equal(status, 200)
    }
    assert.equal((await admin.post(`${app}/action`, { state: 'active' })).status, 200)
    const { json } = await admin.get(app)
    assert.equal(json.metadata.labels?.['application.kubesphere.io/app-store'], 'true')
    for (const name of ['1.10.0', '1.9.0']) {
      const added = await admin.post(`${app}/versions`, chart({}, goodChart(name)))
      assert.equal(added.status, 200, added.text)
    }
    assert.deepEqual((await admin.get(`${app}/versions?sortBy=versionName`)).names, [
      'web-story-1.10.0',
      'web-story-1.9.0',
      'web-story-1.0.0',
    ])
    const paged = await admin.get(`${app}/versions?sortBy=versionName&limit=1&page=2`)
    assert.deepEqual([paged.names, paged.json.totalItems], [['web-story-1.9.0'], 3])
    assert.equal(
      (await admin.get(app)).json.metadata.annotations?.[
        'application.kubesphere.io/latest-app-version'
      ],
      '1.10.0',
    )
  })

  it('is installed, upgraded and removed as a release object', async () => {
    const one = `${STORE}/namespaces/default/applications/web`
    const made = await admin.post(`${STORE}/applications`, release('web', 'web-story-1.0.0'))
    assert.equal(made.status, 200, made.text)
    const stored = (await admin.get(one)).json
    assert.equal(stored.metadata.annotations?.['kubesphere.io/creator'], 'admin')
    assert.equal(
      stored.metadata.labels?.['application.kubesphere.io/appversion-id'],
      'web-story-1.0.0',
    )
    const list = await admin.get(`${STORE}/namespaces/default/applications?appID=web-story`)
    assert.deepEqual(list.names, ['web'])
    assert.deepEqual((await admin.get(`${STORE}/namespaces/other/applications`)).json.items, [])
    const upgraded = await admin.post(one, release('web', 'web-story-1.0.0', 'replicas: 2'))
    assert.equal(upgraded.status, 200, upgraded.text)
    const again = (await admin.get(one)).json.spec
    assert.equal(again['values'], base64('replicas: 2'))
    assert.equal(
      (
        await admin.post(
          `${STORE}/namespaces/default/applications/nope`,
          release('nope', 'web-story-1.0.0'),
        )
      ).status,
      500,
    )
    assert.equal((await admin.delete(one)).status, 200)
    assert.equal((await admin.get(one)).status, 404)
  })

  it('is not installed elsewhere than where the caller asked', async () => {
    const body = release('far', 'web-story-1.0.0', '', { 'kubesphere.io/namespace': 'other' })
    const refused = await admin.post(`${STORE}/namespaces/default/applications`, body)
    assert.equal(refused.status, 400)
    const bare = release('bare', 'web-story-1.0.0', '', { 'kubesphere.io/cluster': '' })
    assert.equal(
      (await admin.post(`${STORE}/applications`, bare)).text,
      'must set kubesphere.io/cluster\n',
    )
  })

  it('goes with its versions and its packages', async () => {
    const maps = { group: '', version: 'v1', resource: 'configmaps' }
    const at = { namespace: 'extension-openpitrix' }
    assert.equal((await admin.delete(`${app}/versions/web-story-1.9.0`)).status, 200)
    const names = await eventually(
      async () => (await world.kube.list(maps, at)).items.map(({ metadata }) => metadata.name),
      (found) => !found.includes('web-story-1.9.0'),
    )
    assert.ok(!names.includes('web-story-1.9.0'))
    assert.ok(names.includes('web-story-1.0.0'))
    assert.equal((await admin.delete(app)).status, 200)
    assert.equal((await admin.get(app)).status, 404)
  })
})

describe('packages that are refused', () => {
  it('say why, and nothing is stored', async () => {
    const bomb = gzipSync(Buffer.alloc(120 * 1024 * 1024))
    for (const [bytes, text] of [
      [bomb, /no files in chart archive/],
      [Buffer.from('hello'), /invalid chart archive/],
      [Buffer.alloc(1024 * 1024 + 1), /the maximum file size is 1048576/],
    ] as const) {
      const body = { appType: 'helm', appName: 'bad', package: base64(bytes) }
      const { status, text: answer } = await admin.post(`${STORE}/apps`, body)
      assert.equal(status, 400)
      assert.match(answer, text)
    }
    assert.equal((await admin.get(`${STORE}/apps/bad`)).status, 404)
    const none = await admin.post(`${STORE}/apps`, { appType: 'helm' })
    assert.deepEqual([none.status, none.text], [500, 'package is empty\n'])
  })
})

describe('lists of the store', () => {
  it('are null when a filter left nothing, and refuse what they cannot read', async () => {
    assert.equal((await admin.get(`${STORE}/apps`)).json.items, null)
    assert.deepEqual((await admin.get(`${STORE}/applications`)).json.items, [])
    assert.equal((await admin.get(`${STORE}/applications?name=x`)).json.items, null)
    assert.equal((await admin.get(`${STORE}/apps?labelSelector=a%20b%20c`)).status, 400)
    const bad = await admin.get(`${STORE}/apps?conditions=nonsense`)
    assert.deepEqual([bad.status, bad.text], [500, 'invalid conditions\n'])
  })
})

describe('categories', () => {
  const one = `${STORE}/categories/databases`
  const body = (alias: string) => ({
    metadata: { name: 'databases', annotations: { 'kubesphere.io/alias-name': alias } },
    spec: { icon: 'disk' },
  })

  it('are made, renamed, counted and removed', async () => {
    assert.equal((await admin.post(`${STORE}/categories`, body('DB'))).status, 200)
    assert.equal(
      (await admin.post(`${STORE}/categories`, body('DB'))).text,
      'Category databases already exists\n',
    )
    assert.equal((await admin.post(one, body('Data'))).status, 200)
    const yaml = base64(
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: default}\n',
    )
    const app = {
      appType: 'yaml',
      appName: 'plain',
      versionName: '1.0.0',
      repoName: 'upload',
      categoryName: 'databases',
      package: yaml,
    }
    assert.equal((await admin.post(`${STORE}/apps`, app)).status, 200)
    const { json } = await admin.get(one)
    assert.equal(json.metadata.annotations?.['kubesphere.io/alias-name'], 'Data')
    assert.equal((json['status'] as { total: number }).total, 1)
    const act = `${STORE}/apps/plain/versions/plain-1.0.0/action`
    assert.equal((await admin.post(act, { state: 'active' })).status, 200)
    const draft = release('plain', 'plain-1.0.0')
    const spec = { ...draft.spec, appType: 'yaml', values: yaml }
    const made = await admin.post(`${STORE}/applications`, { ...draft, spec })
    assert.equal(made.status, 200, made.text)
    await world.settled()
    type Live = { kind: string; metadata: { name: string; managedFields?: unknown } }
    const shown = (await admin.get(`${STORE}/applications/plain`)).json['status'] as {
      state: string
      realTimeResources: Live[]
    }
    assert.equal(shown.state, 'active')
    const [live] = shown.realTimeResources
    assert.deepEqual([live?.kind, live?.metadata.name], ['ConfigMap', 'a'])
    assert.equal(live?.metadata.managedFields, undefined)
    const other = base64('apiVersion: v1\nkind: Secret\nmetadata: {name: a, namespace: default}\n')
    const unlike = { ...draft, spec: { ...spec, values: other } }
    assert.equal(
      (await admin.post(`${STORE}/applications/plain`, unlike)).text,
      'yamlList and yamlTempList not equal\n',
    )
    assert.equal((await admin.delete(`${STORE}/applications/plain`)).status, 200)
    const files = (await admin.get(`${STORE}/apps/plain/versions/plain-1.0.0/files`)).json
    assert.equal(files['all.yaml'], yaml)
    const refused = await admin.delete(one)
    assert.equal(refused.status, 500)
    assert.match(refused.text, /which owns applications/)
    assert.equal((await admin.delete(`${STORE}/apps/plain`)).status, 200)
    assert.equal((await admin.delete(one)).status, 200)
    const standard = await admin.delete(`${STORE}/categories/kubesphere-app-uncategorized`)
    assert.equal(standard.status, 400)
  })
})

describe('attachments', () => {
  it('are stored by field name, and packages are none', async () => {
    const token = await world.login('admin')
    const form = new FormData()
    form.append('shot', new File(['pixels'], 'a.png'))
    const response = await fetch(`${world.url}${STORE}/attachments`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      body: form,
    })
    const { attachment_id: id } = (await response.json()) as { attachment_id: string }
    assert.match(id, /^shot-att-[a-z0-9]{5}$/)
    const { json } = await admin.get(`${STORE}/attachments/${id}`)
    assert.deepEqual(json['attachment_content'], { raw: base64('pixels') })
    assert.equal((await admin.get(`${STORE}/attachments/kube-root-ca.crt`)).status, 404)
    assert.equal((await admin.delete(`${STORE}/attachments/${id},kube-root-ca.crt`)).status, 200)
    assert.equal((await admin.get(`${STORE}/attachments/${id}`)).status, 404)
  })
})

describe('repositories', () => {
  it('are tried with their credential, which is kept and never shown', async () => {
    const asked: (string | undefined)[] = []
    const server = createServer((request, response) => {
      asked.push(request.headers.authorization)
      const known = request.headers.authorization === `Basic ${base64('ann:s3cret')}`
      response.writeHead(known && request.url === '/charts/index.yaml' ? 200 : 401)
      response.end('apiVersion: v1\nentries: {}\n')
    })
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    const { port } = server.address() as AddressInfo
    const url = `http://127.0.0.1:${port}/charts`
    const repo = (more: object) => ({ metadata: { name: 'charts' }, spec: { url, ...more } })
    const credential = { username: 'ann', password: 's3cret' }
    try {
      assert.equal((await admin.post(`${STORE}/repos`, repo({}))).status, 500)
      const tried = await admin.post(`${STORE}/repos?validate=false`, repo({ credential }))
      assert.deepEqual(tried.json, { ok: true })
      const created = await admin.post(`${STORE}/repos`, repo({ credential, syncPeriod: 60 }))
      assert.deepEqual(created.json, { repo_id: 'charts' })
      const shown = await admin.get(`${STORE}/repos/charts`)
      assert.ok(!shown.text.includes('s3cret'))
      assert.deepEqual(shown.json.spec['credential'], { username: 'ann' })
      const patched = await admin.patch(
        `${STORE}/repos/charts`,
        repo({ credential: { username: 'ann' }, description: 'ours' }),
      )
      assert.equal(patched.status, 200, patched.text)
      const repos = { group: 'application.kubesphere.io', version: 'v2', resource: 'repos' }
      const stored = await world.kube.get(repos, 'charts')
      assert.deepEqual((stored['spec'] as { credential: object }).credential, credential)
      assert.equal((await admin.post(`${STORE}/repos/charts/action`, {})).status, 200)
      assert.deepEqual((await admin.get(`${STORE}/repos`)).names, ['charts'])
      assert.equal((await admin.delete(`${STORE}/repos/charts`)).status, 200)
      assert.equal((await admin.get(`${STORE}/repos/charts`)).status, 404)
    } finally {
      server.close()
    }
  })

  it('are not this machine, its link, a file or the name of uploads', async () => {
    for (const url of ['http://169.254.169.254/latest', 'file:///etc', 'oci://[::1]:5000/x', 'x']) {
      const { status } = await admin.post(`${STORE}/repos`, {
        metadata: { name: 'bad' },
        spec: { url },
      })
      assert.equal(status, 400, url)
    }
    const named = await admin.post(`${STORE}/repos`, { metadata: { name: 'upload' }, spec: {} })
    assert.equal(named.text, 'repo name upload is not allowed\n')
  })
})

describe('workspaces', () => {
  it('see their own and the system’s applications, and change only their own', async () => {
    await admin.post(`${IAM}/users`, account('wendy', 'platform-regular'))
    await admin.post(`${TENANT}/workspacetemplates`, workspace('team', 'wendy'))
    await admin.post(`${TENANT}/workspacetemplates`, workspace('rest', 'admin'))
    await world.settled()
    const wendy = await world.as('wendy', PASSWORD)
    const app = (appName: string, of?: string) => ({
      appType: 'helm',
      appName,
      package: base64(goodChart()),
      ...(of ? { workspace: of } : {}),
    })
    const team = `${STORE}/workspaces/team/apps`
    assert.equal((await admin.post(`${STORE}/apps`, app('rests', 'rest'))).status, 200)
    assert.equal((await admin.post(`${STORE}/apps`, app('shared', 'system-workspace'))).status, 200)
    const own = await wendy.post(team, app('teams'))
    assert.equal(own.status, 200, own.text)
    assert.equal((await wendy.post(team, app('stray', 'rest'))).status, 400)
    assert.deepEqual((await wendy.get(`${team}?sortBy=name&ascending=true`)).names, [
      'shared',
      'teams',
    ])
    assert.equal((await wendy.get(`${team}/rests`)).status, 404)
    assert.equal((await wendy.delete(`${team}/rests`)).status, 404)
    assert.equal((await wendy.delete(`${team}/shared`)).status, 404)
    assert.equal((await wendy.delete(`${team}/teams`)).status, 200)
    assert.equal((await wendy.delete(`${STORE}/apps/rests`)).status, 403)
  })
})

describe('objects of an operator', () => {
  it('are written, found and removed with the rights of the caller', async () => {
    const kind = 'cluster=host&group=&version=v1&resource=configmaps'
    const base = `${STORE}/namespaces/default/applications/web/cr`
    const one = `${base}/one?${kind}&namespace=default`
    const object = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'one', namespace: 'default' },
      data: { a: '1' },
    }
    const made = await admin.post(`${base}?${kind}`, object)
    assert.equal(made.status, 200, made.text)
    const { labels } = (await admin.get(one)).json.metadata
    assert.equal(labels?.['application.kubesphere.io/app-release-name'], 'web')
    const selector = 'labelSelector=application.kubesphere.io/app-release-name=web'
    assert.deepEqual((await admin.get(`${base}?${kind}&${selector}`)).names, ['one'])
    assert.equal((await admin.delete(one)).status, 200)
    assert.equal((await admin.get(one)).status, 500)
    const nowhere = await admin.get(`${base}?version=v1&resource=configmaps`)
    assert.deepEqual(
      [nowhere.status, nowhere.text],
      [500, 'Cluster.cluster.kubesphere.io "" not found\n'],
    )
    const climbing = await admin.get(`${base}?cluster=host&version=v1&resource=../../x`)
    assert.equal(climbing.status, 400)
  })
})

describe('example objects', () => {
  it('have something in every member of a kind’s schema', async () => {
    const path = `${STORE}/apps/any/examplecr/repos.application.kubesphere.io`
    const example = (await admin.get(path)).json['Object'] as Record<string, unknown>
    assert.equal(example['apiVersion'], 'v2')
    assert.deepEqual(example['metadata'], { name: 'repo-set-your-own-name' })
    assert.equal((example['spec'] as { url: string }).url, '')
    assert.equal((await admin.get(`${STORE}/apps/any/examplecr/nope`)).status, 500)
  })
})
