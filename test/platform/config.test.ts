import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { eventually } from '../e2e/http.ts'
import { account, IAM, startWorld, type Caller, type World } from '../iam/world.ts'

const API = '/kapis/config.kubesphere.io/v1alpha2'
const SYSTEM = 'kubesphere-system'
const SECRETS = { group: '', version: 'v1', resource: 'secrets' }
const CONFIG_MAPS = { group: '', version: 'v1', resource: 'configmaps' }
const KEY = 'configuration.yaml'
const base64 = (text: string): string => Buffer.from(text).toString('base64')
const at = { namespace: SYSTEM }

let world: World
let admin: Caller
let pem: string

before(async () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  pem = privateKey.export({ type: 'pkcs1', format: 'pem' })
  const issuer = { signKeyData: base64(pem), jwtSecret: 'secret-of-the-config-tests' }
  world = await startWorld({ config: { authentication: { issuer } } })
  admin = await world.as('admin')
})
after(() => world?.[Symbol.asyncDispose]())

/** As an anonymous caller. */
async function anonymous(path: string): Promise<{ status: number; text: string }> {
  const response = await fetch(world.url + path)
  return { status: response.status, text: await response.text() }
}

function secret(name: string, type: string, data: string, labels: Record<string, string> = {}) {
  return { metadata: { name, labels }, type, data: { [KEY]: base64(data) } }
}

describe('options that clients read', () => {
  it('configz is the many-cluster section, durations in nanoseconds', async () => {
    const { text } = await admin.get(`${API}/configs/configz`)
    assert.equal(
      text,
      [
        '{',
        ' "multicluster": {',
        '  "agentImage": "kubesphere/tower:v1.0",',
        '  "clusterControllerResyncPeriod": 900000000000,',
        '  "hostClusterName": "host",',
        '  "clusterRole": "host"',
        ' }',
        '}',
      ].join('\n'),
    )
  })

  it('oauth has no key and no secret in it, for nobody (holes 26, 27)', async () => {
    const { status, text } = await anonymous(`${API}/configs/oauth`)
    assert.equal(status, 200)
    const told = JSON.parse(text) as {
      issuer: Record<string, unknown>
      clients: Record<string, unknown>[]
      identityProviders: unknown[]
    }
    assert.deepEqual(told.issuer, {
      accessTokenMaxAge: 7_200_000_000_000,
      accessTokenInactivityTimeout: 7_200_000_000_000,
      maximumClockSkew: 10_000_000_000,
    })
    assert.deepEqual(told.identityProviders, [])
    const client = told.clients.find(({ name }) => name === 'kubesphere')
    assert.ok(client && !('secret' in client))
    for (const hidden of [base64(pem), 'PRIVATE KEY', 'secret-of-the-config-tests', '"-"']) {
      assert.ok(!text.includes(hidden), hidden)
    }
  })

  it('a client that is added, changed and taken away is told at once', async () => {
    const type = 'config.kubesphere.io/oauthclient'
    const labels = { 'config.kubesphere.io/type': 'oauthclient' }
    const text = (grant: string) =>
      `name: app9\nsecret: very-secret\ngrantMethod: ${grant}\nredirectURIs: ['https://app9.example.com/cb']\n`
    const shown = async () => {
      const { json } = await admin.get(`${API}/configs/oauth`)
      return (json['clients'] as { name: string; grantMethod: string }[]).find(
        ({ name }) => name === 'app9',
      )
    }
    await world.kube.create(SECRETS, secret('oauthclient-app9', type, text('auto'), labels), at)
    const added = await eventually('added', shown, (one) => one !== undefined)
    assert.deepEqual(added, {
      name: 'app9',
      trusted: false,
      grantMethod: 'auto',
      redirectURIs: ['https://app9.example.com/cb'],
    })
    const data = { [KEY]: base64(text('prompt')) }
    await world.kube.patch(SECRETS, 'oauthclient-app9', { data }, { type: 'merge', ...at })
    await eventually('changed', shown, (one) => one?.grantMethod === 'prompt')
    await world.kube.delete(SECRETS, 'oauthclient-app9', at)
    await eventually('gone', shown, (one) => one === undefined)
  })
})

