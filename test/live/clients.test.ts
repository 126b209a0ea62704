import assert from 'node:assert/strict'
import { after, before, describe, it, type TestContext } from 'node:test'
import { account, eventually, PASSWORD } from '../iam/world.ts'
import { startGraphWorld, type GraphWorld } from '../graphql/graph.ts'
import {
  answerOf,
  clientKinds,
  type ClientKind,
  type Connected,
  type Operation,
} from './clients.ts'
import { openedSocket } from './socket.ts'

const MAPS = { group: '', version: 'v1', resource: 'configmaps' }
const NAMESPACES = { group: '', version: 'v1', resource: 'namespaces' }
const CRDS = {
  group: 'apiextensions.k8s.io',
  version: 'v1',
  resource: 'customresourcedefinitions',
}
const USERS = { group: 'iam.kubesphere.io', version: 'v1beta1', resource: 'users' }

const create =
  'mutation($object: JSON!) { createResource(object: $object) { object { metadata { name } } } }'
const read = `query($in: String!, $name: String!) {
  configMaps(namespace: $in, filter: { names: [$name] }) { nodes { metadata { name } data } } }`
const follow = `subscription($in: String!) { configMapsChanged(namespaces: [$in], onlySelected: false) {
  type object { metadata { uid name resourceVersion } } } }`

interface Change {
  readonly type: string
  readonly object: { metadata: { uid: string; name: string; resourceVersion: string } } | null
}

const map = (namespace: string, name: string, data: Record<string, string> = {}) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { namespace, name },
  data,
})

let world: GraphWorld

before(async () => {
  world = await startGraphWorld()
})
after(() => world?.[Symbol.asyncDispose]())

/** Events of a watch up to one that `last` is true of. */
async function until(watch: Operation, last: (change: Change) => boolean): Promise<Change[]> {
  const changes: Change[] = []
  for (;;) {
    const { data } = await watch.next()
    const change = data?.['configMapsChanged'] as Change
    changes.push(change)
    if (last(change)) return changes
  }
}

const synced = ({ type }: Change) => type === 'SYNCED'
const named = (name: string) => (change: Change) => change.object?.metadata.name === name

/** What a query says of a config map, once caches have heard of it. */
function readable(client: Connected, namespace: string, name: string) {
  return eventually(
    async () => (await answerOf(client, read, { in: namespace, name })).data,
    (answer) => JSON.stringify(answer ?? null).includes(name),
  )
}

/** Running subscriptions of a field, as the metrics have them. */
async function subscriptions(field: string): Promise<number> {
  const text = await (await fetch(`${world.url}/metrics`)).text()
  const line = new RegExp(`^ks_facade_graphql_subscriptions\\{field="${field}"\\} (\\d+)$`, 'm')
  return Number(line.exec(text)?.[1] ?? 0)
}

async function person(name: string): Promise<string> {
  await world.kube.create(USERS, account(name, 'platform-regular'))
  await world.settled()
  const token = await eventually(
    () => world.login(name).catch(() => ''),
    (answer) => answer !== '',
  )
  assert.notEqual(token, '')
  return token
}

/** What ends a connection of `client`: 4403 for a socket, an error for a stream. */
async function cut(kind: ClientKind, watch: Operation, reason: string): Promise<void> {
  const { close, errors } = await watch.ended
  if (kind.socket) assert.deepEqual(close, { code: 4403, reason })
  else {
    assert.equal(errors?.[0]?.extensions?.code, 'UNAUTHENTICATED')
    assert.equal(errors[0]?.message, reason)
  }
}

