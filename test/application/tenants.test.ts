import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { account, IAM, PASSWORD, project, startWorld, TENANT, workspace } from '../iam/world.ts'
import type { Caller, World } from '../iam/world.ts'
import { goodChart } from './archives.ts'
import { startChartRepository, type ChartRepository } from './repository.ts'

const STORE = '/kapis/application.kubesphere.io/v2'
const ALPHA = `${STORE}/workspaces/alpha`
const BETA = `${STORE}/workspaces/beta`
const LABEL = 'application.kubesphere.io'
const base64 = (bytes: Uint8Array | string): string => Buffer.from(bytes).toString('base64')

let world: World
let admin: Caller
/** Admins of one workspace each. */
let alice: Caller
let bella: Caller
let repository: ChartRepository

before(async () => {
  world = await startWorld({ openHosts: ['127.0.0.1'] })
  admin = await world.as('admin')
  repository = await startChartRepository('bella:s3cret')
  await closeStore()
  for (const [user, place] of [
    ['alice', 'alpha'],
    ['bella', 'beta'],
  ] as const) {
    const made = await admin.post(`${IAM}/users`, account(user, 'platform-regular'))
    assert.equal(made.status, 200, made.text)
    await admin.post(`${TENANT}/workspacetemplates`, workspace(place, user))
    await world.settled()
    const member = [{ username: user, roleRef: `${place}-admin` }]
    await admin.post(`${IAM}/workspaces/${place}/workspacemembers`, member)
    await admin.post(`${TENANT}/workspaces/${place}/namespaces`, project(`${place}-prod`, user))
  }
  await world.settled()
  alice = await world.as('alice', PASSWORD)
  bella = await world.as('bella', PASSWORD)
})
after(async () => {
  await repository[Symbol.asyncDispose]()
  await world[Symbol.asyncDispose]()
})

/** Takes away what the seeded role lets everybody read: here, workspaces keep their applications to themselves. */
async function closeStore(): Promise<void> {
  const gvr = { group: 'iam.kubesphere.io', version: 'v1beta1', resource: 'globalroles' }
  const role = await world.kube.get(gvr, 'authenticated', {})
  const rules = (role['rules'] as { apiGroups?: string[] }[]).filter(
    ({ apiGroups = [] }) => !apiGroups.includes(LABEL),
  )
  await world.kube.update(gvr, { ...role, rules })
}

async function done(answer: ReturnType<Caller['post']>): Promise<void> {
  const { status, text } = await answer
  assert.equal(status, 200, text)
}

const helm = (appName: string, more: object = {}) => ({
  appType: 'helm',
  appName,
  package: base64(goodChart()),
  ...more,
})

function release(name: string, at: { workspace: string; namespace: string }, version: string) {
  return {
    metadata: {
      name,
      labels: {
        [`${LABEL}/app-id`]: 'secret',
        'kubesphere.io/cluster': 'host',
        'kubesphere.io/workspace': at.workspace,
        'kubesphere.io/namespace': at.namespace,
      },
    },
    spec: { appID: 'secret', appVersionID: version, appType: 'helm' },
  }
}

