import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { createGraphql } from '../../gateway/server/graphql/index.ts'
import { account } from '../iam/world.ts'
import { ask, listenOn, type Answer } from './double.ts'
import {
  announce,
  APISERVICES,
  EXTENSIONENTRIES,
  startExtension,
  type ExtensionProcess,
} from './extension/start.ts'
import { startGraphWorld, type GraphWorld } from './graph.ts'

const globalRoles = { group: 'iam.kubesphere.io', version: 'v1beta1', resource: 'globalroles' }
const crds = { group: 'apiextensions.k8s.io', version: 'v1', resource: 'customresourcedefinitions' }
const widgets = { group: 'example.org', version: 'v1', resource: 'widgets' }

const widgetCrd = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'widgets.example.org' },
  spec: {
    group: 'example.org',
    scope: 'Cluster',
    names: { kind: 'Widget', plural: 'widgets', singular: 'widget' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: {
              spec: {
                type: 'object',
                properties: { size: { type: 'integer', format: 'int64' } },
              },
            },
          },
        },
      },
    ],
  },
}

/** Composing takes its time where many tests share a machine. */
const patience = 180_000

const costs = '{ namespaces(first: 2) { nodes { metadata { name } monthlyCost } } }'

type Nodes = { readonly nodes: readonly { monthlyCost: number | null; metadata: object }[] }

const namespacesOf = ({ body }: Answer): Nodes => (body.data ?? {})['namespaces'] as Nodes
const codes = ({ body }: Answer) => (body.errors ?? []).map(({ extensions }) => extensions['code'])

