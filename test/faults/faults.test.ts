import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { rows } from './neighbours.ts'
import { startStage, type Stage } from './stage.ts'
import { strike, turns } from './strike.ts'

/** Those whose callers do not have to wait for long deadlines; `npm run faults` does the others too. */
const slow = new Set([
  'kube-apiserver hang',
  'kube-apiserver crawl',
  'etcd crawl',
  'etcd hang',
  'LDAP hang',
  'S3 hang',
  'S3 crawl',
])

let stage: Stage
let turn = 0
before(async () => {
  stage = await startStage()
})
after(() => stage[Symbol.asyncDispose]())

describe('a neighbour fails under load, and gets well', { concurrency: 1 }, () => {
  for (const row of rows) {
    for (const fault of row.faults) {
      const name = `${row.neighbour} ${fault}`
      if (slow.has(name)) continue
      test(`${name}: who needs it is told so, the others notice nothing, no confirmed write is lost`, async () => {
        const { needs, others } = await strike(stage, row, fault, (turn += turns))
        for (const { what, statuses } of needs) {
          for (const status of statuses.keys()) {
            const told = status >= 200 && status <= 504 && status !== 401 && status !== 403
            assert.ok(told, `${what}: ${status}`)
          }
        }
        for (const { what, statuses } of others) {
          assert.deepEqual(
            [...statuses.keys()].filter((status) => status >= 300 || status === 0),
            [],
            what,
          )
        }
      })
    }
  }
})
