import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { buildSchema, parse, printSchema, type GraphQLSchema } from 'graphql'
import type { App } from '../../gateway/context/app.ts'
import { composeGraphs } from '../../gateway/server/graphql/extensions/compose.ts'
import {
  createExtensions,
  usualExtensionTimes,
} from '../../gateway/server/graphql/extensions/index.ts'
import { joinAdditions } from '../../gateway/server/graphql/extensions/merge.ts'
import { projected } from '../../gateway/server/graphql/extensions/project.ts'
import { startSupergraph } from '../../gateway/server/graphql/extensions/thread.ts'
import { loadSchema } from '../../gateway/server/graphql/schema.ts'
import { createLogger } from '../../gateway/telemetry/index.ts'
import { fixedCaches } from '../rest/support.ts'

const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [
  "@key", "@shareable", "@override", "@inaccessible", "@interfaceObject", "@external", "@requires"
])\n`

const { sdl: platform } = await loadSchema()

/** What one extension with this SDL comes to. */
const composed = (sdl: string) => composeGraphs(platform, [{ id: 'e0', sdl: link + sdl }])

describe('an extension in the supergraph', () => {
  it('adds types, and fields by our keys, which may be null on what is ours', () => {
    const { additions, refused } = composed(`
      type User @key(fields: "name") { name: String! email: String @external
        team: Team! label: String! @requires(fields: "email") }
      type Team { name: String! lead: User! }
      type Query { teams: [Team!]! }
      type Subscription { ticks: Int }
    `)
    assert.deepEqual(refused, [])
    assert.match(additions, /extend type User \{\s+team: Team\s+label: String\s+\}/)
    assert.match(additions, /type Team \{\s+name: String!\s+lead: User!\s+\}/)
    assert.match(additions, /teams: \[Team!\]\n/)
    assert.doesNotMatch(additions, /ticks|email/)
  })

  it('adds a field to every Kubernetes object', () => {
    const { additions } = composed(`
      type KubernetesObject @key(fields: "id") @interfaceObject { id: ID! cost: Float! }
    `)
    assert.match(additions, /extend interface KubernetesObject \{\s+cost: Float\s+\}/)
    assert.match(additions, /extend type GenericObject \{\s+cost: Float\s+\}/)
  })

  const refused: Record<string, string> = {
    'is not SDL': 'type User {',
    'overrides a field': `type User @key(fields: "name") { name: String! email: String @override(from: "ks") }`,
    'overrides a root field': `type Query { me: User @override(from: "ks") }
      type User @key(fields: "name") { name: String! }`,
    'resolves a field of ours': `type User @key(fields: "name") { name: String! email: String }`,
    'says that a field of ours is everybody’s': `
      type User @key(fields: "name") { name: String! email: String @shareable }`,
    'resolves a field of every object': `
      type KubernetesObject @key(fields: "id") @interfaceObject { id: ID! kind: String! }`,
    'hides a type': `type User @key(fields: "name") @inaccessible { name: String! nick: String }
      type Query { one: Int }`,
    'hides a field': `type User @key(fields: "name") { name: String! @inaccessible nick: String }`,
    'narrows an input': `input ResourceFilter { name: String }
      type Query { some(filter: ResourceFilter): Int }`,
    'has a type of ours without its key': `type User { name: String! } type Query { one: User }`,
    'asks for what we do not have': `
      type User @key(fields: "name") { name: String! shoe: Int @external nick: String @requires(fields: "shoe") }`,
  }
  for (const [what, sdl] of Object.entries(refused)) {
    it(`is left out when it ${what}`, () => {
      const { supergraph, additions, refused: left } = composed(sdl)
      assert.equal(supergraph, undefined, additions)
      assert.equal(left.length, 1)
      assert.ok(left[0]?.message)
    })
  }

  it('leaves the others in when it does not fit, the first of two that clash among them', () => {
    const extensions = [
      'type Query { a: Int }',
      'type',
      'type Query { a: Int }',
      'type Query { b: Int }',
    ]
    const { additions, refused: left } = composeGraphs(
      platform,
      extensions.map((sdl, n) => ({ id: `e${n}`, sdl: link + sdl })),
    )
    assert.deepEqual(left.map(({ id }) => id).sort(), ['e1', 'e2'])
    assert.match(additions, /a: Int\s+b: Int/)
  })
})

describe('what extensions add', () => {
  const base = `
    interface Thing { id: ID }
    type Cup implements Thing { id: ID }
    type Query { cup: Cup thing: Thing }
  `
  const additions = parse(`
    extend interface Thing { cost: Float }
    extend type Cup { cost: Float maker: Maker }
    type Maker { name: String cups: [Cup] }
    extend type Query { makers: [Maker] lost: Gone }
    type Gone { at: Int }
  `)

  it('is beside what was there, and only documents with some of it need an extension', () => {
    const schema = buildSchema(base)
    const joined = joinAdditions(schema, additions)
    assert.equal(printSchema(schema), printSchema(buildSchema(base)))
    const touches = (text: string) => joined.touches(parse(text))
    assert.equal(touches('{ cup { id } thing { id __typename } }'), false)
    assert.equal(touches('{ cup { cost: id } }'), false)
    for (const text of [
      '{ cup { cost } }',
      '{ thing { ... on Cup { maker { name } } } }',
      '{ makers { name } }',
      '{ thing { cost } }',
    ]) {
      assert.equal(touches(text), true, text)
    }
  })

  it('fits a newer schema: new types of an interface have its fields, and ours wins', () => {
    const newer = `${base}
      type Plate implements Thing { id: ID }
      extend type Cup { maker: String }
      type Gone { since: Int }
    `
    const { schema } = joinAdditions(buildSchema(newer), additions)
    const text = printSchema(schema)
    assert.match(text, /type Plate implements Thing \{\s+id: ID\s+cost: Float\s+\}/)
    assert.match(text, /maker: String/)
    assert.match(text, /type Gone \{\s+since: Int\s+\}/)
  })
})

describe('an answer of an extension', () => {
  it('is what was asked for, and nothing else', () => {
    const document = parse(`query { a: one { b ...F } many { c } none { d } }
      fragment F on X { ... on Y { c { e } } }`)
    const lies = JSON.parse('{ "__proto__": { "x": 1 }, "more": 2 }') as object
    const given = {
      a: { b: { any: 1 }, c: { e: 2, ...lies }, ...lies },
      many: [{ c: 3, ...lies }, 4, null],
    }
    assert.deepEqual(projected({ ...given, ...lies, none: 5 }, document), {
      a: { b: { any: 1 }, c: { e: 2 } },
      many: [{ c: 3 }, null, null],
      none: null,
    })
  })
})

describe('without extensions', () => {
  it('the schema is the platform’s own, and nothing is composed', async () => {
    const schema = buildSchema('type Query { one: Int }')
    const told = Promise.withResolvers<readonly string[]>()
    let changed: ((of: GraphQLSchema) => void) | undefined
    const base = {
      schema,
      kinds: [],
      hash: 'h',
      start: () => {},
      ready: async () => {},
      onChange(listener: (of: GraphQLSchema) => void) {
        changed = listener
        return () => {}
      },
      [Symbol.dispose]: () => {},
    }
    const app = {
      log: createLogger({ level: 'silent' }),
      now: Date.now,
      metrics: { graphExtensions: told.resolve, observeUpstream: () => {} },
      clusters: { host: { caches: fixedCaches({ apiservices: [] }) } },
    }
    const done = { data: { one: 1 } }
    await using extensions = createExtensions({
      app: app as unknown as App,
      live: base,
      execute: () => done,
      platformSdl: () => assert.fail('the SDL is of no use'),
      report: () => {},
      times: usualExtensionTimes,
    })
    changed?.(schema)
    assert.deepEqual(await told.promise, [])
    assert.equal(extensions.live.schema, schema)
    assert.equal(extensions.live.hash, 'h')
    const document = parse('{ one }')
    assert.equal(await extensions.execute({ schema, document }, '{ one }'), done)
  })
})

describe('the thread of a supergraph', () => {
  const extension = { id: 'e0', sdl: `${link}type Query { teams: [String!] }` }
  const never = new Promise<never>(() => {})
  const operation = {
    query: '{ teams }',
    operationName: undefined,
    mutates: false,
    variables: {},
    ask: () => never,
  }

  it('runs operations by asking for their parts, gives up with them, and ends when it must', async () => {
    const supergraph = await startSupergraph(
      { platform, extensions: [extension] },
      new AbortController().signal,
    )
    const { signal } = new AbortController()
    const answer = await supergraph.run({
      ...operation,
      signal,
      ask: async ({ subgraph, query }) => {
        assert.deepEqual([subgraph, query.replaceAll(/\s+/g, ' ').trim()], ['e0', '{ teams }'])
        return { data: { teams: ['blue'] } }
      },
    })
    assert.deepEqual(answer, { data: { teams: ['blue'] } })
    const gone = new AbortController()
    const asked = Promise.withResolvers<void>()
    const left = supergraph.run({
      ...operation,
      signal: gone.signal,
      ask: () => {
        asked.resolve()
        return never
      },
    })
    await asked.promise
    gone.abort(new Error('the client is gone'))
    await assert.rejects(left, /the client is gone/)
    const open = supergraph.run({ ...operation, signal })
    await supergraph[Symbol.asyncDispose]()
    await assert.rejects(open, { code: 503 })
    await supergraph.ended
    await assert.rejects(supergraph.run({ ...operation, signal }), { code: 503 })
  })
})
