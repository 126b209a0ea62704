import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { composeServices } from '@apollo/composition'
import { composeServices as composeHive } from '@theguild/federation-composition'
import { parse } from 'graphql'
import { ask, serveGraphql } from './double.ts'
import { startGraphWorld, type GraphWorld } from './graph.ts'
import { startExample } from './supergraph.ts'

const cost = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@interfaceObject"])
  type KubernetesObject @key(fields: "id") @interfaceObject { id: ID! monthlyCost: Float }
`

/** The first event of a subscription by server-sent events. */
async function firstEvent(url: string, query: string, token: string): Promise<unknown> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      accept: 'text/event-stream',
      'content-type': 'application/json',
      authorization: `Bearer ${token}`,
    },
    body: JSON.stringify({ query }),
    signal: AbortSignal.timeout(60_000),
  })
  assert.equal(response.status, 200)
  let text = ''
  for await (const chunk of response.body ?? []) {
    text += Buffer.from(chunk).toString()
    const [, data] = /^data: ?(\{.*\})$/m.exec(text) ?? []
    if (data) return JSON.parse(data)
  }
  throw new Error(`no event: ${text}`)
}

describe('the example of a supergraph', () => {
  const stack = new AsyncDisposableStack()
  let world: GraphWorld
  let token: string
  const urls = { apollo: '', hive: '' }

  before(async () => {
    world = stack.use(
      await startGraphWorld({
        config: {
          facade: { graphql: { subgraph: { allow: ['/namespaces', 'iam.kubesphere.io/users'] } } },
        },
      }),
    )
    token = await world.login('admin')
    await ask(`${world.url}/graphql`, '{ namespaces { totalCount } }', { token })
    const { url } = stack.use(await startExample('cost', []))
    const subgraphs = [`ks=${world.url}/graphql`, `cost=${url}`]
    for (const name of ['apollo', 'hive'] as const) {
      urls[name] = stack.use(await startExample(name, subgraphs, { TOKEN: token })).url
    }
  })
  after(() => stack.disposeAsync())

  it('takes the platform with all its kinds, by either composer', async () => {
    const { app } = world
    const { graphql } = app.config.facade
    const subgraph = { allow: ['*/*'], deny: [] }
    const facade = { ...app.config.facade, graphql: { ...graphql, subgraph } }
    await using face = await serveGraphql({ ...app, config: { ...app.config, facade } })
    await ask(face.url, '{ namespaces { totalCount } }', { token })
    const { body } = await ask(face.url, '{ _service { sdl } }', { token })
    const { sdl } = (body.data ?? {})['_service'] as { sdl: string }
    assert.match(sdl, /^type AppsDeployment implements/m)
    const services = [
      { name: 'ks', url: face.url, typeDefs: parse(sdl) },
      { name: 'cost', url: 'http://cost', typeDefs: parse(cost) },
    ]
    for (const compose of [composeServices, composeHive]) {
      const { errors, supergraphSdl } = compose(services)
      assert.deepEqual(errors?.map(({ message }) => message) ?? [], [])
      assert.match(supergraphSdl ?? '', /monthlyCost: Float/)
    }
  })

  for (const name of ['apollo', 'hive'] as const) {
    it(`adds a field to every Kubernetes object behind ${name}’s gateway`, async () => {
      const query = `{
        namespaces(first: 2) { totalCount nodes { metadata { name } monthlyCost } }
        user(name: "admin") { email costCentre object { kind monthlyCost } }
      }`
      const { body } = await ask(urls[name], query, { token })
      assert.equal(body.errors, undefined, JSON.stringify(body.errors))
      const { namespaces, user } = body.data as {
        namespaces: { nodes: { monthlyCost: number }[] }
        user: unknown
      }
      assert.deepEqual(
        namespaces.nodes.map(({ monthlyCost }) => monthlyCost),
        [12.5, 12.5],
      )
      assert.deepEqual(user, {
        email: 'admin@kubesphere.io',
        costCentre: 'centre of admin',
        object: { kind: 'User', monthlyCost: 1 },
      })
    })

    it(`is judged for the user who asks ${name}’s gateway`, async () => {
      const query = '{ user(name: "admin") { email costCentre } }'
      const { body } = await ask(urls[name], query)
      assert.equal(body.data?.['user'] ?? null, null)
      assert.match(JSON.stringify(body.errors), /FORBIDDEN|UNAUTHENTICATED/)
    })
  }

  it('has subscriptions behind Hive’s gateway, the other subgraph’s field with them', async () => {
    const query =
      'subscription { namespacesChanged { type object { metadata { name } monthlyCost } } }'
    const event = await firstEvent(urls.hive, query, token)
    const { data } = event as {
      data?: { namespacesChanged?: { type: string; object: { monthlyCost: number } } }
    }
    const { type, object } = data?.namespacesChanged ?? {}
    assert.deepEqual([type, object?.monthlyCost], ['ADDED', 12.5], JSON.stringify(event))
  })
})
