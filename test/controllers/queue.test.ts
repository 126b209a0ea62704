import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { WorkQueue } from '../../gateway/embedded/controllers/queue.ts'

/** Resolves when the queue has nothing left to do. */
async function idle(queue: WorkQueue): Promise<void> {
  if (queue.idle) return
  await new Promise<void>((resolve) => {
    const stop = queue.onChange(() => {
      if (!queue.idle) return
      stop()
      resolve()
    })
  })
}

describe('a work queue', () => {
  it('works a key once however often it is added, and again when it changes meanwhile', async () => {
    const gate = Promise.withResolvers<void>()
    const seen: string[] = []
    await using queue = new WorkQueue(async (key) => {
      seen.push(key)
      if (seen.length === 1) await gate.promise
    })
    queue.add('a')
    queue.add('a')
    queue.add('b')
    queue.add('a')
    gate.resolve()
    await idle(queue)
    assert.deepEqual(seen.toSorted(), ['a', 'a', 'b'])
  })

  it('keeps to its width and never runs a key twice at once', async () => {
    let now = 0
    let most = 0
    const running = new Set<string>()
    await using queue = new WorkQueue(
      async (key) => {
        assert.equal(running.has(key), false)
        running.add(key)
        most = Math.max(most, ++now)
        await new Promise(setImmediate)
        now--
        running.delete(key)
      },
      { width: 2 },
    )
    for (let at = 0; at < 30; at++) queue.add(`${at % 10}`)
    await idle(queue)
    assert.equal(most, 2)
  })

  it('tries again after a failure, and says so', async () => {
    const failures: number[] = []
    let left = 2
    await using queue = new WorkQueue(
      async () => {
        if (left-- > 0) throw new Error('not yet')
      },
      { firstDelayMs: 1, onError: (_key, _error, count) => failures.push(count) },
    )
    queue.add('a')
    await idle(queue)
    assert.deepEqual(failures, [1, 2])
  })

  it('looks again when the work asks for it', async () => {
    const twice = Promise.withResolvers<void>()
    let count = 0
    await using queue = new WorkQueue(async () => {
      if (++count === 2) twice.resolve()
      return count === 1 ? 1 : undefined
    })
    queue.add('a')
    await twice.promise
    assert.equal(count, 2)
  })

  it('does a job in the turn of its key and hands back what it returns', async () => {
    const order: string[] = []
    const gate = Promise.withResolvers<void>()
    await using queue = new WorkQueue(async (key) => {
      await gate.promise
      order.push(key)
    })
    queue.add('a')
    const job = queue.run('a', async () => {
      order.push('job')
      return 7
    })
    gate.resolve()
    assert.equal(await job, 7)
    assert.deepEqual(order, ['a', 'job'])
    await assert.rejects(
      queue.run('b', async () => {
        throw new Error('refused')
      }),
      /refused/,
    )
  })

  it('aborts what runs when it is disposed and takes nothing more', async () => {
    let aborted = false
    const started = Promise.withResolvers<void>()
    const queue = new WorkQueue(
      (_key, signal) =>
        new Promise<void>((resolve) => {
          signal.addEventListener('abort', () => {
            aborted = true
            resolve()
          })
          started.resolve()
        }),
    )
    queue.add('a')
    await started.promise
    await queue[Symbol.asyncDispose]()
    queue.add('b')
    assert.equal(aborted, true)
    assert.equal(queue.idle, true)
  })
})