describe('an extension that announces a graph', () => {
  const stack = new AsyncDisposableStack()
  let world: GraphWorld
  let extension: ExtensionProcess
  let url: string
  let skew = 0
  const tokens: Record<string, string> = {}

  const as = (user: string, query: string, options: Parameters<typeof ask>[2] = {}) =>
    ask(url, query, { ...options, token: tokens[user] ?? '' })

  async function data<T>(user: string, query: string): Promise<T> {
    const { body } = await as(user, query)
    assert.equal(body.errors, undefined, JSON.stringify(body.errors))
    return body.data as T
  }

  /** Waits until a document is answered as wanted. */
  async function until(query: string, wanted: (answer: Answer) => boolean): Promise<Answer> {
    const deadline = performance.now() + patience
    for (;;) {
      const answer = await as('admin', query)
      if (wanted(answer)) return answer
      if (performance.now() > deadline) assert.fail(JSON.stringify(answer.body))
      await wait(100)
    }
  }

  const states = '{ graphExtensions { name state message } }'
  const isIn = (name: string, state: string) =>
    until(states, ({ body }) => {
      const all = body.data?.['graphExtensions'] as { name: string; state: string }[] | undefined
      return all?.some((one) => one.name === name && one.state === state) ?? false
    })

  before(async () => {
    // Few kinds, for the time that composing all of them takes.
    const allow = ['/*', 'example.org/*', 'iam.kubesphere.io/*']
    world = stack.use(
      await startGraphWorld({ config: { facade: { graphql: { kinds: { allow } } } } }),
    )
    extension = stack.use(await startExtension())
    const { app, kube } = world
    await kube.create(globalRoles, {
      apiVersion: 'iam.kubesphere.io/v1beta1',
      kind: 'GlobalRole',
      metadata: { name: 'cost-reader' },
      rules: [{ apiGroups: ['cost.io'], resources: ['graphql'], verbs: ['list'] }],
    })
    const rest = await world.as('admin')
    for (const [name, role] of [
      ['ann', 'platform-regular'],
      ['bob', 'cost-reader'],
    ] as const) {
      await rest.post('/kapis/iam.kubesphere.io/v1beta1/users', account(name, role))
    }
    await world.settled()
    for (const name of ['admin', 'ann', 'bob']) tokens[name] = await world.login(name)
    const graphql = stack.use(
      await createGraphql(
        { ...app, ticks: () => performance.now() + skew },
        { extensionTimes: { deadlineMs: 1000, freshMs: 60_000, retryMs: 500 } },
      ),
    )
    graphql.warm()
    url = stack.use(await listenOn(graphql)).url
  })
  after(() => stack.disposeAsync())

  it('is not there before', async () => {
    assert.deepEqual(codes(await as('admin', '{ teams { name } }')), ['GRAPHQL_VALIDATION_FAILED'])
    assert.deepEqual(await data('admin', states), { graphExtensions: [] })
  })

  it('adds a field to every Kubernetes object, and types and fields of its own', async () => {
    await announce(world.kube, 'cost', extension.url)
    await isIn('v1.cost.io', 'JOINED')
    const { namespaces } = await data<{ namespaces: Nodes }>('admin', costs)
    assert.equal(namespaces.nodes.length, 2)
    for (const { monthlyCost } of namespaces.nodes) assert.ok((monthlyCost ?? 0) > 20)
    assert.deepEqual(await data('admin', '{ me { team { name lead { name email } } } }'), {
      me: {
        team: { name: 'team of admin', lead: { name: 'admin', email: 'admin@kubesphere.io' } },
      },
    })
    assert.deepEqual(
      await data('admin', 'mutation { fundTeam(name: "red", by: 2.5) { name budget } }'),
      { fundTeam: { name: 'red', budget: 12.5 } },
    )
  })

  it('takes part in introspection and validation, not in the SDL for composers', async () => {
    const { __type: type } = await data<{ __type: { fields: { name: string }[] } }>(
      'admin',
      '{ __type(name: "Pod") { fields { name } } }',
    )
    assert.ok(type.fields.some(({ name }) => name === 'monthlyCost'))
    const { _service: service } = await data<{ _service: { sdl: string } }>(
      'admin',
      '{ _service { sdl } }',
    )
    assert.doesNotMatch(service.sdl, /monthlyCost|Team\b/)
    const variables = { n: 'two' }
    const wrong = 'query ($n: Int!) { namespaces(first: $n) { nodes { monthlyCost } } }'
    assert.deepEqual(codes(await as('admin', wrong, { variables })), ['BAD_USER_INPUT'])
  })

  it('is asked for by the hash of a document, too', async () => {
    const query = '{ teams { name } me { name } }'
    const sha256Hash = createHash('sha256').update(query).digest('hex')
    const send = async (body: object) => {
      const response = await fetch(url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${tokens['admin']}`,
        },
        body: JSON.stringify({
          ...body,
          extensions: { persistedQuery: { version: 1, sha256Hash } },
        }),
      })
      return (await response.json()) as Answer['body']
    }
    await send({ query })
    const data = { teams: [{ name: 'blue' }], me: { name: 'admin' } }
    assert.deepEqual(await send({}), { data })
  })

  it('answers over a stream of events; subscriptions are the platform’s alone', async () => {
    const events = async (query: string) => {
      const response = await fetch(url, {
        method: 'POST',
        headers: {
          accept: 'text/event-stream',
          'content-type': 'application/json',
          authorization: `Bearer ${tokens['admin']}`,
        },
        body: JSON.stringify({ query }),
      })
      let text = ''
      for await (const chunk of response.body ?? []) {
        text += Buffer.from(chunk).toString()
        const [, found] = /^data: ?(\{.*\})$/m.exec(text) ?? []
        if (found) return JSON.parse(found) as Answer['body']
      }
      return assert.fail(text)
    }
    assert.deepEqual(await events('{ teams { name } }'), { data: { teams: [{ name: 'blue' }] } })
    const { data, errors } = await events(
      'subscription { namespacesChanged { object { metadata { name } monthlyCost } } }',
    )
    const { object } = (data ?? {})['namespacesChanged'] as { object: Record<string, unknown> }
    assert.ok(object['metadata'])
    assert.equal(object['monthlyCost'], null)
    assert.match(errors?.[0]?.message ?? '', /subscription/)
  })

  it('is told who asks as a proxied APIService is, and gets no credentials', async () => {
    const headers = { 'x-remote-user': 'root', 'x-remote-group': 'system:masters' }
    const { body } = await as('bob', '{ asWhom }', { headers })
    const told = JSON.parse(String(body.data?.['asWhom'])) as Record<string, string>
    assert.equal(told['x-remote-user'], 'bob')
    assert.equal(told['x-remote-group'], 'system:authenticated')
    assert.equal(told['authorization'], undefined)
  })

  it('is closed to whom no role lets in, field by field', async () => {
    const refused = await as('ann', '{ me { name team { name } } }')
    assert.deepEqual(refused.body.data, { me: { name: 'ann', team: null } })
    assert.deepEqual(codes(refused), ['FORBIDDEN'])
    assert.equal(refused.body.errors?.[0]?.path?.[0], 'me')
    const stranger = await ask(url, '{ teams { name } }')
    assert.deepEqual(stranger.body.data?.['teams'] ?? null, null)
    assert.deepEqual(codes(stranger), ['FORBIDDEN'])
    // A role that reads does not write.
    assert.deepEqual(await data('bob', '{ teams { name } }'), { teams: [{ name: 'blue' }] })
    const write = 'mutation { fundTeam(name: "red", by: 1) { name } }'
    assert.deepEqual(codes(await as('bob', write)), ['FORBIDDEN'])
  })

  it('leads to nothing of the platform that the caller may not see', async () => {
    const answer = await as('bob', '{ teams { name lead { name email } } }')
    assert.deepEqual(answer.body.data, {
      teams: [{ name: 'blue', lead: { name: 'admin', email: null } }],
    })
    assert.deepEqual(codes(answer), ['FORBIDDEN'])
    assert.deepEqual(codes(await as('bob', states)), ['FORBIDDEN'])
  })

  it('says nothing of the platform’s objects that it was not asked for', async () => {
    const query =
      '{ namespaces(first: 2) { nodes { __typename id metadata { name } monthlyCost } } }'
    const honest = await data('admin', query)
    await extension.behave('lying')
    const answer = await data('admin', query)
    await extension.behave('well')
    assert.deepEqual(answer, honest)
  })

  it('costs its own fields only when it fails, and is left alone after a while', async () => {
    for (const mode of ['broken', 'garbage'] as const) {
      await extension.behave(mode)
      const answer = await as('admin', costs)
      const { nodes } = namespacesOf(answer)
      assert.ok(nodes.every(({ monthlyCost, metadata }) => monthlyCost === null && metadata))
      assert.deepEqual([...new Set(codes(answer))], ['UNAVAILABLE'])
    }
    for (let n = 0; n < 4; n++) await as('admin', costs)
    const before = await extension.behave('well')
    assert.deepEqual([...new Set(codes(await as('admin', costs)))], ['UNAVAILABLE'])
    assert.equal(await extension.behave('well'), before)
    skew += 11_000
    await data('admin', costs)
  })

  it('costs its own fields only when it is slow', async () => {
    const before = await extension.behave('slow')
    const answer = await as('admin', costs)
    const { nodes } = namespacesOf(answer)
    assert.ok(nodes.every(({ monthlyCost, metadata }) => monthlyCost === null && metadata))
    assert.deepEqual([...new Set(codes(answer))], ['DEADLINE_EXCEEDED'])
    const asked = await extension.behave('slow')
    assert.ok(asked > before)
    await data('admin', '{ namespaces(first: 2) { nodes { metadata { name } } } }')
    assert.equal(await extension.behave('well'), asked)
  })

  it('has its field on kinds that come later, whose integers stay whole', async () => {
    await world.kube.create(crds, widgetCrd)
    const query = '{ exampleOrgWidgets { nodes { raw monthlyCost } } }'
    await until(query, ({ body }) => body.errors === undefined)
    await world.kube.stream({
      method: 'POST',
      path: '/apis/example.org/v1/widgets',
      headers: { 'content-type': 'application/json' },
      body: `{ "apiVersion": "example.org/v1", "kind": "Widget", "metadata": { "name": "one" },
        "spec": { "size": 9007199254740993 } }`,
    })
    await until(query, ({ body }) => {
      const { nodes = [] } = (body.data?.['exampleOrgWidgets'] ?? {}) as Partial<Nodes>
      return typeof nodes[0]?.monthlyCost === 'number'
    })
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${tokens['admin']}`,
      },
      body: JSON.stringify({ query }),
    })
    assert.match(await response.text(), /"size":9007199254740993\b/)
    await world.kube.delete(widgets, 'one')
  })

  it('is left out, and says why, when it would take over what is the platform’s or cannot be reached', async () => {
    const sdl = `extend schema
      @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@override"])
      type User @key(fields: "name") { name: String! email: String @override(from: "ks") }`
    let asked = 0
    const thief = createServer((_req, res) => {
      asked++
      res.end(JSON.stringify({ data: { _service: { sdl } } }))
    })
    await new Promise<void>((resolve) => thief.listen(0, '127.0.0.1', resolve))
    stack.defer(() => thief.closeAllConnections())
    stack.defer(() => void thief.close())
    const { port } = thief.address() as AddressInfo
    await announce(world.kube, 'thief', `http://127.0.0.1:${port}`)
    await announce(world.kube, 'gone', 'http://127.0.0.1:1')
    await isIn('v1.gone.io', 'UNREACHABLE')
    const { body } = await isIn('v1.thief.io', 'REFUSED')
    const found = body.data?.['graphExtensions'] as { state: string; message: string }[]
    assert.deepEqual(
      found.map(({ state }) => state),
      ['JOINED', 'UNREACHABLE', 'REFUSED'],
    )
    assert.match(found[2]?.message ?? '', /User\.email/)
    assert.deepEqual(await data('admin', '{ me { email team { name } } }'), {
      me: { email: 'admin@kubesphere.io', team: { name: 'team of admin' } },
    })
    assert.equal(asked, 1)
  })

  it('is gone with its APIService', async () => {
    await world.kube.delete(APISERVICES, 'v1.cost.io')
    await until('{ teams { name } }', (answer) => codes(answer)[0] === 'GRAPHQL_VALIDATION_FAILED')
    await data('admin', '{ namespaces(first: 2) { nodes { metadata { name } } } }')
  })

  it('may be announced by an ExtensionEntry that names its APIService, by whoever may write those', async () => {
    const named = (state: string) => ({
      apiVersion: 'extensions.kubesphere.io/v1alpha1',
      kind: 'ExtensionEntry',
      metadata: { name: 'cost' },
      spec: {
        entries: [{ name: 'menu', title: 'Costs' }, { graphql: { apiService: 'v1.cost.io' } }],
      },
      status: { state },
    })
    const path = '/apis/extensions.kubesphere.io/v1alpha1/extensionentries'
    const ann = await world.as('ann')
    assert.equal((await ann.post(path, named('Available'))).status, 403)
    const admin = await world.as('admin')
    assert.equal((await admin.post(path, named('Available'))).status, 201)
    const { body } = await isIn('v1.cost.io', 'REFUSED')
    assert.match(JSON.stringify(body.data), /ExtensionEntry cost names an APIService/)

    await announce(world.kube, 'cost', extension.url, {})
    await isIn('v1.cost.io', 'JOINED')
    assert.deepEqual(await data('bob', '{ teams { name } }'), { teams: [{ name: 'blue' }] })
    assert.deepEqual(codes(await as('ann', '{ teams { name } }')), ['FORBIDDEN'])
    const told = await data<{ asWhom: string }>('bob', '{ asWhom }')
    assert.match(told.asWhom, /"x-remote-user":"bob"/)

    await world.kube.patch(
      EXTENSIONENTRIES,
      'cost',
      { status: { state: 'Disabled' } },
      { type: 'merge' },
    )
    await until('{ teams { name } }', (answer) => codes(answer)[0] === 'GRAPHQL_VALIDATION_FAILED')
    assert.deepEqual(
      (await data<{ graphExtensions: { name: string }[] }>('admin', states)).graphExtensions
        .map(({ name }) => name)
        .filter((name) => name === 'v1.cost.io'),
      [],
    )
  })
})
