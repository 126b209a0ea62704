import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import type { App } from '../../gateway/context/app.ts'
import type { KubeClient } from '../../gateway/kube/api.ts'
import type { KubeObject } from '../../gateway/kube/types.ts'
import { currentScope } from '../../gateway/telemetry/index.ts'
import { account } from '../iam/world.ts'
import { ask, serveGraphql } from './double.ts'
import { startGraphWorld, type GraphWorld } from './graph.ts'

/** Counts what a client is asked while the request `id` runs: what the platform does by itself meanwhile is none of it. */
function countCalls(client: KubeClient): { take(id: string): string[] } {
  const counted = new Map<string, string[]>()
  const methods = ['stream', 'json', 'get', 'list', 'create', 'update', 'patch', 'delete'] as const
  for (const method of methods) {
    const original = client[method].bind(client) as (...args: unknown[]) => unknown
    const counting = (...args: unknown[]): unknown => {
      const [first] = args as [{ resource?: string; path?: string }]
      const path = first.path ?? ''
      const id = currentScope()?.id
      // Discovery and health of the process are nobody's request, whoever comes upon them.
      if (id !== undefined && !/^\/(?:openapi|apis?$)/.test(path)) {
        const calls = counted.get(id) ?? []
        calls.push(`${method} ${first.resource ?? path}`)
        counted.set(id, calls)
      }
      return original(...args)
    }
    Object.assign(client, { [method]: counting })
  }
  return {
    take(id) {
      const taken = counted.get(id) ?? []
      counted.delete(id)
      return taken
    },
  }
}

const gvr = (group: string, resource: string) => ({ group, version: 'v1', resource })

function pod(namespace: string, name: string, owner: KubeObject, node: string): KubeObject {
  return {
    metadata: {
      name,
      namespace,
      labels: { app: 'web' },
      ownerReferences: [
        {
          apiVersion: 'apps/v1',
          kind: 'ReplicaSet',
          name: owner.metadata.name ?? '',
          uid: owner.metadata.uid ?? '',
          controller: true,
        },
      ],
    },
    spec: { nodeName: node, containers: [{ name: 'c', image: 'busybox' }] },
  }
}

interface Row {
  readonly shape: string
  readonly query: string
  readonly variables?: object
  /** Upstream calls with warm caches, and with none. */
  readonly warm: number
  readonly live?: number
}

