import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startNameStage } from './name-stage.ts'
import { nameRow } from './neighbours.ts'
import { strike, turns } from './strike.ts'

test('names that are refused fail who needs them, and hold up nobody else', async () => {
  await using stage = await startNameStage()
  if (!stage) {
    console.error('no names can be served here: what happens without them is not tried')
    return
  }
  // `npm run faults -- DNS` waits for names that are never answered as well.
  const { needs, others } = await strike(stage, nameRow, 'refuse', turns)
  for (const { what, statuses } of needs) {
    for (const status of statuses.keys()) assert.ok(status >= 500, `${what}: ${status}`)
  }
  for (const { what, statuses } of others) {
    for (const status of statuses.keys())
      assert.ok(status < 300 && status > 0, `${what}: ${status}`)
  }
})
