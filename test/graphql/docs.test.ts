import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { after, before, describe, it } from 'node:test'
import type { ErrorCode } from '../../resolvers/errors.ts'
import { account } from '../iam/world.ts'
import { startGraphWorld, type Graph, type GraphWorld } from './graph.ts'

interface Example {
  readonly query: string
  readonly variables: object
}

const page = resolve(import.meta.dirname, '../../docs/graphql.md')

/** Documents of the page, each with the variables behind it. */
function examplesOf(markdown: string): Example[] {
  const pair = /^```graphql\n([\s\S]*?)^```\n\n```json\n([\s\S]*?)^```$/gm
  return [...markdown.matchAll(pair)].map(([, query = '', variables = '{}']) => ({
    query,
    variables: JSON.parse(variables) as object,
  }))
}

/** Every code of the vocabulary; the compiler holds the list to the type. */
const codes: Record<ErrorCode, true> = {
  UNAUTHENTICATED: true,
  FORBIDDEN: true,
  NOT_FOUND: true,
  ALREADY_EXISTS: true,
  CONFLICT: true,
  INVALID: true,
  BAD_USER_INPUT: true,
  CURSOR_MISMATCH: true,
  CURSOR_EXPIRED: true,
  UNSUPPORTED_IN_LIVE_MODE: true,
  UNSUPPORTED_MEDIA_TYPE: true,
  METHOD_NOT_SUPPORTED: true,
  TOO_MANY_REQUESTS: true,
  CLUSTER_NOT_FOUND: true,
  CLUSTER_NOT_READY: true,
  CLUSTER_UNREACHABLE: true,
  DEADLINE_EXCEEDED: true,
  TOKEN_LIMIT: true,
  DEPTH_LIMIT: true,
  ALIAS_LIMIT: true,
  ROOT_FIELD_LIMIT: true,
  DIRECTIVE_LIMIT: true,
  COST_LIMIT: true,
  BATCH_LIMIT: true,
  UNTRUSTED_DOCUMENT: true,
  PERSISTED_QUERY_NOT_FOUND: true,
  SCHEMA_CHANGED: true,
  SLOW_CONSUMER: true,
  UNAVAILABLE: true,
  EXTENSION_ERROR: true,
  INTERNAL_SERVER_ERROR: true,
}

describe('docs/graphql.md', () => {
  let world: GraphWorld
  let ann: Graph
  let text: string

  before(async () => {
    text = await readFile(page, 'utf8')
    world = await startGraphWorld()
    const admin = await world.as('admin')
    for (const name of ['ann', 'bob']) {
      await admin.post('/kapis/iam.kubesphere.io/v1beta1/users', account(name, 'platform-regular'))
    }
    await admin.post('/kapis/tenant.kubesphere.io/v1beta1/workspacetemplates', {
      metadata: { name: 'crew' },
      spec: {
        template: { spec: { manager: 'ann' } },
        placement: { clusters: [{ name: 'host' }] },
      },
    })
    ann = await world.graph('ann')
    const input = { workspace: 'crew', name: 'deck' }
    const create =
      'mutation ($input: CreateProjectInput!) { createProject(input: $input) { project { id } } }'
    await ann.data(create, { input })
    await world.settled()
  })
  after(() => world?.[Symbol.asyncDispose]())

  it('shows documents that work as they stand', async () => {
    const [before = '', after = ''] = text.split('## What administrators do')
    const admin = await world.graph('admin')
    for (const [graph, part, least] of [
      [ann, before, 13],
      [admin, after, 5],
    ] as const) {
      const examples = examplesOf(part)
      assert.ok(examples.length >= least, `only ${examples.length} examples found`)
      for (const { query, variables } of examples) {
        const data = await graph.data<Record<string, unknown>>(query, variables)
        for (const [field, value] of Object.entries(data)) assert.ok(value, `${field}\n${query}`)
      }
    }
  })

  it('lists every code that an error can have', () => {
    for (const code of Object.keys(codes)) assert.match(text, new RegExp(`\`${code}\``), code)
  })
})