describe('upstream calls of the graph', () => {
  let world: GraphWorld
  let token: string
  let counter: ReturnType<typeof countCalls>
  const urls = { warm: '', live: '' }
  const stack = new AsyncDisposableStack()
  const ids: Record<string, unknown>[] = []

  async function serve(app: App): Promise<string> {
    return stack.use(await serveGraphql(app)).url
  }

  before(async () => {
    world = stack.use(await startGraphWorld())
    const { app, kube } = world
    const rest = await world.as('admin')
    for (const name of ['ann', 'bob', 'cid']) {
      await rest.post('/kapis/iam.kubesphere.io/v1beta1/users', account(name, 'platform-regular'))
    }
    await world.settled()
    for (const name of ['node-a', 'node-b', 'node-c']) {
      await kube.create(gvr('', 'nodes'), { metadata: { name } })
    }
    for (const namespace of ['one', 'two']) {
      await kube.create(gvr('', 'namespaces'), { metadata: { name: namespace } })
      await kube
        .create(gvr('', 'serviceaccounts'), { metadata: { name: 'default', namespace } })
        .catch(() => {})
      const template = {
        metadata: { labels: { app: 'web' } },
        spec: { containers: [{ name: 'c', image: 'busybox' }] },
      }
      const spec = { replicas: 0, selector: { matchLabels: { app: 'web' } }, template }
      const set = await kube.create<KubeObject>(gvr('apps', 'replicasets'), {
        metadata: { name: 'web', namespace },
        spec,
      })
      for (let n = 0; n < 25; n++) {
        const made = pod(namespace, `web-${n}`, set, `node-${'abc'.charAt(n % 3)}`)
        const { metadata } = await kube.create<KubeObject>(gvr('', 'pods'), made)
        ids.push({
          __typename: 'Pod',
          cluster: 'host',
          metadata: { namespace, name: metadata.name },
        })
      }
      await kube.create(gvr('', 'services'), {
        metadata: { name: 'web', namespace },
        spec: { selector: { app: 'web' }, ports: [{ port: 80 }] },
      })
    }
    const live = { allow: ['*/*'] }.allow
    const facade = { ...app.config.facade, graphql: { ...app.config.facade.graphql, live } }
    urls.warm = await serve(app)
    urls.live = await serve({ ...app, config: { ...app.config, facade } })
    token = await world.login('admin')
    counter = countCalls(app.clusters.host.client)
  })
  after(() => stack.disposeAsync())

  async function calls(url: string, query: string, variables: object = {}): Promise<string[]> {
    const id = randomUUID()
    const { body } = await ask(url, query, { token, variables, headers: { 'x-request-id': id } })
    assert.deepEqual(body.errors, undefined, query)
    return counter.take(id)
  }

  const rows: Row[] = [
    {
      shape: 'a page of pods',
      query: '{ pods(first: 50) { nodes { metadata { name } } } }',
      warm: 0,
      live: 1,
    },
    {
      shape: 'a page of pods, sorted as a whole, with its total',
      query:
        '{ pods(first: 50, orderBy: [{ by: NAME }]) { totalCount nodes { metadata { name } } } }',
      warm: 0,
      live: 1,
    },
    {
      shape: '50 pods in two namespaces with their owners',
      query: '{ pods(namespace: "one", first: 50) { nodes { owner { metadata { name } } } } }',
      warm: 0,
      live: 2,
    },
    {
      shape: 'pods of two namespaces with their events',
      query: '{ pods(first: 50) { nodes { metadata { namespace } events { totalCount } } } }',
      warm: 0,
      live: 3,
    },
    {
      shape: 'pods with their nodes, of which there are three',
      query: '{ pods(namespace: "one") { nodes { node { metadata { labels } } } } }',
      warm: 0,
      live: 4,
    },
    {
      shape: 'a set, its pods, their events',
      query: `{ appsReplicaSet(namespace: "one", name: "web") {
        owned(kinds: ["pods"]) { nodes { events { totalCount } } } } }`,
      warm: 0,
      live: 3,
    },
    {
      shape: 'what a set owns, two levels deep, among two kinds',
      query: `{ appsReplicaSet(namespace: "one", name: "web") {
        owned(kinds: ["pods", "replicasets.apps"], depth: 2) { totalCount } } }`,
      warm: 0,
      live: 3,
    },
    {
      shape: 'pods by an owner of their owners',
      query:
        '{ pods(namespace: "one", filter: { owner: { kind: "Job", depth: 2 } }) { totalCount } }',
      warm: 0,
      live: 3,
    },
    {
      shape: 'services of a namespace with the pods that they select',
      query: `{ services(namespace: "one", first: 20) {
        nodes { selectedPods(first: 50) { totalCount nodes { metadata { name } } } } } }`,
      warm: 0,
      live: 2,
    },
    {
      shape: 'pods of a namespace with their services',
      query: '{ pods(namespace: "one") { nodes { services { metadata { name } } } } }',
      warm: 0,
      live: 2,
    },
    {
      shape: 'sets of two namespaces with their scales, each of which is asked for',
      query: '{ appsReplicaSets { nodes { scale { replicas } } } }',
      warm: 2,
      live: 3,
    },
    {
      shape: 'accounts with role and memberships',
      query: '{ users(first: 50) { nodes { globalRole { name } memberships { roleName } } } }',
      warm: 0,
    },
    {
      shape: 'workspaces with projects and members',
      query:
        '{ workspaces(first: 20) { nodes { projects { totalCount } members { totalCount } } } }',
      warm: 0,
    },
    {
      shape: 'verdicts',
      query: `{ me { can(attributes: [${'{ verb: "get", resource: "pods" } '.repeat(20)}]) { allowed } }
        kinds { allowed } }`,
      warm: 0,
      live: 0,
    },
    {
      shape: 'counts of nodes',
      query: '{ kubeNodes { totalCount } }',
      warm: 0,
      live: 1,
    },
  ]

  for (const { shape, query, variables, warm, live } of rows) {
    it(`${shape}: ${warm} with warm caches${live === undefined ? '' : `, ${live} without`}`, async () => {
      await calls(urls.warm, query, variables)
      const asked = await calls(urls.warm, query, variables)
      assert.equal(asked.length, warm, asked.join('\n'))
      if (live === undefined) return
      await calls(urls.live, '{ kinds { kind } }')
      const upstream = await calls(urls.live, query, variables)
      assert.equal(upstream.length, live, upstream.join('\n'))
    })
  }

  it('entities: 100 pods of a namespace by their keys: 0 with warm caches, 1 without', async () => {
    const query = `query ($of: [_Any!]!) { _entities(representations: $of) {
      ... on Pod { metadata { name } } } }`
    // A key that leads nowhere is as good for the count.
    const of = Array.from({ length: 100 }, (_, n) => ({
      __typename: 'Pod',
      cluster: 'host',
      metadata: { namespace: 'one', name: `web-${n}` },
    }))
    assert.deepEqual(await calls(urls.warm, query, { of }), [])
    const upstream = await calls(urls.live, query, { of })
    assert.equal(upstream.length, 1, upstream.join('\n'))
    const { body } = await ask(urls.warm, query, { token, variables: { of } })
    const found = body.data?.['_entities'] as ({ metadata: { name: string } } | null)[]
    assert.deepEqual(
      found.map((pod) => pod?.metadata.name ?? null),
      of.map(({ metadata }, n) => (n < 25 ? metadata.name : null)),
    )
  })

  it('entities: each is judged for who asks, and refused at its place', async () => {
    const query = `query ($of: [_Any!]!) { _entities(representations: $of) {
      ... on Pod { metadata { name } } ... on User { email } } }`
    const of = [ids[0], { __typename: 'User', name: 'ann' }, { __typename: 'User', name: 'bob' }]
    const ann = await world.login('ann')
    const { body } = await ask(urls.warm, query, { token: ann, variables: { of } })
    assert.deepEqual(body.data, { _entities: [null, { email: 'ann@example.com' }, null] })
    assert.deepEqual(
      body.errors
        ?.map(({ path, extensions }) => `${path?.join(' ')} ${String(extensions['code'])}`)
        .toSorted(),
      ['_entities 0 FORBIDDEN', '_entities 2 FORBIDDEN'],
    )
  })

  it('entities: 100 accounts: 0', async () => {
    const of = Array.from({ length: 100 }, (_, n) => ({
      __typename: 'User',
      name: ['ann', 'bob', 'cid'][n % 3],
    }))
    const query =
      'query ($of: [_Any!]!) { _entities(representations: $of) { ... on User { name } } }'
    assert.deepEqual(await calls(urls.warm, query, { of }), [])
  })

  it('one write: 1, and another where the document asks whether anything changed', async () => {
    const metadata = { name: 'one', namespace: 'one' }
    const write = (name: string, input: string, args: string, fields: string) =>
      calls(
        urls.warm,
        `mutation ($input: ${input}!) { ${name}(input: $input${args}) { ${fields} } }`,
        { input: { metadata, data: { a: '1' } } },
      )
    const names = 'object { metadata { name } }'
    const create = await write('createConfigMap', 'ConfigMapInput', '', `${names} changed`)
    assert.equal(create.length, 1, create.join('\n'))
    const how = ', options: { fieldManager: "test" }'
    const apply = await write('applyConfigMap', 'ConfigMapInput', how, names)
    assert.equal(apply.length, 1, apply.join('\n'))
    const compared = await write('applyConfigMap', 'ConfigMapInput', how, `${names} changed`)
    assert.equal(compared.length, 2, compared.join('\n'))
    const scale = `mutation { scaleAppsReplicaSet(
      target: { namespace: "one", name: "web" }, replicas: 0) { scale { replicas } object { id } } }`
    assert.equal((await calls(urls.warm, scale)).length, 1)
    const gone = `mutation { deleteConfigMap(target: { namespace: "one", name: "one" }) { gone } }`
    assert.equal((await calls(urls.warm, gone)).length, 1)
  })

  it('nothing is read because a type has a field', async () => {
    const { kinds } = (
      await ask(urls.live, '{ kinds(filter: { verb: "list" }) { listField } }', { token })
    ).body.data as { kinds: { listField: string | null }[] }
    for (const { listField } of kinds) {
      if (!listField) continue
      const asked = await calls(urls.live, `{ ${listField}(first: 2) { nodes { kind } } }`)
      assert.equal(asked.length, 1, `${listField}: ${asked.join(', ')}`)
    }
  })
})
