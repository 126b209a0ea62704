import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { KubeObject } from '../../gateway/kube/types.ts'
import { face, upstream } from './support.ts'
import type { Asked, Upstream } from './support.ts'

type Stored = Record<string, KubeObject>

const TEMPLATES = '/apis/tenant.kubesphere.io/v1beta1/workspacetemplates'
const USERS = '/apis/iam.kubesphere.io/v1beta1/users'

const template = (name: string, manager: string): KubeObject => ({
  apiVersion: 'tenant.kubesphere.io/v1beta1',
  kind: 'WorkspaceTemplate',
  metadata: { name, resourceVersion: '7' },
  spec: { template: { spec: { manager } }, placement: { clusters: [{ name: 'host' }] } },
})
const account = (name: string): KubeObject => ({
  apiVersion: 'iam.kubesphere.io/v1beta1',
  kind: 'User',
  metadata: { name, resourceVersion: '7', annotations: { note: 'a' } },
  spec: { email: `${name}@x.io`, password: '$2a$hash' },
  status: { state: 'Active' },
})

/** A merge of the body over what is stored: what a dry run of kube-apiserver would answer. */
async function store(objects: Stored): Promise<Upstream> {
  const bodies = new WeakMap<object, string>()
  const kube: Upstream = await upstream((req, res) => {
    const url = new URL(req.url ?? '', 'http://x')
    const name = url.pathname.split('/')[5] ?? ''
    const current = objects[name]
    const body = kube.seen.at(-1)?.body ?? bodies.get(req) ?? ''
    res.setHeader('content-type', 'application/json')
    if (req.method === 'GET') {
      if (!current) res.writeHead(404).end('{"kind":"Status","code":404,"reason":"NotFound"}')
      else res.end(JSON.stringify(current))
      return
    }
    const given = JSON.parse(body) as KubeObject
    const next = {
      ...current,
      ...given,
      metadata: { name, ...current?.metadata, ...given.metadata },
      spec: { ...(current?.['spec'] as object), ...(given['spec'] as object) },
    }
    res.end(JSON.stringify(next))
  })
  return kube
}

const client = (kube: Upstream) => ({
  async get(_gvr: unknown, name: string): Promise<KubeObject> {
    const { ApiError } = await import('../../gateway/lib/errors.ts')
    const response = await fetch(`${kube.url}/apis/g/v1/things/${name}`)
    if (response.status === 404) throw new ApiError(404, 'NotFound', 'not found')
    return (await response.json()) as KubeObject
  },
})

/** What the stock role of everybody grants: patch on templates, anything on the own account. */
function stock({ user, attributes: a }: Asked): boolean {
  if (user.name === 'admin') return true
  if (a.resource === 'workspacetemplates') {
    return a.verb === 'patch' || (user.name === 'alice' && a.verb === 'update')
  }
  return a.resource === 'users' && a.name === user.name
}

async function send(
  url: string,
  user: string,
  method: string,
  body: object,
  type = 'application/merge-patch+json',
) {
  const response = await fetch(url, {
    method,
    body: JSON.stringify(body),
    headers: { authorization: `Bearer ${user}`, 'content-type': type },
  })
  return { status: response.status, text: await response.text() }
}

const writes = (kube: Upstream) =>
  kube.seen.filter(({ method, url }) => method !== 'GET' && !url.includes('dryRun=All'))

const clusters = [
  {
    apiVersion: 'cluster.kubesphere.io/v1alpha1',
    kind: 'Cluster',
    metadata: { name: 'host' },
  },
  {
    apiVersion: 'cluster.kubesphere.io/v1alpha1',
    kind: 'Cluster',
    metadata: { name: 'far' },
  },
]
const globalroles = [
  {
    apiVersion: 'iam.kubesphere.io/v1beta1',
    kind: 'GlobalRole',
    metadata: { name: 'platform-admin' },
    rules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }],
  },
]

async function setUp(objects: Stored) {
  const kube = await store(objects)
  const app = await face({
    kube,
    allow: stock,
    objects: { clusters, globalroles, clusterrolebindings: [] },
  })
  Object.assign(app.app.clusters.host.client, client(kube))
  return {
    kube,
    url: app.url,
    async [Symbol.asyncDispose]() {
      await app[Symbol.asyncDispose]()
      await kube[Symbol.asyncDispose]()
    },
  }
}