describe('the store of one workspace, asked from another', () => {
  it('keeps its versions, whatever names run together', async () => {
    await done(bella.post(`${BETA}/apps`, helm('shop-web')))
    const path = `${BETA}/apps/shop-web/versions/shop-web-1.0.0`
    const before = (await bella.get(path)).json
    await done(alice.post(`${ALPHA}/apps`, helm('shop', { versionName: '0.1.0' })))
    // `shop-` + `web-1.0.0` is the name of the other's version.
    const body = helm('shop', { versionName: 'web-1.0.0' })
    const replaced = await alice.post(`${ALPHA}/apps/shop/versions/shop-0.1.0`, body)
    assert.equal(replaced.status, 500, replaced.text)
    assert.match(replaced.text, /ApplicationVersion.* "shop-web-1.0.0" not found/)
    const added = await alice.post(`${ALPHA}/apps/shop/versions`, body)
    assert.equal(added.status, 409, added.text)
    const { json } = await bella.get(path)
    assert.equal(json.metadata.resourceVersion, before.metadata.resourceVersion)
    assert.equal(json.metadata.labels?.[`${LABEL}/app-id`], 'shop-web')
  })

  it('keeps the credential of its repositories from what others upload', async () => {
    const credential = { username: 'bella', password: 's3cret' }
    const spec = { url: repository.url, credential }
    await done(bella.post(`${BETA}/repos`, { metadata: { name: 'charts' }, spec }))
    await world.settled()
    const pullUrl = `${repository.url}/archives/Web-1.0.0.tgz`
    const claims = { repoName: 'charts', pullUrl }
    await done(alice.post(`${ALPHA}/apps`, helm('thief', claims)))
    repository.asked.length = 0
    const version = `${ALPHA}/apps/thief/versions/thief-1.0.0`
    for (const part of ['package', 'files']) {
      const { status, text } = await alice.get(`${version}/${part}`)
      assert.equal(status, 500, text)
      assert.match(text, /Repo.* "charts" not found/)
    }
    assert.deepEqual(repository.asked, [])
    await done(bella.post(`${BETA}/apps`, helm('own', claims)))
    const own = await bella.get(`${BETA}/apps/own/versions/own-1.0.0/package`)
    assert.equal(own.status, 200, own.text)
  })

  it('shows no events of its repositories', async () => {
    const event = {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: 'charts.1', namespace: 'default' },
      involvedObject: { kind: 'Repo', name: 'charts' },
      reason: 'Synced',
      message: 'what beta keeps there',
      type: 'Normal',
    }
    const EVENTS = { group: '', version: 'v1', resource: 'events' }
    await world.kube.create(EVENTS, event, { namespace: 'default' })
    const store = await world.app.clusters.host.caches.store(EVENTS)
    while (!store.get('default', 'charts.1')) await new Promise((next) => setImmediate(next))
    assert.deepEqual((await bella.get(`${BETA}/repos/charts/events`)).names, ['charts.1'])
    const foreign = await alice.get(`${ALPHA}/repos/charts/events`)
    assert.deepEqual([foreign.status, foreign.names], [200, []])
  })

  it('keeps the attachments that its applications show', async () => {
    const MAPS = { group: '', version: 'v1', resource: 'configmaps' }
    const namespace = 'extension-openpitrix'
    const id = 'shot-att-a1b2c'
    const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: id, namespace } }
    await world.kube.create(MAPS, { ...object, binaryData: { BinaryKey: 'AAAA' } }, { namespace })
    await done(bella.patch(`${BETA}/apps/shop-web`, { attachments: [id] }))
    await done(alice.delete(`${ALPHA}/attachments/${id}`))
    await done(alice.patch(`${ALPHA}/apps/shop`, { attachments: [id] }))
    await done(alice.delete(`${ALPHA}/apps/shop`))
    assert.equal((await world.kube.get(MAPS, id, { namespace })).metadata.name, id)
    await done(bella.delete(`${BETA}/attachments/${id}`))
    await assert.rejects(world.kube.get(MAPS, id, { namespace }), { code: 404 })
  })
})

describe('a release', () => {
  const own = { workspace: 'alpha', namespace: 'alpha-prod' }

  before(async () => {
    await done(bella.post(`${BETA}/apps`, helm('secret')))
    const version = `${BETA}/apps/secret/versions/secret-1.0.0`
    await done(bella.post(`${version}/action`, { state: 'active' }))
  })

  it('installs no version of another workspace', async () => {
    const stolen = release('stolen', own, 'secret-1.0.0')
    for (const path of [`${ALPHA}/applications`, `${STORE}/namespaces/alpha-prod/applications`]) {
      const { status, text } = await alice.post(path, stolen)
      assert.equal(status, 500, text)
      assert.match(text, /invalid application version: secret-1.0.0, state: , for/)
    }
    const at = { workspace: 'beta', namespace: 'beta-prod' }
    await done(bella.post(`${BETA}/applications`, release('fine', at, 'secret-1.0.0')))
  })

  it('does not go into a namespace of another workspace, nor into its lists', async () => {
    for (const [path, at] of [
      [`${ALPHA}/applications`, { workspace: 'alpha', namespace: 'beta-prod' }],
      [`${ALPHA}/applications`, { workspace: 'alpha', namespace: 'default' }],
      [
        `${STORE}/namespaces/alpha-prod/applications`,
        { workspace: 'beta', namespace: 'alpha-prod' },
      ],
    ] as const) {
      const { status, text } = await alice.post(path, release('placed', at, 'secret-1.0.0'))
      assert.equal(status, 400, text)
      assert.match(text, /is not one of workspace/)
    }
  })

  it('is brought from anywhere by who sees all applications', async () => {
    await done(admin.post(`${ALPHA}/applications`, release('brought', own, 'secret-1.0.0')))
  })
})

describe('objects of operators', () => {
  it('come without password hashes and credentials', async () => {
    const query = 'group=iam.kubesphere.io&version=v1beta1&resource=users&cluster=host'
    const list = await admin.get(`${STORE}/applications/any/cr?${query}`)
    assert.equal(list.status, 200, list.text)
    assert.ok(list.names.includes('alice'))
    const one = await admin.get(`${STORE}/applications/any/cr/alice?${query}`)
    assert.equal(one.status, 200, one.text)
    for (const { text } of [list, one]) assert.doesNotMatch(text, /\$2[aby]\$|"password"/)
  })
})