for (const [index, kind] of clientKinds.entries()) {
  describe(`${kind.name} against the embedded platform`, () => {
    const namespace = `client-${index}`
    let client: Connected

    before(async () => {
      const metadata = { name: namespace }
      await world.kube.create(NAMESPACES, { apiVersion: 'v1', kind: 'Namespace', metadata })
      client = await kind.connect(`${world.url}/graphql`, await world.login('admin'))
    })
    after(() => client?.[Symbol.asyncDispose]())

    it('writes by a mutation what a query then reads, half a megabyte and every character of it', async () => {
      const text = `\u0000 "quoted" \\ ü 漢 😀\u2028\r\n${'x'.repeat(500_000)}`.slice(1)
      const object = map(namespace, 'written', { text })
      const made = await answerOf(client, create, { object })
      assert.deepEqual(made.data, {
        createResource: { object: { metadata: { name: 'written' } } },
      })
      const data = await readable(client, namespace, 'written')
      assert.deepEqual(data, {
        configMaps: { nodes: [{ metadata: { name: 'written' }, data: { text } }] },
      })
    })

    it('is told what is wrong with an operation, and goes on', async () => {
      for (const [query, code] of [
        ['{ nothing }', 'GRAPHQL_VALIDATION_FAILED'],
        ['query($name: ID!) { user(name: $name) { name } }', 'BAD_USER_INPUT'],
        [`${'{ a '.repeat(16)}${'}'.repeat(16)}`, 'DEPTH_LIMIT'],
      ] as const) {
        const { data, errors } = await answerOf(client, query)
        assert.deepEqual([data, errors?.[0]?.extensions?.code], [undefined, code])
      }
      const partly = await answerOf(
        client,
        create.replace('createResource', 'made: createResource'),
        { object: map('nowhere', 'x') },
      )
      assert.equal(partly.errors?.[0]?.extensions?.code, 'NOT_FOUND')
    })

    it('answers each of many operations at once with its own answer', async () => {
      const total = 200
      const together = 25
      let begun = 0
      const worker = async () => {
        while (begun < total) {
          const n = begun++
          const { data } = await answerOf(client, `{ a${n}: __typename }`)
          assert.deepEqual(data, { [`a${n}`]: 'Query' })
        }
      }
      await Promise.all(Array.from({ length: together }, worker))
    })

    it('follows a kind: what is there, SYNCED, then each change; folded, that is the list', async () => {
      await world.kube.create(MAPS, map(namespace, 'before'))
      await readable(client, namespace, 'before')
      const watch = client.start(follow, { in: namespace })
      const seen = await until(watch, synced)
      assert.ok(seen.some(named('before')))
      await answerOf(client, create, { object: map(namespace, 'during') })
      await world.kube.patch(MAPS, 'before', { data: { a: 'b' } }, { namespace, type: 'merge' })
      await world.kube.delete(MAPS, 'during', { namespace })
      await world.kube.create(MAPS, map(namespace, 'last'))
      const changes = await until(watch, named('last'))
      assert.deepEqual(
        changes.map(({ type, object }) => `${type} ${object?.metadata.name}`),
        ['ADDED during', 'MODIFIED before', 'DELETED during', 'ADDED last'],
      )
      const folded = new Map<string, string>()
      for (const { type, object } of [...seen, ...changes]) {
        if (!object) continue
        const { uid, name, resourceVersion } = object.metadata
        if (type === 'DELETED') folded.delete(uid)
        else folded.set(uid, `${name} ${resourceVersion}`)
      }
      const { items } = await world.kube.list(MAPS, { namespace })
      assert.deepEqual(
        [...folded.values()].toSorted(),
        items.map(({ metadata: m }) => `${m.name} ${m.resourceVersion}`).toSorted(),
      )
      watch.stop()
    })

    it('stops one subscription, and the server with it, while another goes on', async () => {
      const field = 'configMapsChanged'
      await eventually(
        () => subscriptions(field),
        (count) => count === 0,
      )
      const kept = client.start(follow, { in: namespace })
      const dropped = client.start(follow, { in: namespace })
      await Promise.all([until(kept, synced), until(dropped, synced)])
      assert.equal(await subscriptions(field), 2)
      dropped.stop()
      assert.equal(
        await eventually(
          () => subscriptions(field),
          (count) => count === 1,
        ),
        1,
      )
      await world.kube.create(MAPS, map(namespace, 'after-stop'))
      await until(kept, named('after-stop'))
      kept.stop()
      assert.equal(
        await eventually(
          () => subscriptions(field),
          (count) => count === 0,
        ),
        0,
      )
    })

    it('is refused what its user may not see, by a query and by a subscription', async () => {
      await using stranger = await kind.connect(
        `${world.url}/graphql`,
        await person(`stranger-${index}`),
      )
      const { errors } = await answerOf(stranger, read, { in: namespace, name: 'written' })
      assert.equal(errors?.[0]?.extensions?.code, 'FORBIDDEN')
      const { errors: ends } = await stranger.start(follow, { in: namespace }).ended
      assert.equal(ends?.[0]?.extensions?.code, 'FORBIDDEN')
    })

    it('is cut when its login ends: by a logout, a new password, and when the account is disabled', async (t) => {
      const rest = await world.as('admin')
      const ways: [string, string, (name: string, token: string) => Promise<unknown>][] = [
        [
          'logout',
          'the login is over',
          (_name, token) => world.withToken(token).get('/oauth/logout'),
        ],
        [
          'password',
          'the password was changed',
          (name) =>
            rest.put(`/kapis/iam.kubesphere.io/v1beta1/users/${name}/password`, {
              currentPassword: PASSWORD,
              password: `${PASSWORD}-2`,
            }),
        ],
        [
          'disabled',
          'the account was disabled',
          (name) =>
            world.kube.patch(USERS, name, { status: { state: 'Disabled' } }, { type: 'merge' }),
        ],
      ]
      const one = async ([way, reason, end]: (typeof ways)[number]) => {
        const name = `${way}-${index}`
        const token = await person(name)
        await using own = await kind.connect(`${world.url}/graphql`, token)
        const watch = own.start('subscription { schemaChanged { kinds } }')
        await watch.next()
        await end(name, token)
        await told(t, `${kind.name}: cut after ${way}`, cut(kind, watch, reason))
      }
      await Promise.all(ways.map(one))
    })
  })
}

