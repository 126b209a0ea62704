import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { after, before, describe, it } from 'node:test'
import { buildContext } from '../../gateway/context/index.ts'
import type { LogChunk, LogStream } from '../../gateway/domain/logs/index.ts'
import type { KubeClient, KubeResponse } from '../../gateway/kube/api.ts'
import { liveBytes } from '../env/memory.ts'
import { eventually, startStage, type Stage } from '../terminal/stage.ts'
import { codeOf, direct, type Direct } from './direct.ts'
import { all, podLogs, textsOf, until } from './log-reader.ts'
import { dismiss, member, reach, runPod } from './stage.ts'

const MAY_READ = [{ apiGroups: [''], resources: ['pods/log'], verbs: ['get'] }]

describe('logs of a pod', () => {
  let stage: Stage
  let graph: Direct
  before(async () => {
    stage = await startStage()
    graph = await direct(stage.facade.app, stage.admin)
  })
  after(async () => {
    await stage?.[Symbol.asyncDispose]()
  })

  /** The log as the domain gives it, its upstream seen through `through`. */
  async function throughClient(
    pod: string,
    follow: boolean,
    through: (response: KubeResponse) => KubeResponse,
  ): Promise<LogStream> {
    const { app } = stage.facade
    const ctx = await buildContext(app, {
      method: 'GET',
      url: '/graphql',
      headers: { authorization: `Bearer ${stage.admin}` },
      remoteAddress: '127.0.0.1',
    })
    const client: KubeClient = {
      ...ctx.cluster.client,
      stream: async (request) => through(await ctx.cluster.client.stream(request)),
    }
    const scope = { ...ctx, cluster: { ...ctx.cluster, client } }
    const options = { follow, previous: false }
    return app.logs.pod.run(scope, { namespace: 'default', pod, options })
  }

  it('are told as they are written, of all containers, until each has ended', async () => {
    await runPod(stage.kube, 'two', {
      first: 'echo one; sleep 0.3; echo two',
      second: 'for i in 1 2 3; do echo number $i; sleep 0.1; done; printf unfinished',
    })
    // Not yet there: it is waited for.
    const chunks = await all(await podLogs(graph, 'two'))
    assert.deepEqual(textsOf(chunks, 'first'), ['one', 'two'])
    assert.deepEqual(textsOf(chunks, 'second'), ['number 1', 'number 2', 'number 3', 'unfinished'])
    for (const container of ['first', 'second']) {
      const events = chunks
        .filter((chunk) => chunk.container === container)
        .map(({ event }) => event)
      assert.equal(events[0], 'STARTED')
      assert.equal(events.at(-1), 'ENDED')
    }
    const times = chunks.flatMap(({ lines }) => lines.map(({ time }) => Date.parse(time ?? '')))
    assert.ok(times.every((time) => Math.abs(Date.now() - time) < 120_000))
  })

  it('are what was asked for', async () => {
    await runPod(stage.kube, 'options', {
      main: 'for i in $(seq 1 20); do echo line $i; done; sleep 2; echo late; printf "\\377\\376é\\n"',
    })
    await reach(stage.kube, 'options', 'Succeeded')
    const read = async (options: object) =>
      all(await podLogs(graph, 'options', { follow: false, ...options }))
    const texts = async (options: object) => textsOf(await read(options))
    assert.equal((await texts({})).length, 22)
    assert.deepEqual(await texts({ tailLines: 2 }), ['late', '\uFFFD\uFFFDé'])
    assert.deepEqual(await texts({ tailLines: 0 }), [])
    assert.deepEqual(await texts({ match: 'line 1', tailLines: 8 }), [
      'line 15',
      'line 16',
      'line 17',
      'line 18',
      'line 19',
    ])
    assert.deepEqual(await texts({ match: 'nothing like that' }), [])
    const lines = (await read({})).flatMap((chunk) => chunk.lines)
    const late = lines.find(({ text }) => text === 'late')
    assert.deepEqual(await texts({ sinceTime: late?.time }), ['late', '\uFFFD\uFFFDé'])
    assert.deepEqual(await texts({ sinceSeconds: 3600, tailLines: 1 }), ['\uFFFD\uFFFDé'])
    const raw = (await texts({ encoding: 'BASE64', tailLines: 1 }))[0] ?? ''
    assert.deepEqual([...Buffer.from(raw, 'base64')], [0xff, 0xfe, 0xc3, 0xa9])
    const cut = (await read({ limitBytes: 10 })).flatMap((chunk) => chunk.lines)
    assert.deepEqual(
      cut.map(({ text, continues }) => [text, continues]),
      [
        ['line 1', false],
        ['lin', true],
      ],
    )
    const untimed = (await read({ timestamps: false })).flatMap((chunk) => chunk.lines)
    assert.ok(untimed.every(({ time }) => time === null))
  })

  it('refuse what cannot be meant', async () => {
    const asked = (options: object) => codeOf(podLogs(graph, 'options', options))
    assert.equal(
      await asked({ sinceSeconds: 1, sinceTime: '2026-01-01T00:00:00Z' }),
      'BAD_USER_INPUT',
    )
    for (const options of [
      { tailLines: -1 },
      { sinceSeconds: 0 },
      { limitBytes: 0 },
      { match: '' },
      { match: 'x'.repeat(1025) },
      { containers: ['main', 'other'] },
    ]) {
      assert.equal(await asked(options), 'BAD_USER_INPUT', JSON.stringify(options))
    }
    assert.equal(await codeOf(podLogs(graph, 'nope')), 'NOT_FOUND')
    assert.equal(await codeOf(podLogs(graph, '../x')), 'NOT_FOUND')
    const [chunk] = await all(await podLogs(graph, 'options', { previous: true }))
    assert.equal(chunk?.event, 'FAILED')
    assert.match(
      chunk?.message ?? '',
      /previous terminated container "main" in pod "options" not found/,
    )
  })

  it('have lines of any length, and find what is at the end of one', async () => {
    const long = 'head -c 3000000 /dev/zero | tr "\\0" x'
    await runPod(stage.kube, 'long', { main: `echo before; ${long}; echo needle; echo after` })
    const chunks = await all(await podLogs(graph, 'long'))
    assert.deepEqual(textsOf(chunks), ['before', `${'x'.repeat(3_000_000)}needle`, 'after'])
    const sizes = chunks.map(({ lines }) => lines.reduce((sum, { text }) => sum + text.length, 0))
    assert.ok(sizes.every((size) => size <= 65_536))
    const found = await all(await podLogs(graph, 'long', { match: 'needle' }))
    const kept = textsOf(found)[0] ?? ''
    assert.match(kept, /^x+needle$/)
    const dropped = found.reduce((sum, { droppedBytes }) => sum + droppedBytes, 0)
    assert.equal(kept.length + dropped, 3_000_006)
  })

  it('of 50 MB arrive intact, and little of them is held', { timeout: 480_000 }, async () => {
    // A node keeps no more than twice 10 MiB of one container.
    const names = ['a', 'b', 'c', 'd', 'e']
    const count = 10_500
    const script = `seq -f "%0999.0f" ${count}`
    await runPod(stage.kube, 'big', Object.fromEntries(names.map((name) => [name, script])))
    await reach(stage.kube, 'big', 'Succeeded')
    const next = new Map(names.map((name) => [name, 1]))
    const before = liveBytes()
    const began = performance.now()
    let grown = 0
    let bytes = 0
    let measured = 0
    for await (const { container, lines } of await podLogs(graph, 'big')) {
      for (const { text } of lines) {
        const number = next.get(container) ?? 0
        if (Number(text) !== number || text.length !== 999) assert.fail(`${container}: ${text}`)
        next.set(container, number + 1)
        bytes += text.length + 1
      }
      if (bytes - measured < 4_000_000) continue
      measured = bytes
      grown = Math.max(grown, liveBytes() - before)
    }
    console.log(
      `${bytes / 1e6} MB of logs in ${Math.round(performance.now() - began)} ms, ${Math.round(grown / 1e6)} MB held`,
    )
    assert.deepEqual(
      [...next.values()],
      names.map(() => count + 1),
    )
    assert.equal(bytes, 52_500_000)
    assert.ok(grown < 20e6, `${grown} bytes more`)
  })

  it('are not read ahead of who does not take them, and let go with them', async () => {
    let read = 0
    let closed = 0
    async function* counted(body: Readable) {
      for await (const data of body as AsyncIterable<Buffer>) {
        read += data.length
        yield data
      }
    }
    const logs = await throughClient('big', true, (response) => {
      const body = Readable.from(counted(response.body), {
        objectMode: false,
        highWaterMark: 65_536,
      })
      body.once('close', () => closed++)
      return { ...response, body }
    })
    const seen = new Set<string>()
    while (seen.size < 5) {
      const { value } = await logs.next()
      if (value?.event === 'LINES') seen.add(value.container)
    }
    const wanted = read
    let settled = -1
    while (settled !== read) {
      settled = read
      await new Promise((resolve) => setTimeout(resolve, 300))
    }
    assert.ok(read - wanted < 5 * 400_000, `${read - wanted} bytes were read ahead`)
    assert.ok(read < 20_000_000, `${read} bytes were read`)
    await logs.return?.()
    await eventually(() => closed === 5)
    assert.equal((await logs.next()).done, true)
  })

  it('go on without a gap where the connection to the node breaks', async () => {
    await runPod(stage.kube, 'broken', {
      main: 'for i in $(seq 1 4000); do echo line $i; [ $((i % 1000)) = 0 ] && sleep 0.5; done; echo over',
    })
    let breaks = 0
    async function* breaking(body: Readable) {
      let left = 40_000
      for await (const data of body as AsyncIterable<Buffer>) {
        const part = data.subarray(0, left)
        left -= part.length
        yield part
        if (left > 0) continue
        breaks++
        throw new Error('the connection broke')
      }
    }
    const logs = await throughClient('broken', true, (response) => ({
      ...response,
      body: breaks < 2 ? Readable.from(breaking(response.body)) : response.body,
    }))
    const lines = (await Array.fromAsync(logs as AsyncIterable<LogChunk>)).flatMap(
      (chunk) => chunk.lines,
    )
    assert.equal(breaks, 2)
    assert.deepEqual(
      lines.map(({ bytes }) => bytes.toString()),
      [...Array.from({ length: 4000 }, (_, at) => `line ${at + 1}`), 'over'],
    )
  })

  it('are for those who may get them, and no longer than that', async () => {
    const forever = 'echo here; while :; do sleep 1; done'
    await runPod(stage.kube, 'held', { main: forever })
    const { app } = stage.facade
    const stranger = await direct(app, await member(stage, 'stranger', []))
    assert.equal(await codeOf(podLogs(stranger, 'held')), 'FORBIDDEN')
    const reader = await direct(app, await member(stage, 'reader', MAY_READ))
    const logs = await podLogs(reader, 'held')
    await until(logs, (chunks) => textsOf(chunks).length > 0)
    const end = logs.next()
    await dismiss(stage, 'reader')
    await assert.rejects(end, {
      code: 'FORBIDDEN',
      message: 'the right to these logs was taken away',
    })
    assert.equal((await logs.next()).done, true)
    // An idle one of somebody who may.
    const kept = await podLogs(graph, 'held')
    await until(kept, (chunks) => textsOf(chunks).length > 0)
    const waiting = kept.next()
    await kept.return()
    assert.equal((await waiting.catch(() => ({ done: true }))).done, true)
  })
})
