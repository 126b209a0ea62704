import assert from 'node:assert/strict'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { after, before, describe, it } from 'node:test'
import { createSocketTarget } from '../../gateway/kube/socket-target.ts'
import type { Answer, Answered, Call, FromFront } from '../../gateway/server/fronts/messages.ts'
import { createOwnerSocket } from '../../gateway/server/fronts/index.ts'
import { createOwner, type Owner } from '../../gateway/server/fronts/owner.ts'
import { createQuestions } from '../../gateway/server/fronts/questions.ts'
import { createRelay, takeOver } from '../../gateway/server/fronts/relay.ts'
import { createFrontTokens, createOwnerTokens } from '../../gateway/server/fronts/tokens.ts'
import { listen, type HttpServer } from '../../gateway/server/http.ts'
import { createLogger } from '../../gateway/telemetry/index.ts'
import { raw } from '../e2e/http.ts'

const user = (name: string) => ({ name, uid: '', groups: [], extra: {} })
const page: Call = {
  operation: 'list',
  requestId: 'r-1',
  params: { resources: 'pods' },
  query: 'limit=10',
  user: user('ann'),
  sourceIP: '',
  userAgent: '',
}

type Asked = Call & { readonly id: number }

/** An owner that answers when it is told to. */
function owned() {
  const shared = new SharedArrayBuffer(8)
  const counts = new Int32Array(shared)
  const asked: Asked[] = []
  let at = 0
  const send = (message: FromFront): void => {
    if (message.kind === 'calls') asked.push(...message.calls)
  }
  const owner: Owner = createOwner(send, shared, () => at)
  return {
    owner,
    wait: (ms: number) => void (at += ms),
    asked,
    change: () => void Atomics.add(counts, 0, 1),
    /** Answers all questions that were asked; for everybody unless `personal`. */
    answer: (body: string, personal = false): void => {
      const count = Atomics.load(counts, 0)
      const answer = (): Answer => ({
        status: 200,
        headers: {},
        body: new TextEncoder().encode(body),
        versions: personal ? undefined : [[0, count]],
      })
      owner.answered(asked.splice(0).map(({ id }): Answered => ({ id, answer: answer() })))
    },
  }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
const said = async (answer: Promise<Answer>): Promise<string> =>
  new TextDecoder().decode((await answer).body)

describe('pages that a front keeps', () => {
  it('are shown again until a store that they were made from changes', async () => {
    const { owner, asked, answer, change } = owned()
    const first = owner.answer(page)
    await turn()
    answer('one')
    assert.equal(await said(first), 'one')
    assert.equal(await said(owner.answer({ ...page, user: user('bob') })), 'one')
    assert.equal(asked.length, 0)
    change()
    const second = owner.answer(page)
    await turn()
    assert.equal(asked.length, 1)
    answer('two')
    assert.equal(await said(second), 'two')
  })

  it('are asked for again after a while, whatever the stores say', async () => {
    const { owner, asked, answer, wait } = owned()
    const first = owner.answer(page)
    await turn()
    answer('one')
    await first
    wait(9_999)
    assert.equal(await said(owner.answer(page)), 'one')
    wait(1)
    const second = owner.answer(page)
    await turn()
    assert.equal(asked.length, 1)
    answer('gone')
    assert.equal(await said(second), 'gone')
  })

  it('are no other page, and nobody else’s', async () => {
    const { owner, asked, answer } = owned()
    const mine = owner.answer(page)
    await turn()
    answer('for ann', true)
    assert.equal(await said(mine), 'for ann')
    const others: Call[] = [
      { ...page, user: user('bob') },
      { ...page, query: 'limit=11' },
      { ...page, params: { resources: 'pods', namespace: 'a' } },
      { ...page, operation: 'get' },
    ]
    for (const other of others) void owner.answer(other)
    await turn()
    assert.equal(asked.length, others.length)
  })

  it('are told to all who asked while they were made, unless they are old or somebody’s own by then', async () => {
    const { owner, asked, answer, change } = owned()
    const together = [owner.answer(page), owner.answer({ ...page, user: user('bob') })]
    await turn()
    assert.equal(asked.length, 1)
    answer('one')
    assert.deepEqual(await Promise.all(together.map(said)), ['one', 'one'])

    change()
    const before = owner.answer(page)
    const later = owner.answer({ ...page, user: user('bob') })
    await turn()
    answer('for ann', true)
    assert.equal(await said(before), 'for ann')
    await turn()
    assert.deepEqual(
      asked.map((call) => call.user.name),
      ['bob'],
    )
    answer('two')
    assert.equal(await said(later), 'two')

    change()
    const third = owner.answer(page)
    const fourth = owner.answer(page)
    await turn()
    answer('three')
    change()
    assert.equal(await said(third), 'three')
    await turn()
    answer('four')
    assert.equal(await said(fourth), 'four')
  })

  it('are not waited for longer than a minute', async (t) => {
    t.mock.timers.enable({ apis: ['setInterval'] })
    const { owner, asked, answer, wait } = owned()
    const late = assert.rejects(owner.answer(page), { code: 503 })
    await turn()
    wait(60_000)
    t.mock.timers.tick(1000)
    await late
    assert.equal(asked.length, 1)
    const next = owner.answer(page)
    await turn()
    answer('both')
    assert.equal(await said(next), 'both')
  })

  it('hold so many bytes and no more', async () => {
    const { owner, asked, answer } = owned()
    const big = 'x'.repeat(1000 * 1000)
    for (let at = 0; at < 20; at++) {
      const one = owner.answer({ ...page, query: `page=${at}` })
      await turn()
      answer(big)
      await one
    }
    await owner.answer({ ...page, query: 'page=19' })
    assert.equal(asked.length, 0)
    void owner.answer({ ...page, query: 'page=0' })
    await turn()
    assert.equal(asked.length, 1)
  })
})

describe('sessions', () => {
  it('end in every thread before their end is answered, without a message', async () => {
    const now = () => 0
    const { tokens, ended } = createOwnerTokens(now)
    const questions: Promise<void>[] = []
    const front = createFrontTokens(
      ({ id, username, token }) => {
        const told = tokens.has(username, token).then((live) => front.answered(id, live))
        questions.push(told)
      },
      ended,
      now,
    )
    await using _ = front
    await tokens.add('ann', 'token', 1000)
    assert.equal(await front.has('ann', 'token'), true)
    assert.equal(await front.has('ann', 'token'), true)
    assert.equal(questions.length, 1)
    assert.equal(await front.has('bob', 'token'), false)
    await tokens.take('ann', 'token')
    assert.equal(await front.has('ann', 'token'), false)
  })
})

describe('questions for an owner that hangs', () => {
  it('end by themselves, the oldest first, and an answer that comes later is nobody’s', async (t) => {
    t.mock.timers.enable({ apis: ['setInterval'] })
    let at = 0
    const { ended } = createOwnerTokens(() => at)
    const ids: number[] = []
    const front = createFrontTokens(
      ({ id }) => void ids.push(id),
      ended,
      () => at,
    )
    await using _ = front
    const first = assert.rejects(front.has('ann', 'token'), { code: 503 })
    at += 1000
    const second = front.has('ann', 'token')
    at = 60_000
    t.mock.timers.tick(1000)
    await first
    const [late = 0, inTime = 0] = ids
    front.answered(late, true)
    front.answered(inTime, false)
    assert.equal(await second, false)
  })

  it('are refused when too many wait', async () => {
    using questions = createQuestions<string>(() => 0)
    const all = Array.from({ length: 20_000 }, () => questions.ask())
    assert.throws(() => questions.ask(), { code: 503 })
    const [one] = all
    assert.ok(one)
    questions.answered(one.id, 'now')
    assert.equal(await one.answer, 'now')
    questions.ask()
  })
})

describe('a request that a front hands over', () => {
  const stack = new AsyncDisposableStack()
  let front: HttpServer
  const log = createLogger({ level: 'silent' })
  const none = { handle: async () => {}, upgrade: async () => {} }
  before(async () => {
    const socket = stack.use(await createOwnerSocket())
    const echo = {
      async handle(req: IncomingMessage, res: ServerResponse) {
        const { url, method, headers } = req
        const { remoteAddress } = req.socket
        const body = await text(req)
        res.writeHead(200, { 'content-type': 'application/json', trailer: 'x-end' })
        res.addTrailers({ 'x-end': 'yes' })
        res.end(JSON.stringify({ url, method, headers, remoteAddress, body }))
      },
      upgrade: async () => {},
      shouldUpgrade: () => false,
    }
    const of = { host: '127.0.0.1', log }
    stack.use(
      await listen({ ...of, port: socket.path, rest: echo, graphql: none, onArrival: takeOver }),
    )
    const relay = createRelay(stack.use(createSocketTarget(socket.path)), log)
    const rest = { ...relay, shouldUpgrade: () => false }
    front = stack.use(await listen({ ...of, port: 0, shared: true, rest, graphql: relay }))
  })
  after(() => stack.disposeAsync())

  const send = async (head: string, body = '') => {
    const answer = await raw(front.url, `${head}\r\nConnection: close\r\n\r\n${body}`)
    const json = /\{.*\}/s.exec(answer)?.[0]
    return {
      answer,
      seen: JSON.parse(json ?? '{}') as {
        url?: string
        method?: string
        headers?: Record<string, string>
        remoteAddress?: string
        body?: string
      },
    }
  }

  it('is the one that came: target, Host, headers, body and trailers', async () => {
    const targets = ['/a/../b?c=%2F', '//x/y', 'http://elsewhere/api/v1', '/api/v1?watch=1']
    for (const target of targets) {
      const { seen } = await send(
        `POST ${target} HTTP/1.1\r\nHost: any.host:81\r\nX-Forwarded-For: 1.2.3.4\r\nContent-Length: 4`,
        'body',
      )
      assert.equal(seen.url, target)
      assert.equal(seen.headers?.['host'], 'any.host:81')
      assert.equal(seen.headers['x-forwarded-for'], '1.2.3.4')
      assert.equal(seen.body, 'body')
    }
    const { answer } = await send('GET / HTTP/1.1\r\nHost: a\r\nTE: trailers')
    assert.match(answer, /x-end: yes/)
  })

  it('comes from the address of its connection, whatever it says', async () => {
    for (const lines of [
      '',
      '\r\nX-KS-Facade-Client: 203.0.113.9',
      '\r\nX-KS-Facade-Client: 203.0.113.9\r\nX-Ks-Facade-Client: 203.0.113.9',
      '\r\nConnection: x-ks-facade-client',
      '\r\nConnection: x-ks-facade-client\r\nX-KS-Facade-Client: 203.0.113.9',
    ]) {
      const { seen } = await send(`GET / HTTP/1.1\r\nHost: a${lines}`)
      assert.equal(seen.remoteAddress, '127.0.0.1', lines)
      assert.equal(seen.headers?.['x-ks-facade-client'], undefined)
    }
  })

  it('is one request, however it is framed', async () => {
    const hidden = 'GET /hidden HTTP/1.1\r\nHost: a\r\n\r\n'
    const chunked = 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked'
    const { answer } = await send(`${chunked}\r\nContent-Length: 4`, `0\r\n\r\n${hidden}`)
    assert.match(answer, /^HTTP\/1\.1 400 /)
    const size = hidden.length.toString(16)
    const { seen } = await send(chunked, `${size}\r\n${hidden}\r\n0\r\n\r\n`)
    assert.deepEqual([seen.url, seen.body], ['/', hidden])
    const early = await send(`GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 0`, hidden)
    assert.doesNotMatch(early.answer, /hidden/)
  })

  it('is refused where its target names nothing', async () => {
    for (const target of ['*', 'ftp://a/b', 'HTTP://a/b']) {
      const { answer } = await send(`OPTIONS ${target} HTTP/1.1\r\nHost: a`)
      assert.match(answer, /^HTTP\/1\.1 400 /, target)
    }
  })
})
