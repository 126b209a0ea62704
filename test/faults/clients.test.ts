import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { eventually } from '../e2e/http.ts'
import type { Crowd } from './clients/crowd.ts'
import type { CrowdKind } from './clients/crowds.ts'
import { observe } from './clients/scenario.ts'
import { startClientStage, type ClientStage } from './clients/stage.ts'

const requests = 30

describe('clients misbehave, and others are served', { concurrency: 1 }, () => {
  let stage: ClientStage
  before(async () => {
    stage = await startClientStage()
  })
  after(() => stage[Symbol.asyncDispose]())

  async function crowd(
    kind: CrowdKind,
    count: number,
    meanwhile?: (crowd: Crowd) => Promise<void>,
  ) {
    const order = { kind, count, url: stage.url, token: stage.token }
    const observed = await observe(order, { requests, ...(meanwhile ? { meanwhile } : {}) })
    assert.deepEqual(observed.during.failures, [])
    return observed
  }

  test('100 that send their head a byte a second', async () => {
    await crowd('slow heads', 100)
  })

  test('50 that do not read what they asked for', async () => {
    const { held } = await crowd('slow readers', 50)
    // What waits for them are buffers of sockets, not four megabytes each.
    assert.ok(held.during.residentMiB - held.before.residentMiB < 150)
  })

  test('50 with a head beyond a mebibyte, each refused with 431', async () => {
    const heard = async (here: Crowd) => (await here.report()).heard['431'] ?? 0
    await crowd('huge heads', 50, async (here) => {
      await eventually(
        'refusals',
        () => heard(here),
        (count) => count === 50,
      )
    })
  })

  test('1,000 idle sockets of the graph, all closed by their clients in the end', async () => {
    const { held, ends } = await crowd('graph sockets', 1000)
    assert.ok(held.during.sockets >= 1000)
    assert.deepEqual(ends.heard, {})
  })

  test('50 idle watches over websockets', async () => {
    const { held, ends } = await crowd('watch sockets', 50)
    assert.ok(held.during.sockets >= 50)
    assert.deepEqual(ends.heard, {})
  })
})