describe('the theme', () => {
  const path = `${API}/configs/theme`

  it('is empty, then replaced as a whole, and read back at once', async () => {
    assert.equal((await admin.get(path)).text, '{}')
    const first = await admin.put(path, { title: 'A', logo: '<b>' })
    assert.deepEqual(
      [first.status, first.text],
      [200, '{\n "logo": "\\u003cb\\u003e",\n "title": "A"\n}'],
    )
    assert.deepEqual((await admin.get(path)).json, { logo: '<b>', title: 'A' })
    await admin.put(path, { title: 'B' })
    assert.deepEqual((await admin.get(path)).json, { title: 'B' })
  })

  it('lies in its ConfigMap, and what others write there is shown', async () => {
    const name = 'platform-configuration-theme'
    const stored = await world.kube.get(CONFIG_MAPS, name, at)
    assert.deepEqual(stored['data'], { title: 'B' })
    await world.kube.patch(CONFIG_MAPS, name, { data: { title: 'C' } }, { type: 'merge', ...at })
    await eventually(
      'C',
      () => admin.get(path),
      ({ json }) => json['title'] === 'C',
    )
    await world.kube.patch(CONFIG_MAPS, name, { data: null }, { type: 'merge', ...at })
    await eventually(
      'null',
      () => admin.get(path),
      ({ text }) => text === 'null',
    )
  })

  it('is text by text; keys are those of a ConfigMap', async () => {
    assert.equal((await admin.put(path, { title: 1 })).status, 400)
    assert.equal((await admin.put(path, ['x'])).status, 400)
    assert.equal((await admin.put(path, { 'no key': 'x' })).status, 500)
  })
})

