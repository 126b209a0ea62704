import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Kind, parse, type OperationDefinitionNode } from 'graphql'
import { defaultConfig } from '../../gateway/config/index.ts'
import { costOf } from '../../gateway/server/graphql/cost.ts'
import { loadSchema } from '../../gateway/server/graphql/schema.ts'
import { defaultLimits, demandSize, measureDocument } from '../../gateway/server/graphql/limits.ts'
import { createGate } from '../../gateway/lib/gate.ts'
import { appDouble, ask, serveGraphql, type Answer as Whole, type Face } from './double.ts'

type Answer = Whole['body']

function codeOf(document: string): unknown {
  try {
    demandSize(measureDocument(document, defaultLimits.tokens).size, defaultLimits)
    return undefined
  } catch (error) {
    return (error as { extensions?: { code?: unknown } }).extensions?.code
  }
}

const nested = (levels: number) => '{ a '.repeat(levels) + '}'.repeat(levels)
const times = (count: number, text: (n: number) => string) =>
  Array.from({ length: count }, (_, n) => text(n)).join(' ')

describe('document limits', () => {
  it('take a document at the limit and refuse one beyond it', () => {
    assert.equal(codeOf(nested(15)), undefined)
    assert.equal(codeOf(nested(16)), 'DEPTH_LIMIT')
    assert.equal(codeOf(`{ ${times(20, () => 'a')} }`), undefined)
    assert.equal(codeOf(`{ ${times(21, () => 'a')} }`), 'ROOT_FIELD_LIMIT')
    assert.equal(codeOf(`{ r { ${times(50, (n) => `a${n}: a`)} } }`), undefined)
    assert.equal(codeOf(`{ r { ${times(51, (n) => `a${n}: a`)} } }`), 'ALIAS_LIMIT')
    assert.equal(codeOf(`{ r { a ${times(50, () => '@d')} } }`), undefined)
    assert.equal(codeOf(`{ r { a ${times(51, () => '@d')} } }`), 'DIRECTIVE_LIMIT')
    assert.equal(codeOf(`{ r { ${times(14_994, () => 'a')} } }`), undefined)
    assert.equal(codeOf(`{ r { ${times(15_001, () => 'a')} } }`), 'TOKEN_LIMIT')
  })

  it('count what fragments hide', () => {
    const deep = `{ ...F } fragment F on Query ${nested(16)}`
    assert.equal(codeOf(deep), 'DEPTH_LIMIT')
    const doubling = times(
      20,
      (n) => `fragment F${n} on Query { r { a: r { ...F${n + 1} } b: r { ...F${n + 1} } } }`,
    )
    assert.equal(codeOf(`{ ...F0 } ${doubling} fragment F20 on Query { a: a }`), 'DEPTH_LIMIT')
    const wide = times(10, (n) => `fragment W${n} on Q { ...W${n + 1} ...W${n + 1} }`)
    assert.equal(codeOf(`{ r { ...W0 } } ${wide} fragment W10 on Q { b: a }`), 'ALIAS_LIMIT')
  })

  it('end for fragments that go in circles', () => {
    assert.equal(codeOf('{ ...A } fragment A on Q { ...B } fragment B on Q { a ...A }'), undefined)
  })

  it('leave introspection its own depth', () => {
    assert.equal(codeOf(`{ __schema ${nested(30)} }`), undefined)
    assert.equal(measureDocument('{ __schema { types { name } } }', 100).introspects, true)
  })
})

describe('requests', () => {
  let face: Face
  before(async () => {
    face = await serveGraphql(appDouble(), { inFlight: 1 })
  })
  after(() => face[Symbol.asyncDispose]())

  it('over a limit are refused with 400 and the limit’s code', async () => {
    const { status, body } = await ask(face.url, nested(16))
    assert.equal(status, 400)
    assert.equal(body.errors?.[0]?.extensions['code'], 'DEPTH_LIMIT')
  })

  it('of one caller are bounded, those of others go on', () => {
    const gate = createGate(2)
    const leave = gate.enter('ann')
    gate.enter('ann')
    assert.throws(() => gate.enter('ann'), { code: 429, reason: 'TooManyRequests' })
    gate.enter('ben')
    leave()
    leave()
    gate.enter('ann')
    assert.throws(() => gate.enter('ann'), { code: 429 })
  })
})

