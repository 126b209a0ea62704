import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { buildSchema, printSchema } from 'graphql'
import { startGraphWorld } from './graph.ts'
import {
  breakingChanges,
  coreSchema,
  printCore,
  printKindsOf,
  readSnapshot,
  shownSchema,
} from './snapshots.ts'

const how = 'run `node test/graphql/snapshots.ts --write` and review the difference'

describe('the snapshots in schema/snapshot', () => {
  it('core.graphql is the hand-written schema', async () => {
    const core = await coreSchema()
    const before = await readSnapshot('core')
    assert.deepEqual(breakingChanges(before, core), [], `documents break; ${how}`)
    assert.ok(printCore(core) === before, how)
  })

  it('kinds.graphql is what the kinds of a fresh embedded cluster add', async () => {
    await using world = await startGraphWorld()
    const admin = await world.graph('admin')
    const whole = await shownSchema((query) => admin.data(query))
    assert.ok(printKindsOf(whole, await coreSchema()) === (await readSnapshot('kinds')), how)
  })

  it('a field that goes, an argument that is demanded and a value that goes are told', async () => {
    const core = await coreSchema()
    const text = printSchema(core)
      .replace(/^ {2}displayName: String\n/m, '')
      .replace('cluster(name: ID!)', 'cluster(name: ID!, more: Int!)')
      .replace('  STRONG\n', '')
    assert.equal(breakingChanges(printCore(core), buildSchema(text)).length, 3)
  })
})
