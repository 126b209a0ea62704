import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { filterInTurns, inTurns, mapInTurns } from '../../gateway/lib/turns.ts'

/** Takes a millisecond. */
function work(): void {
  const began = performance.now()
  while (performance.now() - began < 1);
}

describe('work on many items', () => {
  const items = Array.from({ length: 320 }, (_, at) => at)

  it('lets others have their turn in between, and keeps the order', async () => {
    let turns = 0
    const other = setInterval(() => void turns++, 0)
    try {
      const made = await mapInTurns(items, (item) => {
        work()
        return [item, turns] as const
      })
      assert.deepEqual(
        made.map(([item]) => item),
        items,
      )
      assert.ok((made.at(-1)?.[1] ?? 0) > 1)
    } finally {
      clearInterval(other)
    }
  })

  it('is done at once where it is little', async () => {
    let turns = 0
    setImmediate(() => void turns++)
    assert.deepEqual(await filterInTurns(items, (item) => item % 100 === 0), [0, 100, 200, 300])
    assert.equal(turns, 0)
  })

  it('ends when whoever asked for it has gone', async () => {
    const gone = new AbortController()
    let visited = 0
    const reason = new Error('gone')
    const visit = (): void => {
      work()
      visited++
      if (visited === 10) gone.abort(reason)
    }
    await assert.rejects(inTurns(items, visit, gone.signal), reason)
    assert.ok(visited < items.length)
  })
})
