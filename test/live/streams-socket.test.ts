import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { createClient, type Client } from 'graphql-ws'
import { WebSocket } from 'ws'
import { startBeside } from '../terminal/beside.ts'
import { eventually, startStage, type Stage } from '../terminal/stage.ts'
import { GraphError, type Direct } from './direct.ts'
import { POD_LOGS, textsOf, type Chunk } from './log-reader.ts'
import { inPod, openShell, type Way } from './shell.ts'
import { openedSocket } from './socket.ts'
import { runPod } from './stage.ts'

/** The graph over one websocket of npm's graphql-ws. */
function overSocket(client: Client): Way {
  async function* results<T>(query: string, variables: object): AsyncGenerator<T, undefined> {
    const more = { query, variables: variables as Record<string, unknown> }
    for await (const { data, errors } of client.iterate<T>(more)) {
      if (errors?.[0]) throw new GraphError(errors[0])
      if (data) yield data
    }
  }
  return {
    async subscribe<T>(query: string, variables: object = {}) {
      return results<T>(query, variables) as unknown as Direct.Events<T>
    },
    async run<T>(query: string, variables: object = {}) {
      const { value } = await results<T>(query, variables).next()
      return value as T
    },
  }
}

describe('logs and sessions over a socket', () => {
  let stage: Stage
  let client: Client
  let way: Way
  before(async () => {
    stage = await startStage()
    await stage.pod('box')
    client = createClient({
      url: `${stage.url.replace(/^http/, 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: { authorization: `Bearer ${stage.admin}` },
      retryAttempts: 0,
    })
    way = overSocket(client)
  })
  after(async () => {
    await client?.dispose()
    await stage?.[Symbol.asyncDispose]()
  })
  const sessions = () => stage.facade.app.terminal.sessions

  it('tell a log to its end', async () => {
    await runPod(stage.kube, 'short', { main: 'for i in $(seq 1 500); do echo line $i; done' })
    const chunks: Chunk[] = []
    const pod = { namespace: 'default', name: 'short' }
    for await (const { logs } of await way.subscribe<{ logs: Chunk }>(POD_LOGS, { pod })) {
      chunks.push(logs)
    }
    assert.deepEqual(
      textsOf(chunks),
      Array.from({ length: 500 }, (_, at) => `line ${at + 1}`),
    )
    assert.equal(chunks.at(-1)?.event, 'ENDED')
  })

  it('type in order, and take a paste of 10 MB', { timeout: 480_000 }, async () => {
    const paste = '0123456789abcdefghijklmnopqrstuv'.repeat(312_500)
    const one = await openShell(way, { ...inPod('box'), command: ['sha256sum'], tty: false })
    const pieces = Array.from({ length: 10 }, (_, at) => paste.slice(at * 1e6, (at + 1) * 1e6))
    const taken = await Promise.all(
      pieces.map((piece, at) => one.type(piece, { end: at === pieces.length - 1 })),
    )
    assert.equal(
      taken.reduce((sum, bytes) => sum + bytes, 0),
      10_000_000,
    )
    assert.equal((await one.exited()).code, 0)
    assert.ok(one.text().startsWith(createHash('sha256').update(paste).digest('hex')))
  })

  it('end a session with its socket', async () => {
    const raw = await openedSocket(`${stage.url}/graphql`, stage.admin)
    const query = `subscription { exec(target: { pod: { namespace: "default", name: "box" } }) { __typename } }`
    raw.send({ type: 'subscribe', id: '1', payload: { query } })
    assert.equal((await raw.next()).type, 'next')
    await eventually(() => sessions() === 1)
    await raw[Symbol.asyncDispose]()
    await eventually(() => sessions() === 0)
  })

  it('tell why a session ends when the server stops', async () => {
    const server = await startBeside(stage, () => ({}))
    const raw = await openedSocket(`${server.url}/graphql`, server.admin)
    const query = `subscription { exec(target: { pod: { namespace: "default", name: "box" } }, shell: "sh") {
      ... on ExecOutput { data } ... on ExecExited { reason message }
    } }`
    raw.send({ type: 'subscribe', id: '1', payload: { query } })
    while (!JSON.stringify(await raw.next()).includes('# '));
    const stopped = server[Symbol.asyncDispose]()
    const exited = { reason: 'SHUTDOWN', message: 'the server is stopping' }
    assert.deepEqual((await raw.next()).payload, { data: { exec: exited } })
    assert.equal((await raw.next()).type, 'complete')
    assert.equal((await raw.closed).code, 1001)
    await stopped
  })

  it('slow a program down to who reads it', async () => {
    const raw = await openedSocket(`${stage.url}/graphql`, stage.admin)
    const query = `subscription { exec(
      target: { pod: { namespace: "default", name: "box" } }, command: ["sh", "-c", "yes | head -c 300000000"], tty: false
    ) { ... on ExecOutput { data } } }`
    raw.send({ type: 'subscribe', id: '1', payload: { query } })
    await raw.next()
    raw.socket.pause()
    const { rss } = process.memoryUsage()
    await new Promise((resolve) => setTimeout(resolve, 2000))
    const grown = process.memoryUsage().rss - rss
    assert.ok(grown < 100e6, `${grown} bytes more`)
    await raw[Symbol.asyncDispose]()
    await eventually(() => sessions() === 0)
  })
})
