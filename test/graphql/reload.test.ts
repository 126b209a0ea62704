import assert from 'node:assert/strict'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { after, before, describe, it } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { addField, DEFINITIONS, definitionOf } from '../bench/support/definitions.ts'
import { startGraphWorld, type Graph, type GraphWorld } from './graph.ts'

const group = 'swaps.example.org'
const count = 50
const numbers = Array.from({ length: count }, (_, n) => n)
const listField = (n: number) => `swapsExampleOrgThing${n}s`

function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0)
}

/** Documents that have nothing to do with the kinds that come and go. */
const unrelated = [
  '{ me { name } namespaces(first: 5) { totalCount nodes { metadata { name } } } }',
  '{ users { totalCount nodes { name globalRole { name } } } }',
  '{ resources(kind: { kind: "ConfigMap" }, first: 3) { nodes { yaml } } }',
  'mutation { createConfigMap(input: { metadata: { generateName: "x-", namespace: "default" } }, options: { dryRun: true }) { object { id } } }',
]

describe('fifty definitions under load', () => {
  let world: GraphWorld
  let admin: Graph
  before(async () => {
    world = await startGraphWorld()
    admin = await world.graph('admin')
    await admin.data('{ pods { totalCount } }')
  })
  after(() => world?.[Symbol.asyncDispose]())

  /** Asks again and again until `holds`; throws after a minute. */
  async function eventually(what: string, holds: () => Promise<boolean>): Promise<void> {
    for (const ends = performance.now() + 60_000; performance.now() < ends;) {
      if (await holds()) return
      await delay(100)
    }
    assert.fail(`${what}: not in time`)
  }

  const fieldsOf = async (type: string): Promise<Set<string>> => {
    const query = `{ __type(name: "${type}") { fields { name } } }`
    const { __type } = await admin.data<{ __type: { fields: { name: string }[] } | null }>(query)
    return new Set(__type?.fields.map(({ name }) => name))
  }

  it('come, change and go, each in the graph and out of it, and no other request fails', async () => {
    const before = await fieldsOf('Query')
    const stop = new AbortController()
    const failures: unknown[] = []
    const times: number[] = []
    const worker = async (first: number) => {
      for (let n = first; !stop.signal.aborted; n++) {
        const started = performance.now()
        const { status, body } = await admin.answer(unrelated[n % unrelated.length] ?? '')
        times.push(performance.now() - started)
        if (status !== 200 || body.errors) failures.push(body.errors ?? status)
        await delay(20)
      }
    }
    const load = Promise.all([0, 1, 2, 3].map(worker))
    const eventLoop = monitorEventLoopDelay({ resolution: 10 })
    eventLoop.enable()

    const created = new Map<number, number>()
    const creating = (async () => {
      for (const n of numbers) {
        await world.kube.create(DEFINITIONS, definitionOf(group, n))
        created.set(n, performance.now())
        await delay(20)
      }
    })()
    const usable = new Map<number, number>()
    await eventually('every kind is of use', async () => {
      const fields = await fieldsOf('Query')
      for (const n of numbers) {
        if (usable.has(n) || !fields.has(listField(n))) continue
        await admin.data(`{ ${listField(n)}(namespace: "default") { totalCount } }`)
        usable.set(n, performance.now() - (created.get(n) ?? 0))
      }
      return usable.size === count
    })
    await creating
    await Promise.all(
      numbers.map((n) =>
        world.kube.patch(DEFINITIONS, `thing${n}s.${group}`, addField('second'), { type: 'json' }),
      ),
    )
    for (const n of numbers) {
      const type = `SwapsExampleOrgThing${n}Spec`
      await eventually(type, async () => (await fieldsOf(type)).has('second'))
    }
    await Promise.all(numbers.map((n) => world.kube.delete(DEFINITIONS, `thing${n}s.${group}`)))
    await eventually('all gone', async () => {
      const fields = await fieldsOf('Query')
      return numbers.every((n) => !fields.has(listField(n)))
    })
    stop.abort()
    await load
    eventLoop.disable()

    assert.deepEqual(failures, [])
    assert.deepEqual(await fieldsOf('Query'), before, 'nothing is left behind')
    console.log(
      `usable after ${quantile([...usable.values()], 0.5)} ms p50, ${quantile([...usable.values()], 0.95)} ms p95; ` +
        `${times.length} other requests: ${quantile(times, 0.5)} ms p50, ${quantile(times, 0.99)} ms p99; ` +
        `event loop at most ${Math.round(eventLoop.max / 1e6)} ms, p99 ${Math.round(eventLoop.percentile(99) / 1e6)} ms`,
    )
  })
})
