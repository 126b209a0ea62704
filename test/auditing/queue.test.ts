import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { createQueue } from '../../gateway/domain/auditing/queue.ts'

function queueOf(options: Partial<Parameters<typeof createQueue<string>>[0]> = {}) {
  const batches: string[][] = []
  const waiting: (() => void)[] = []
  const arrived = new Set<() => void>()
  const queue = createQueue<string>({
    limit: 10,
    byteLimit: 1000,
    sizeOf: (item) => item.length,
    batchSize: 3,
    intervalMs: 5,
    senders: 1,
    async deliver(batch) {
      batches.push([...batch])
      for (const tell of arrived) tell()
      if (waiting.length > 0) await new Promise<void>((resolve) => void waiting.push(resolve))
    },
    ...options,
  })
  const until = async (count: number): Promise<void> => {
    while (batches.length < count) {
      await new Promise<void>((resolve) => void arrived.add(resolve))
    }
  }
  return { queue, batches, until }
}

describe('the queue of audit events', () => {
  test('delivers a full batch at once and the rest after the interval', async () => {
    const { queue, batches, until } = queueOf()
    for (const item of ['a', 'b', 'c', 'd']) assert.ok(queue.push(item))
    assert.deepEqual(batches, [], 'whoever pushes does not wait')
    await until(2)
    assert.deepEqual(batches, [['a', 'b', 'c'], ['d']])
    await queue[Symbol.asyncDispose]()
  })

  test('refuses what is beyond its bounds, in number and in bytes, while a delivery hangs', async () => {
    const hung = Promise.withResolvers<void>()
    const { queue, until, batches } = queueOf({ limit: 4, byteLimit: 50, batchSize: 1 })
    const slow = createQueue<string>({
      limit: 2,
      byteLimit: 50,
      sizeOf: (item) => item.length,
      batchSize: 1,
      intervalMs: 5,
      senders: 1,
      deliver: () => hung.promise,
    })
    assert.ok(slow.push('under way'))
    assert.ok(slow.push('1') && slow.push('2'))
    assert.equal(slow.push('3'), false)
    assert.equal(slow.length, 2)
    assert.equal(queue.push('x'.repeat(51)), false)
    assert.ok(queue.push('ok'))
    await until(1)
    assert.deepEqual(batches, [['ok']])
    hung.resolve()
    await slow[Symbol.asyncDispose]()
    await queue[Symbol.asyncDispose]()
    assert.equal(slow.push('late'), false)
  })

  test('delivers what waits when it is closed', async () => {
    const { queue, batches } = queueOf({ intervalMs: 60_000 })
    for (const item of ['a', 'b', 'c', 'd', 'e']) queue.push(item)
    await queue[Symbol.asyncDispose]()
    assert.deepEqual(batches, [
      ['a', 'b', 'c'],
      ['d', 'e'],
    ])
  })
})