describe('workspace templates through /apis', () => {
  test('hole 3: the stock right to patch does not reach the manager of a workspace', async () => {
    await using run = await setUp({ beta: template('beta', 'bob') })
    const patch = { spec: { template: { spec: { manager: 'eve' } } } }
    const answer = await send(`${run.url}${TEMPLATES}/beta`, 'eve', 'PATCH', patch)
    assert.equal(answer.status, 403)
    assert.match(answer.text, /workspacetemplates\.tenant\.kubesphere\.io \\"beta\\" is forbidden/)
    assert.equal(writes(run.kube).length, 0)
  })

  test('hole 4: an apply cannot create a workspace without the right to create one', async () => {
    await using run = await setUp({})
    const answer = await send(
      `${run.url}${TEMPLATES}/mine?fieldManager=e`,
      'eve',
      'PATCH',
      template('mine', 'eve'),
      'application/apply-patch+yaml',
    )
    assert.equal(answer.status, 403)
    assert.equal(writes(run.kube).length, 0)
  })

  test('whoever may update a template changes it, but for clusters that are not theirs', async () => {
    await using run = await setUp({ beta: template('beta', 'bob') })
    const url = `${run.url}${TEMPLATES}/beta`
    const note = { metadata: { annotations: { note: 'x' } } }
    assert.equal((await send(url, 'alice', 'PATCH', note)).status, 200)
    const placed = { spec: { placement: { clusters: [{ name: 'host' }, { name: 'far' }] } } }
    assert.equal((await send(url, 'alice', 'PATCH', placed)).status, 403)
  })

  test('whoever holds everything patches as before, untouched', async () => {
    await using run = await setUp({ beta: template('beta', 'bob') })
    const patch = { spec: { template: { spec: { manager: 'alice' } } } }
    const answer = await send(`${run.url}${TEMPLATES}/beta`, 'admin', 'PATCH', patch)
    assert.equal(answer.status, 200)
    assert.deepEqual(
      run.kube.seen.map(({ method, url }) => `${method} ${url}`),
      [`PATCH ${TEMPLATES}/beta`],
    )
  })
})

describe('accounts through /apis', () => {
  test('one’s own e-mail may be changed; exactly the judged result is stored, under its version', async () => {
    await using run = await setUp({ eve: account('eve') })
    const answer = await send(`${run.url}${USERS}/eve`, 'eve', 'PATCH', {
      spec: { email: 'n@x.io' },
    })
    assert.equal(answer.status, 200)
    assert.match(answer.text, /n@x\.io/)
    assert.doesNotMatch(answer.text, /hash/)
    const [write] = writes(run.kube)
    assert.equal(write?.method, 'PUT')
    const stored = JSON.parse(write?.body ?? '') as KubeObject
    assert.equal(stored.metadata.resourceVersion, '7')
    assert.deepEqual(stored['spec'], { email: 'n@x.io', password: '$2a$hash' })
  })

  test('groups, links to identity providers, the state and the global role are not one’s own', async () => {
    for (const patch of [
      { spec: { groups: ['admins'] } },
      { metadata: { annotations: { 'iam.kubesphere.io/identity-provider.x': 'boss' } } },
      { metadata: { annotations: { 'iam.kubesphere.io/globalrole': 'platform-admin' } } },
      { status: { state: 'Disabled' } },
    ]) {
      await using run = await setUp({ eve: account('eve') })
      const answer = await send(`${run.url}${USERS}/eve`, 'eve', 'PATCH', patch)
      assert.equal(answer.status, 403, JSON.stringify(patch))
      assert.equal(writes(run.kube).length, 0)
    }
  })

  test('an apply under one’s own name cannot create an account', async () => {
    await using run = await setUp({})
    const answer = await send(
      `${run.url}${USERS}/eve`,
      'eve',
      'PATCH',
      account('eve'),
      'application/apply-patch+yaml',
    )
    assert.equal(answer.status, 403)
    assert.equal(writes(run.kube).length, 0)
  })

  test('a body beyond 4 MiB is refused', async () => {
    await using run = await setUp({ eve: account('eve') })
    const big = { spec: { description: 'x'.repeat(5 * 1024 * 1024) } }
    assert.equal((await send(`${run.url}${USERS}/eve`, 'eve', 'PATCH', big)).status, 413)
  })
})
