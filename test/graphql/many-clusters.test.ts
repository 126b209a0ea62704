import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { defaultConfig } from '../../gateway/config/index.ts'
import type { App } from '../../gateway/context/app.ts'
import { memberContext } from '../../gateway/context/index.ts'
import type { RequestContext } from '../../gateway/context/types.ts'
import type { Operation } from '../../gateway/domain/operation.ts'
import { createBreakers } from '../../gateway/lib/breaker.ts'
import { fakeCluster } from '../resources/support.ts'
import { appDouble, ask, serveGraphql, type Answer } from './double.ts'
import { clustersOf, node, refusing, startMember, type Member } from './members.ts'

interface Result {
  cluster: string
  ok: boolean
  code: string | null
  message: string | null
  count: number | null
  durationMs: number
  freshness: string | null
}

interface Page {
  edges: { cursor: string; cluster: string; node: { metadata: { name: string } } }[]
  totalCount: number | null
  pageInfo: { hasNextPage: boolean; endCursor: string | null }
  clusterResults: Result[]
}

const document = `query ($clusters: [String!], $first: Int, $after: String, $ms: Int, $order: [ResourceOrder!], $filter: ResourceFilter) {
  resources(kind: { kind: "Node" }, clusters: $clusters, first: $first, after: $after, clusterTimeoutMs: $ms, orderBy: $order, filter: $filter) {
    edges { cursor cluster node { metadata { name } } }
    totalCount
    pageInfo { hasNextPage endCursor }
    clusterResults { cluster ok code message count durationMs freshness }
  }
}`

/** Who is logged in sees all clusters, as an administrator of a real platform does. */
function everyCluster(names: () => readonly string[], hangs: () => boolean): Pick<App, 'tenant'> {
  const list: Operation<object, unknown> = {
    name: 'tenant.clusters.list',
    needs: () => ({ verb: 'list' }) as never,
    run: async (_scope, args) => {
      // Roles in a member that hangs are never known.
      if (hangs() && (args as { roleBindingExists?: boolean }).roleBindingExists) {
        await new Promise(() => {})
      }
      return { items: names().map((name) => ({ metadata: { name } })), totalItems: 0 }
    },
  }
  return { tenant: { clusters: { list } } } as unknown as Pick<App, 'tenant'>
}