describe('cost', () => {
  const cost = async (source: string, variables: Record<string, unknown> = {}) => {
    const { schema } = await loadSchema()
    const document = parse(source)
    const operation = document.definitions.find(
      (definition): definition is OperationDefinitionNode =>
        definition.kind === Kind.OPERATION_DEFINITION,
    )
    assert.ok(operation)
    return costOf(schema, document, operation, variables)
  }

  it('counts a page in full, what is nested in it as often, and fragments where they are spread', async () => {
    for (const [source, expected, variables] of [
      ['{ me { name } }', 1],
      ['{ users { totalCount } }', 1],
      ['{ users(first: 10) { nodes { name } } }', 11],
      ['query ($n: Int) { users(first: $n) { nodes { name } } }', 21, { n: 20 }],
      ['{ users { nodes { name } } }', 51],
      ['{ users(first: 10) { nodes { name globalRole { name } } } }', 21],
      ['{ workspaces(first: 10) { nodes { projects(first: 10) { nodes { name } } } } }', 121],
      ['{ users(first: 10) { ...P } } fragment P on UserConnection { nodes { name } }', 11],
      ['{ nodes(ids: ["a", "b", "c"]) { id } }', 3],
      ['mutation { deleteResource(ref: { kind: "Pod", name: "x" }) { gone } }', 11],
      [
        'mutation { scaleResource(ref: { kind: "Job", name: "x" }, replicas: 1) { scale { replicas } } }',
        22,
      ],
      ['{ __schema { types { name } } }', 0],
    ] as const) {
      assert.equal(await cost(source, variables), expected, source)
    }
  })

  it('does not run away with nested fragments', async () => {
    const doubling = Array.from(
      { length: 30 },
      (_, n) => `fragment F${n} on Query { ...F${n + 1} ...F${n + 1} }`,
    ).join(' ')
    const total = await cost(`{ ...F0 } ${doubling} fragment F30 on Query { me { name } }`)
    assert.equal(total, 1e9)
  })
})

describe('a server', () => {
  const token = 'good-ann'
  const post = async (url: string, body: unknown, headers: Record<string, string> = {}) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${token}`,
        ...headers,
      },
      body: JSON.stringify(body),
    })
    return { status: response.status, body: (await response.json()) as never }
  }

  it('refuses what costs too much, operations of a batch taken together, and says the cost who asks', async () => {
    await using face = await serveGraphql(appDouble(), {
      limits: { ...defaultLimits, cost: 100, batch: 3 },
    })
    const dear = { query: '{ users(first: 200) { nodes { name } } }' }
    const refused = (await post(face.url, dear)) as { status: number; body: Answer }
    assert.equal(refused.status, 400)
    assert.equal(refused.body.errors?.[0]?.extensions['code'], 'COST_LIMIT')
    const half = { query: '{ users(first: 60) { nodes { name } } }' }
    const both = (await post(face.url, [half, half])) as { body: Answer[] }
    assert.deepEqual(
      both.body.map(({ errors }) =>
        errors?.some(({ extensions }) => extensions['code'] === 'COST_LIMIT'),
      ),
      [false, true],
    )
    const many = (await post(face.url, [half, half, half, half])) as { body: Answer }
    assert.equal(many.body.errors?.[0]?.extensions['code'], 'BATCH_LIMIT')
    const cheap = (await post(face.url, { query: '{ __typename }' }, { 'x-cost': '1' })) as {
      body: unknown
    }
    assert.deepEqual(cheap.body, {
      data: { __typename: 'Query' },
      extensions: { cost: { requested: 0, limit: 100 } },
    })
  })

  it('with a manifest runs its documents, by text or hash, and nothing else', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'ks-facade-trusted-'))
    const query = '{ __typename }'
    const sha256Hash = createHash('sha256').update(query).digest('hex')
    const trustedDocuments = join(folder, 'manifest.json')
    await writeFile(trustedDocuments, JSON.stringify({ [sha256Hash]: query }))
    try {
      const config = defaultConfig({
        facade: { graphql: { trustedDocuments, introspection: false } },
      })
      await using face = await serveGraphql(appDouble({ config }))
      for (const body of [
        { query },
        { extensions: { persistedQuery: { version: 1, sha256Hash } } },
      ]) {
        const answer = (await post(face.url, body)) as { body: Answer }
        assert.deepEqual(answer.body.data, { __typename: 'Query' })
      }
      for (const body of [
        { query: '{ me { name } }' },
        { extensions: { persistedQuery: { version: 1, sha256Hash: '0'.repeat(64) } } },
        {},
      ]) {
        const answer = (await post(face.url, body)) as { status: number; body: Answer }
        assert.equal(answer.status, 400)
        assert.equal(answer.body.errors?.[0]?.extensions['code'], 'UNTRUSTED_DOCUMENT')
      }
      await writeFile(trustedDocuments, JSON.stringify({ abc: query }))
      await assert.rejects(serveGraphql(appDouble({ config })), { name: 'ConfigError' })
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  it('that hides its schema gives nothing of it away', async () => {
    const config = defaultConfig({ facade: { graphql: { introspection: false } } })
    await using face = await serveGraphql(appDouble({ config }))
    const { body } = await ask(face.url, '{ __schema { types { name } } }', { token })
    assert.ok(body.errors && !body.data)
    const near = await ask(face.url, '{ user { name } usrs { totalCount } }', { token })
    assert.doesNotMatch(JSON.stringify(near.body), /Did you mean/)
  })
})