describe('the server', () => {
  const group = 'live.example.com'
  const crd = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `comets.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { plural: 'comets', singular: 'comet', kind: 'Comet', listKind: 'CometList' },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: {
            openAPIV3Schema: {
              type: 'object',
              properties: {
                spec: { type: 'object', properties: { size: { type: 'integer' } } },
              },
            },
          },
        },
      ],
    },
  }

  it('ends a subscription with SCHEMA_CHANGED when what it asks for vanishes; others go on', async () => {
    const token = await world.login('admin')
    await using client = await clientKinds[0].connect(`${world.url}/graphql`, token)
    const versions = client.start('subscription { schemaChanged { hash kinds } }')
    const { data: at } = await versions.next()
    await world.kube.create(CRDS, crd)
    const named = '{ __schema { types { name } } }'
    const types = async () => {
      const { data } = await answerOf(client, named)
      const schema = data?.['__schema'] as { types: { name: string }[] } | undefined
      return schema?.types.map(({ name }) => name).find((name) => name.endsWith('Comet'))
    }
    const type = await eventually(types, (name) => name !== undefined)
    assert.notDeepEqual((await versions.next()).data, at)
    const kept = client.start(follow, { in: 'default' })
    const lost = client.start(`subscription { resourcesChanged(kind: { kind: "ConfigMap" }) {
      type object { ... on ${type} { spec { size } } } } }`)
    await Promise.all([until(kept, synced), lost.next()])
    await world.kube.delete(CRDS, crd.metadata.name)
    const { errors } = await lost.ended
    assert.equal(errors?.[0]?.extensions?.code, 'SCHEMA_CHANGED')
    await versions.next()
    await world.kube.create(MAPS, map('default', 'after-the-comet'))
    await until(kept, ({ type: what }) => what === 'ADDED')
  })

  it('completes what runs when it stops, and closes sockets with 1001', async () => {
    const token = await world.login('admin')
    const [socket, , stream] = clientKinds
    await using one = await socket.connect(`${world.url}/graphql`, token)
    await using other = await stream.connect(`${world.url}/graphql`, token)
    await using raw = await openedSocket(`${world.url}/graphql`, token)
    const watches = [one, other].map((client) => client.start(follow, { in: 'default' }))
    await Promise.all(watches.map((watch) => until(watch, synced)))
    await world[Symbol.asyncDispose]()
    for (const watch of watches) assert.deepEqual(await watch.ended, {})
    assert.deepEqual(await raw.closed, { code: 1001, reason: 'the server is stopping' })
  })
})

/** Says how long something took. */
async function told(t: TestContext, what: string, wait: Promise<void>): Promise<void> {
  const started = performance.now()
  await wait
  t.diagnostic(`${what} within ${Math.round(performance.now() - started)} ms`)
}