describe('a list over many clusters', () => {
  const stack = new AsyncDisposableStack()
  const members: Member[] = []
  let url = ''
  let clock = 0
  let hangs = false

  const query = (variables: object, token = 'good-ann'): Promise<Answer> =>
    ask(url, document, { variables, token })
  async function page(variables: object): Promise<Page> {
    const { body } = await query(variables)
    assert.equal(body.errors, undefined, JSON.stringify(body.errors))
    return body.data?.['resources'] as Page
  }
  const verdicts = ({ clusterResults }: Page) =>
    Object.fromEntries(clusterResults.map(({ cluster, code }) => [cluster, code ?? 'ok']))
  const named = (name: string): Member => {
    const found = members.find((member) => member.name === name)
    assert.ok(found)
    return found
  }

  before(async () => {
    for (let n = 1; n <= 9; n++) {
      const nodes = Array.from({ length: n }, (_, k) =>
        node(`node-${k}-of-${n}`, `2026-01-0${n}T0${k}:00:00Z`),
      )
      members.push(stack.use(await startMember(`member-${n}`, nodes)))
    }
    const double = appDouble({
      config: defaultConfig({}),
      clusters: clustersOf([node('node-0-of-0'), node('node-1-of-0')], members),
      ticks: () => clock,
      ...everyCluster(
        () => (hangs ? ['member-1'] : ['host', ...members.map(({ name }) => name)]),
        () => hangs,
      ),
    })
    url = stack.use(await serveGraphql(double)).url
  })
  beforeEach(() => {
    clock += 60_000
    hangs = false
    for (const member of members) {
      member.answer = undefined
      member.expired = false
      member.asked.length = 0
    }
  })
  after(() => stack.disposeAsync())

  it('has everything of every cluster exactly once over its pages, each cluster asked once a page', async () => {
    const seen: string[] = []
    let pages = 0
    for (let after: string | null = null, more = true; more; pages++) {
      const found: Page = await page({ clusters: ['*'], first: 7, after })
      seen.push(
        ...found.edges.map(({ cluster, node: { metadata } }) => `${cluster} ${metadata.name}`),
      )
      assert.equal(found.totalCount, 47)
      assert.ok(found.clusterResults.every(({ ok }) => ok))
      after = found.pageInfo.endCursor
      more = found.pageInfo.hasNextPage
    }
    const names = seen.map((text) => text.split(' ')[1] ?? '')
    const sorted = names.toSorted((a, b) => (a < b ? -1 : 1))
    assert.deepEqual(names, sorted, 'by name')
    assert.equal(new Set(seen).size, 47)
    assert.equal(pages, 7)
    for (const { asked } of members) assert.ok(asked.length <= pages, String(asked.length))
    assert.ok(
      members.every(({ asked }) => asked.every(({ what }) => !/limit=(?!7\b|1?\d\b)/.test(what))),
    )
  })

  it('shows each member the caller’s own credentials, and no stranger to any', async () => {
    await page({ clusters: ['member-1'] })
    assert.deepEqual(named('member-1').asked, [
      { what: 'GET /api/v1/nodes?limit=50', authorization: 'Bearer good-ann' },
    ])
    const { body } = await query({ clusters: ['member-2'] }, '')
    assert.equal(body.errors?.[0]?.extensions['code'], 'UNAUTHENTICATED')
    assert.equal(named('member-2').asked.length, 0)
  })

  it('of ten with one hung, one 401, one 503, one of another version, one gone answers in time with a verdict each', async () => {
    named('member-2').answer = () => {}
    named('member-3').answer = refusing(401, 'Unauthorized')
    named('member-4').answer = refusing(503)
    named('member-5').answer = refusing(404)
    named('member-6').answer = refusing(403, 'Forbidden')
    named('member-7').answer = (req) => req.socket.destroy()
    const found = await page({ clusters: ['*', 'gone'], ms: 1000 })
    assert.deepEqual(verdicts(found), {
      host: 'ok',
      'member-1': 'ok',
      'member-2': 'DEADLINE_EXCEEDED',
      'member-3': 'UNAUTHENTICATED',
      'member-4': 'CLUSTER_UNREACHABLE',
      'member-5': 'SCHEMA_DIFFERS',
      'member-6': 'FORBIDDEN',
      'member-7': 'CLUSTER_UNREACHABLE',
      'member-8': 'ok',
      'member-9': 'ok',
      gone: 'CLUSTER_NOT_FOUND',
    })
    assert.equal(found.edges.length, 2 + 1 + 8 + 9)
    assert.equal(found.totalCount, null, 'nobody knows how many there are')
    for (const { ok, count, message, freshness } of found.clusterResults) {
      assert.equal(ok, message === null)
      assert.equal(ok, count !== null, 'never "0 items, ok"')
      assert.equal(ok, freshness !== null)
      assert.doesNotMatch(message ?? '', /127\.0\.0\.1/)
    }
  })

  it('gives objects that stay in their cluster: by id, by their fields, by their relations', async () => {
    const text = `{ resources(kind: { kind: "Node" }, cluster: "member-1") {
      freshness nodes { id cluster yaml owner { id } } } }`
    const { body } = await ask(url, text, { token: 'good-ann' })
    assert.equal(body.errors, undefined, JSON.stringify(body.errors))
    const { freshness, nodes } = (body.data ?? {})['resources'] as {
      freshness: string
      nodes: { id: string; cluster: string }[]
    }
    assert.equal(freshness, 'LIVE')
    assert.equal(nodes[0]?.cluster, 'member-1')
    const again = await ask(url, 'query ($id: ID!) { node(id: $id) { id } }', {
      token: 'good-ann',
      variables: { id: nodes[0]?.id },
    })
    assert.deepEqual(again.body.data, { node: { id: nodes[0]?.id } })
    assert.ok(
      named('member-1').asked.every(({ authorization }) => authorization === 'Bearer good-ann'),
    )
  })

  it('never runs for a member what this process would answer by itself', async () => {
    const ctx = { signal: new AbortController().signal } as RequestContext
    const there = memberContext(ctx, fakeCluster(), createBreakers({ now: () => 0 }))
    const own: Operation<object, string> = {
      name: 'iam.users.list',
      needs: () => ({ verb: 'list' }) as never,
      run: async () => 'everything',
    }
    await assert.rejects(there.call(own, {}), /not for members/)
  })

  it('does without clusters of which nobody can tell in time whether the caller has a role there', async () => {
    hangs = true
    const found = await page({ clusters: ['*'], ms: 200 })
    assert.deepEqual(verdicts(found), { host: 'ok', 'member-1': 'ok' })
  })

  it('goes on where a cluster stood that failed before', async () => {
    const first = await page({ clusters: ['member-3', 'member-4'], first: 4 })
    named('member-4').answer = refusing(503)
    const second = await page({
      clusters: ['member-3', 'member-4'],
      first: 2,
      after: first.pageInfo.endCursor,
    })
    assert.equal(verdicts(second)['member-4'], 'CLUSTER_UNREACHABLE')
    named('member-4').answer = undefined
    const third = await page({
      clusters: ['member-3', 'member-4'],
      after: second.pageInfo.endCursor,
    })
    const names = [first, second, third].flatMap(({ edges }) =>
      edges.map(({ node: { metadata } }) => metadata.name),
    )
    assert.equal(names.length, 7)
    assert.equal(new Set(names).size, 7)
  })

  it('goes on behind a token that has expired', async () => {
    const member = named('member-9')
    const first = await page({ clusters: ['member-9'], first: 5 })
    member.answer = (_req, res) => {
      member.answer = undefined
      const body = {
        kind: 'Status',
        status: 'Failure',
        reason: 'Expired',
        code: 410,
        message: 'too old',
        metadata: { continue: 'node-4-of-9+' },
      }
      res.writeHead(410, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    }
    const second = await page({ clusters: ['member-9'], after: first.pageInfo.endCursor })
    assert.deepEqual(
      second.edges.map(({ node: { metadata } }) => metadata.name),
      ['node-5-of-9', 'node-6-of-9', 'node-7-of-9', 'node-8-of-9'],
    )
  })

  it('sorts and filters over all of them', async () => {
    const order = [{ by: 'CREATED_AT', direction: 'DESC' }]
    const found = await page({ clusters: ['*'], order, first: 3, filter: { name: 'node-1' } })
    assert.deepEqual(
      found.edges.map(({ node: { metadata } }) => metadata.name),
      ['node-1-of-9', 'node-1-of-8', 'node-1-of-7'],
    )
    assert.equal(found.totalCount, 9)
  })

  it('fails where every cluster does, says so by the first, and takes no other pages', async () => {
    named('member-3').answer = refusing(401, 'Unauthorized')
    const { body } = await query({ clusters: ['member-3'] })
    const [error] = body.errors ?? []
    assert.equal(error?.extensions['code'], 'UNAUTHENTICATED')
    assert.equal(error.extensions['cluster'], 'member-3')
    const codes = async (args: string) => {
      const text = `{ resources(kind: { kind: "Node" }, clusters: ["host"], ${args}) { totalCount } }`
      const { body: answer } = await ask(url, text, { token: 'good-ann' })
      return answer.errors?.[0]?.extensions['code']
    }
    assert.equal(await codes('last: 2'), 'UNSUPPORTED_IN_LIVE_MODE')
    assert.equal(await codes('page: 2'), 'UNSUPPORTED_IN_LIVE_MODE')
    assert.equal(await codes('cluster: "host"'), 'BAD_USER_INPUT')
    assert.equal(await codes('clusterTimeoutMs: 5'), 'BAD_USER_INPUT')
    const other = await page({ clusters: ['host'], first: 1 })
    const mixed = await query({ clusters: ['*'], after: other.pageInfo.endCursor })
    assert.equal(mixed.body.errors?.[0]?.extensions['code'], 'CURSOR_MISMATCH')
  })

  it('waits for nobody who failed five times, and tries again after ten seconds', async () => {
    const member = named('member-8')
    member.answer = refusing(503)
    for (let n = 0; n < 5; n++) await query({ clusters: ['host', 'member-8'] })
    assert.equal(member.asked.length, 5)
    const open = await page({ clusters: ['host', 'member-8'] })
    assert.equal(verdicts(open)['member-8'], 'CLUSTER_UNREACHABLE')
    assert.equal(member.asked.length, 5, 'not asked')
    member.answer = undefined
    clock += 10_000
    assert.equal(verdicts(await page({ clusters: ['host', 'member-8'] }))['member-8'], 'ok')
  })
})
