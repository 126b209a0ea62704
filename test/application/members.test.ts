import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { KubeObject } from '../../gateway/kube/types.ts'
import { login } from '../e2e/http.ts'
import { PASSWORD, startTwoClusters, type TwoClusters } from '../rest/two-clusters.ts'

const STORE = '/kapis/application.kubesphere.io/v2'
const LABEL = 'application.kubesphere.io'
const MAPS = { group: '', version: 'v1', resource: 'configmaps' }
const base64 = (text: string): string => Buffer.from(text).toString('base64')

let two: TwoClusters
let token: string

before(async () => {
  two = await startTwoClusters()
  token = await login(two.host.server.url, 'admin', PASSWORD)
})
after(() => two?.[Symbol.asyncDispose]())

async function ask(path: string, body?: object, method = body ? 'POST' : 'GET') {
  const response = await fetch(two.host.server.url + path, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  const text = await response.text()
  return { status: response.status, text }
}

const yaml = (value: string): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: far, namespace: default}\ndata: {value: ${value}}\n`

function release(value: string, cluster = 'tunnel') {
  return {
    metadata: {
      name: 'far',
      labels: {
        [`${LABEL}/app-id`]: 'conf',
        'kubesphere.io/cluster': cluster,
        'kubesphere.io/workspace': 'system-workspace',
        'kubesphere.io/namespace': 'default',
      },
    },
    spec: {
      appID: 'conf',
      appVersionID: 'conf-1.0.0',
      appType: 'yaml',
      values: base64(yaml(value)),
    },
  }
}

type Map = KubeObject & { data?: { value?: string } }
type Status = { state: string; message?: string; realTimeResources?: KubeObject[] }

/** Status of the release once it is in one of these states; undefined once it is gone. */
async function until(...states: string[]): Promise<Status | undefined> {
  const deadline = performance.now() + 60_000
  for (;;) {
    const { status, text } = await ask(`${STORE}/applications/far`)
    if (status === 404) return undefined
    const found = (JSON.parse(text) as { status: Status }).status
    if (states.includes(found.state)) return found
    assert.ok(performance.now() < deadline, text)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

const maps = async (of: 'host' | 'member'): Promise<Map[]> => {
  const { client } = two[of].app.clusters.host
  const { items } = await client.list<Map>(MAPS, { namespace: 'default' })
  return items.filter(({ metadata }) => metadata.name === 'far')
}

describe('a release in a member cluster', () => {
  it('is applied, shown, upgraded and removed there, and nowhere else', async () => {
    const app = { appType: 'yaml', appName: 'conf', versionName: '1.0.0', repoName: 'upload' }
    const upload = { ...app, package: base64(yaml('one')) }
    assert.equal((await ask(`${STORE}/apps`, upload)).status, 200)
    const action = `${STORE}/apps/conf/versions/conf-1.0.0/action`
    assert.equal((await ask(action, { state: 'active' })).status, 200)

    const made = await ask(`${STORE}/applications`, release('one'))
    assert.equal(made.status, 200, made.text)
    const installed = await until('active', 'failed')
    assert.equal(installed?.state, 'active', installed?.message ?? '')
    assert.equal(installed.realTimeResources?.[0]?.metadata.name, 'far')
    assert.deepEqual(
      (await maps('member')).map(({ data }) => data),
      [{ value: 'one' }],
    )
    assert.deepEqual(await maps('host'), [])

    const again = await ask(`${STORE}/applications/far`, release('two'))
    assert.equal(again.status, 200, again.text)
    const deadline = performance.now() + 60_000
    while (!(await isTwo())) {
      assert.ok(performance.now() < deadline)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }

    assert.equal((await ask(`${STORE}/applications/far`, undefined, 'DELETE')).status, 200)
    assert.equal(await until('none'), undefined)
    assert.deepEqual(await maps('member'), [])
  })

  it('needs the cluster', async () => {
    const refused = await ask(`${STORE}/applications`, release('one', 'unknown'))
    assert.deepEqual(
      [refused.status, refused.text],
      [404, 'Cluster.cluster.kubesphere.io "unknown" not found\n'],
    )
  })
})

async function isTwo(): Promise<boolean> {
  const [map] = await maps('member')
  return map?.data?.value === 'two'
}
