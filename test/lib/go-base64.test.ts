import assert from 'node:assert/strict'
import { test } from 'node:test'
import { base64Fault } from '../../gateway/lib/go-base64.ts'

/** Where Go 1.26 gives up. */
const faults: [string, number | undefined][] = [
  ['', undefined],
  ['dg==', undefined],
  ['dgo=', undefined],
  ['dgoo', undefined],
  ['dg\n==', undefined],
  ['dg=\n=', undefined],
  ['dg==\n', undefined],
  ['v', 0],
  ['dg=', 3],
  ['dgo', 0],
  ['dgo=x', 4],
  ['d===', 1],
  ['====', 0],
  ['dg==x', 4],
  ['dg=x', 2],
  ['dg= =', 2],
  ['dgood', 4],
  ['dgoodg', 4],
  ['v!', 1],
  ['a-b_', 1],
  ['abcd=', 4],
]

for (const [text, at] of faults) {
  test(`base64 ${JSON.stringify(text)} ${at === undefined ? 'is decoded' : `ends at ${at}`}`, () => {
    assert.equal(base64Fault(text), at)
  })
}
