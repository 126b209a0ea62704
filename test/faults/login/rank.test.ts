import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { quantile, shuffled, tell } from './rank.ts'

const upTo = (count: number, from = 0) => Array.from({ length: count }, (_, index) => from + index)

describe('what two samples of times tell', () => {
  it('is nothing where they are the same', () => {
    const { area, low, high } = tell(upTo(300), upTo(300))
    assert.equal(area, 0.5)
    assert.ok(low > 0.45 && high < 0.55)
  })

  it('is everything where they do not meet', () => {
    assert.deepEqual(tell(upTo(50, 100), upTo(50)), { area: 1, low: 1, high: 1 })
    assert.deepEqual(tell(upTo(50), upTo(50, 100)), { area: 0, low: 0, high: 0 })
  })

  it('is the share of pairs whose first is above the second, ties by half', () => {
    // Above: (2,1), (5,1), (5,2), (5,4); equal: (2,2).
    assert.equal(tell([2, 5], [1, 2, 4]).area, 4.5 / 6)
    assert.equal(tell([7, 7], [7]).area, 0.5)
  })
})

it('a quantile is of the sample, whatever its order', () => {
  assert.equal(quantile([3, 1, 2], 0.5), 2)
  assert.equal(quantile(upTo(100), 0.95), 95)
  assert.equal(quantile([4], 0.95), 4)
})

it('an order is of the same items', () => {
  let last = 0
  const falling = () => --last
  assert.deepEqual(shuffled(['a', 'b', 'c'], falling), ['c', 'b', 'a'])
})