describe('named configurations', () => {
  const path = `${API}/platformconfigs`
  const config = (name: string, data: unknown, more: object = {}) => ({
    kind: 'GenericPlatformConfiguration',
    apiVersion: 'config.kubesphere.io/v1alpha2',
    metadata: { name, ...more },
    data,
  })
  const merge = (name: string, body: unknown, type = 'application/merge-patch+json') =>
    admin.patch(`${path}/${name}`, body, type)

  it('are created once, and lie in a Secret with sorted keys', async () => {
    const body = config(
      'gadget',
      { zone: 1, enabled: true, list: [{ b: 1, a: 2 }] },
      { labels: { a: 'b' } },
    )
    const made = await admin.post(path, body)
    assert.equal(made.status, 200, made.text)
    assert.deepEqual(made.json.metadata.labels, { a: 'b' }, 'said back')
    assert.match(made.text, /"data": \{\s+"enabled": true,\s+"list"/)
    const again = await admin.post(path, body)
    assert.deepEqual(
      [again.status, again.text],
      [409, 'secrets "io.kubesphere.config.platformconfig.gadget" already exists\n'],
    )
    const name = 'io.kubesphere.config.platformconfig.gadget'
    const stored = await world.kube.get(SECRETS, name, at)
    assert.equal(stored['type'], 'config.kubesphere.io/generic-platform-config')
    assert.equal(stored.metadata.labels, undefined)
    const { [KEY]: text = '' } = stored['data'] as Record<string, string>
    assert.equal(
      Buffer.from(text, 'base64').toString(),
      'enabled: true\nlist:\n  - a: 2\n    b: 1\nzone: 1\n',
    )
    const shown = await admin.get(`${path}/gadget`)
    assert.deepEqual(Object.keys(shown.json.metadata), [
      'name',
      'uid',
      'resourceVersion',
      'creationTimestamp',
    ])
  })

  it('are refused in the original’s words and order', async () => {
    const cases: [body: object, text: string][] = [
      [{}, 'invalid kind: \n'],
      [{ ...config('x', 1), apiVersion: 'v1' }, 'invalid apiVersion: v1\n'],
      [config('Not A Name', 1), 'invalid config name: Not A Name\n'],
      [config('a.b', 1), 'invalid config name: a.b\n'],
      [config('a'.repeat(64), 1), `invalid config name: ${'a'.repeat(64)}\n`],
    ]
    for (const [body, text] of cases) {
      const answer = await admin.post(path, body)
      assert.deepEqual([answer.status, answer.text], [400, text])
    }
    const missing = await admin.get(`${path}/none`)
    assert.deepEqual([missing.status, missing.text], [404, 'platform config none not found\n'])
    const put = await admin.put(`${path}/none`, config('none', 1))
    assert.deepEqual(
      [put.status, put.text],
      [404, 'secrets "io.kubesphere.config.platformconfig.none" not found\n'],
    )
    assert.equal((await admin.get(path)).status, 405)
    assert.equal((await merge('gadget', {}, 'application/json')).status, 415)
  })

  it('are merged as RFC 7386 says; without data nothing is written', async () => {
    const { json: before } = await admin.get(`${path}/gadget`)
    const same = await merge('gadget', { metadata: { name: 'other' } })
    assert.equal(same.json.metadata.resourceVersion, before.metadata.resourceVersion)
    const merged = await merge('gadget', { data: { zone: null, more: { x: 1 } } })
    assert.deepEqual(merged.json['data'], { enabled: true, list: [{ a: 2, b: 1 }], more: { x: 1 } })
    const other = await merge('gadget', { data: 'text' })
    assert.equal(other.json['data'], 'text')
    await admin.put(`${path}/gadget`, config('gadget', null))
    const none = await merge('gadget', { data: { a: 1 } })
    assert.deepEqual([none.status, none.text], [400, 'Invalid JSON Document\n'])
  })

  it('are read by everybody who is logged in, written by administrators, and deleted', async () => {
    await admin.post(`${IAM}/users`, account('reader', 'platform-regular'))
    const reader = await world.as('reader')
    assert.equal((await reader.get(`${path}/gadget`)).status, 200)
    assert.equal((await reader.put(`${path}/gadget`, config('gadget', 1))).status, 403)
    const gone = await admin.delete(`${path}/gadget`)
    assert.deepEqual(gone.json, { message: 'success' })
    assert.equal((await admin.delete(`${path}/gadget`)).status, 404)
  })

  it('other Secrets of the namespace are none of them', async () => {
    const name = 'io.kubesphere.config.platformconfig.fake'
    await world.kube.create(SECRETS, secret(name, 'Opaque', 'secret: x'), at)
    assert.equal((await admin.get(`${path}/fake`)).status, 404)
    assert.equal((await admin.delete(`${path}/fake`)).status, 404)
  })
})

describe('ways to connect clusters', () => {
  const path = `${API}/clusterconnectionconfigurations`

  it('are the Secrets of their type, and no other Secret (hole 26)', async () => {
    assert.equal((await admin.get(path)).text, '[]')
    const type = 'config.kubesphere.io/cluster-connection-config'
    for (const name of ['zeta', 'alpha'])
      await world.kube.create(SECRETS, secret(name, type, `kind: ${name}`), at)
    const names = async () => {
      const { text } = await admin.get(path)
      return (JSON.parse(text) as { metadata: { name: string } }[]).map(
        ({ metadata }) => metadata.name,
      )
    }
    await eventually('both', names, (found) => found.length === 2)
    assert.deepEqual(await names(), ['alpha', 'zeta'])
    const one = await admin.get(`${path}/alpha`)
    assert.deepEqual(
      [one.json['kind'], one.json['data']],
      ['ClusterConnectionConfiguration', { kind: 'alpha' }],
    )
    const client = await admin.get(`${path}/oauthclient-kubesphere`)
    assert.deepEqual(
      [client.status, client.text],
      [404, 'cluster connection config oauthclient-kubesphere not found\n'],
    )
    const bad = await admin.get(`${path}/a.b`)
    assert.deepEqual([bad.status, bad.text], [404, 'platform config a.b not found\n'])
  })
})

describe('ingress classes of a project', () => {
  const scopes = {
    group: 'gateway.kubesphere.io',
    version: 'v1alpha2',
    resource: 'ingressclassscopes',
  }
  const path = (namespace: string) =>
    `/kapis/gateway.kubesphere.io/v1alpha2/namespaces/${namespace}/availableingressclassscopes`
  const names = async (namespace: string) => {
    const { text } = await admin.get(path(namespace))
    const found = JSON.parse(text) as { metadata: { name: string } }[] | null
    return (found ?? []).map(({ metadata }) => metadata.name).toSorted()
  }

  it('are those whose scope covers it, with the address of their gateway', async () => {
    assert.equal((await admin.get(path('default'))).text, 'null')
    await world.kube.create(
      { group: '', version: 'v1', resource: 'services' },
      {
        metadata: { name: 'gate' },
        spec: { type: 'LoadBalancer', ports: [{ name: 'http', port: 80 }] },
      },
      { namespace: 'default' },
    )
    const scope = (name: string, of: object, annotations = {}) =>
      world.kube.create(scopes, {
        apiVersion: 'gateway.kubesphere.io/v1alpha2',
        kind: 'IngressClassScope',
        metadata: { name, annotations },
        spec: { scope: of, ingressClass: { name, default: false } },
      })
    await scope('everyone', {}, { 'gateway.kubesphere.io/service-name': 'default/gate' })
    await scope('named', { namespaces: ['default'], namespaceSelector: 'no=match' })
    await scope('selected', { namespaceSelector: 'kubernetes.io/metadata.name=kube-system' })
    await scope(
      'broken',
      { namespaceSelector: '((' },
      { 'gateway.kubesphere.io/service-name': 'odd' },
    )
    await eventually(
      'all four',
      () => names('default'),
      (found) => found.length === 3,
    )
    assert.deepEqual(await names('default'), ['broken', 'everyone', 'named'])
    assert.deepEqual(await names('kube-system'), ['broken', 'everyone', 'selected'])
    const { text } = await admin.get(path('default'))
    const everyone = (
      JSON.parse(text) as { metadata: { name: string }; status: { service: object[] } }[]
    ).find(({ metadata }) => metadata.name === 'everyone')
    assert.deepEqual(
      everyone?.status.service.map((port) => (port as { port: number }).port),
      [80],
    )
  })
})
