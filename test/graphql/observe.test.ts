import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { pino } from 'pino'
import { ApiError } from '../../gateway/lib/errors.ts'
import { createObserver } from '../../gateway/server/graphql/observe.ts'
import { createMetrics } from '../../gateway/telemetry/index.ts'
import { appDouble, ask, serveGraphql } from './double.ts'

const users = {
  get: {
    name: 'users.get',
    needs: () => ({}),
    run: async (_scope: unknown, { name }: { name: string }) => {
      if (name === 'late') throw new ApiError(504, 'Timeout', 'too late')
      return { metadata: { name }, spec: { email: 'a@example.org' }, status: {} }
    },
  },
}

describe('operations of the graph', () => {
  it('are measured by type and outcome, with what they cost', async () => {
    using metrics = createMetrics()
    await using face = await serveGraphql(appDouble({ metrics, iam: { users } as never }))
    const token = 'good-ann'
    await ask(face.url, 'query Named { user(name: "ann") { name } }', { token })
    await ask(face.url, '{ user(name: "late") { name } }', { token })
    await ask(face.url, '{ nothing }', { token })
    const { body } = await metrics.render()
    const value = (line: string) => new RegExp(`^${line} (\\S+)$`, 'm').exec(body)?.[1]
    const count = 'ks_facade_graphql_operation_seconds_count'
    assert.equal(value(`${count}\\{type="query",code="ok"\\}`), '1')
    assert.equal(value(`${count}\\{type="query",code="DEADLINE_EXCEEDED"\\}`), '1')
    assert.equal(value('ks_facade_graphql_operation_cost_count\\{type="query"\\}'), '2')
    const errors = 'ks_facade_graphql_errors_total'
    assert.equal(value(`${errors}\\{code="GRAPHQL_VALIDATION_FAILED"\\}`), '1')
    assert.doesNotMatch(body, /Named|"ann"/, 'nothing that clients make up')
  })

  it('that are slow are in the log, without what the document says and who asked', async () => {
    const lines: string[] = []
    const log = pino({ level: 'warn' }, { write: (line: string) => void lines.push(line) })
    using metrics = createMetrics()
    const observe = createObserver({ metrics, log, slowSeconds: 1 })
    const operation = {
      type: 'mutation' as const,
      name: 'Set',
      text: 'mutation Set($password: String!) { setPassword(password: $password) { id } }',
      user: 'ann',
      requestId: 'r1',
      cost: 11,
      errors: [],
    }
    observe({ ...operation, seconds: 0.9 })
    observe({ ...operation, type: 'subscription', seconds: 900 })
    assert.deepEqual(lines, [])
    observe({ ...operation, seconds: 1.1 })
    const entry = JSON.parse(lines[0] ?? '{}') as Record<string, unknown>
    assert.equal(entry['requestId'], 'r1')
    assert.equal(entry['operation'], 'Set')
    assert.match(String(entry['document']), /^[0-9a-f]{12}$/)
    assert.doesNotMatch(lines.join(''), /"ann"|setPassword/)
  })
})
