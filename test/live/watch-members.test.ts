import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { describe, test } from 'node:test'
import { pino } from 'pino'
import type { WatchEvent, WatchScope } from '../../gateway/domain/live/index.ts'
import { memberAccess } from '../../gateway/kube/member-access.ts'
import { ApiError } from '../../gateway/lib/errors.ts'
import { httpServer, plainTarget, until } from '../kube/support.ts'
import { MAPS, Model, next } from './watch-model.ts'

const object = (name: string, resourceVersion: string) => ({
  metadata: { name, namespace: 'left', uid: `uid-${name}`, resourceVersion },
})

/** A member's ks-apiserver as far as config maps go: it knows one token, and says what a test wants. */
async function startMember() {
  const stack = new AsyncDisposableStack()
  const asked: string[] = []
  const watches: ServerResponse[] = []
  const member = {
    asked,
    watches,
    refuse: undefined as number | undefined,
    say: (type: string, name: string, version: string) =>
      watches.at(-1)?.write(`${JSON.stringify({ type, object: object(name, version) })}\n`),
    scope: undefined as unknown as WatchScope,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
  const server = stack.use(
    await httpServer((req, res) => {
      const { pathname, searchParams } = new URL(req.url ?? '/', 'http://member')
      const watch = searchParams.get('watch') === 'true'
      asked.push(`${watch ? 'watch' : 'list'} ${pathname}`)
      res.setHeader('content-type', 'application/json')
      const code = req.headers.authorization === 'Bearer good-ann' ? member.refuse : 401
      if (code) {
        const reason = code === 401 ? 'Unauthorized' : 'Forbidden'
        const status = { kind: 'Status', status: 'Failure', code, reason, message: `no: ${code}` }
        return void res.writeHead(code).end(JSON.stringify(status))
      }
      if (watch) {
        watches.push(res)
        return res.flushHeaders()
      }
      const metadata = { resourceVersion: '10' }
      const items = [object('there', '7')]
      res.end(JSON.stringify({ kind: 'ConfigMapList', apiVersion: 'v1', metadata, items }))
    }),
  )
  const target = stack.use(plainTarget(server.url))
  const cluster = memberAccess({
    route: { kind: 'member', name: 'far', target, serviceProxy: false },
    authorization: 'Bearer good-ann',
    log: pino({ level: 'silent' }),
    now: Date.now,
    readTimeout: 5000,
  })
  using model = new Model()
  member.scope = { ...model.scope(), cluster, may: async () => true, demand: async () => {} }
  return member
}

const told = ({ type, cluster, object: shown }: WatchEvent) =>
  [cluster, type, shown?.object.metadata.name].filter(Boolean).join(' ')

describe('several clusters in one subscription', () => {
  test('tell their objects and their changes, each by its own watch', async () => {
    using model = new Model()
    await using member = await startMember()
    model.put('left', 'here')
    const targets = [
      { scope: model.scope(), info: MAPS },
      { scope: member.scope, info: MAPS },
    ]
    const { events, failures } = await model.live.watch({ targets })
    assert.deepEqual(failures, [])
    const first = [await next(events), await next(events), await next(events)]
    assert.deepEqual(first.map(told), ['host ADDED here', 'far ADDED there', 'host SYNCED'])
    assert.deepEqual(
      first[2]?.positions.map(({ cluster, version }) => [cluster, version]),
      [
        ['host', '101'],
        ['far', '10'],
      ],
    )
    await until(() => member.watches.length > 0, 'the watch of the member')
    member.say('MODIFIED', 'there', '11')
    assert.equal(told(await next(events)), 'far MODIFIED there')
    model.put('left', 'here')
    assert.equal(told(await next(events)), 'host MODIFIED here')
    member.say('DELETED', 'there', '12')
    assert.equal(told(await next(events)), 'far DELETED there')
    assert.deepEqual(member.asked, ['list /api/v1/configmaps', 'watch /api/v1/configmaps'])
    const { promise: closed, resolve } = Promise.withResolvers<void>()
    member.watches[0]?.once('close', resolve)
    await events.return?.()
    await closed
  })

  test('one that refuses has a verdict, the others go on', async () => {
    using model = new Model()
    await using member = await startMember()
    member.refuse = 403
    const targets = [
      { scope: model.scope(), info: MAPS },
      { scope: member.scope, info: MAPS },
    ]
    const { events, failures } = await model.live.watch({ targets })
    assert.equal(told(await next(events)), 'host SYNCED')
    assert.deepEqual(
      failures.map(({ cluster, error }) => [cluster, codeAndCluster(error)]),
      [['far', [403, 'far']]],
    )
    await events.return?.()
    const alone = model.live.watch({ targets: targets.slice(1) })
    await assert.rejects(alone, (error) => codeAndCluster(error)?.join() === '403,far')
  })

  test('one namespace is asked for by itself, so that who may not see more may follow it', async () => {
    using model = new Model()
    await using member = await startMember()
    const { events } = await model.live.watch({
      targets: [{ scope: member.scope, info: MAPS }],
      namespaces: ['left'],
    })
    await next(events)
    assert.equal(member.asked[0], 'list /api/v1/namespaces/left/configmaps')
    await events.return?.()
  })

  test('a member that does not know the login any more ends it with its cluster', async () => {
    using model = new Model()
    await using member = await startMember()
    const { events } = await model.live.watch({ targets: [{ scope: member.scope, info: MAPS }] })
    await next(events)
    await next(events)
    await until(() => member.watches.length > 0, 'the watch of the member')
    member.refuse = 401
    member.watches.at(-1)?.end()
    await assert.rejects(next(events), (error) => codeAndCluster(error)?.join() === '401,far')
  })
})

function codeAndCluster(error: unknown): unknown[] | undefined {
  return error instanceof ApiError ? [error.code, error.cluster] : undefined
}
