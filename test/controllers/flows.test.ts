import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { after, before as beforeAll, describe, it } from 'node:test'
import { startStage, type EmbeddedStage } from './stage.ts'
import { outOfScope } from './flows/out-of-scope.ts'
import {
  comparable,
  outcome,
  recorded,
  snapshot,
  type Flow,
  type Outcome,
} from './flows/recording.ts'
import { before, setUp } from './flows/set-up.ts'
import { placeholders, writes, type Stage } from './flows/writes.ts'
import { referenceData } from './reference.ts'

/** Garbage collection and namespace deletion are kube-controller-manager's and take their time, as a busy machine does. */
const withinMs = 60_000

const flows = await referenceData<Flow>('controller-effects.yaml')

describe('the recorded flows of the original controllers', () => {
  let stage: EmbeddedStage | undefined

  beforeAll(async () => {
    if (!flows) return
    stage = await startStage()
    await setUp(stage, { flow: '', added: [], changed: [], removed: [] })
    await stage.controllers.settled()
  })
  after(() => stage?.[Symbol.asyncDispose]())

  it('are all compared or left out for a reason', () => {
    if (!flows) return
    const known = new Set([...Object.keys(writes), ...Object.keys(outOfScope)])
    const direct = flows.filter(({ request }) => /^\/apis?\//.test(request?.path ?? ''))
    for (const { flow } of direct) known.add(flow)
    assert.deepEqual(
      flows.map(({ flow }) => flow).filter((name) => !known.has(name)),
      [],
    )
  })

  for (const flow of flows ?? []) {
    if (flow.flow in outOfScope) continue
    it(`lead to the same objects: ${flow.flow}`, async () => {
      assert.ok(stage)
      await before[flow.flow]?.(stage, flow)
      await stage.controllers.settled()
      await play(stage, flow)
    })
  }
})

async function play(stage: EmbeddedStage, flow: Flow): Promise<void> {
  const wanted = recorded(flow)
  const start = await snapshot(stage.cluster)
  await write(stage, flow)
  await stage.controllers.settled()
  const deadline = performance.now() + withinMs
  let found: Outcome
  for (;;) {
    found = comparable(outcome(start, await snapshot(stage.cluster), placeholders), flow)
    if (isDeepStrictEqual(found, wanted) || performance.now() > deadline) break
    await sleep(300)
  }
  assert.deepEqual(found, wanted)
}

async function write(stage: Stage, flow: Flow): Promise<void> {
  const known = writes[flow.flow]
  if (known) {
    await known(stage, flow)
    return
  }
  const { method = 'GET', path = '', body, contentType } = flow.request ?? {}
  await stage.cluster.client.json({
    method,
    path,
    headers: { 'content-type': contentType ?? 'application/json' },
    body: JSON.stringify(body),
  })
}
