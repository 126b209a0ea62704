import { availableParallelism } from 'node:os'
import { monitorEventLoopDelay, performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { select } from '../../gateway/domain/resources/engine.ts'
import { kinds } from '../../gateway/domain/resources/kinds/index.ts'
import { filterContext } from '../../gateway/domain/resources/reads.ts'
import { createStore } from '../../gateway/kube/store.ts'
import { ORIGIN, PASSWORD, startIdentity, user } from '../identity/cluster.ts'
import { fakeCluster } from '../resources/support.ts'

/**
 * What logins with bcrypt of cost 10 do to lists that the same process serves: a page of 10 out of 10 000 pods every
 * 5 ms, its latency counted from when it was due, first alone, then with logins at a steady rate. A rate beyond what the
 * cores can hash fills the queue, and what does not fit there is refused with 503.
 * Run: `node test/bench/logins.ts [logins per second] [seconds]`.
 */
const [rate = 100, seconds = 5] = process.argv.slice(2).map(Number)
const PODS = 10_000
const LIST_EVERY_MS = 5

const store = createStore({ group: '', version: 'v1', resource: 'pods' }, 'Pod')
store.replace(
  Array.from({ length: PODS }, (_, index) => ({
    metadata: {
      name: `pod-${index}`,
      namespace: `ns-${index % 50}`,
      uid: `${index}`,
      resourceVersion: `${index + 1}`,
      creationTimestamp: new Date(1_700_000_000_000 + index * 1000).toISOString(),
      labels: { app: `app-${index % 100}` },
    },
    spec: { containers: [{ name: 'main', image: 'app:1' }] },
    status: { phase: 'Running' },
  })),
  String(PODS),
)
const context = filterContext(fakeCluster(), store, new AbortController().signal)
const semantics = kinds.get('pods') as NonNullable<ReturnType<typeof kinds.get>>

function percentile(values: number[], part: number): string {
  const sorted = values.toSorted((a, b) => a - b)
  return (sorted[Math.floor((sorted.length - 1) * part)] ?? 0).toFixed(1)
}

/** Latencies of lists in milliseconds, until `until`. */
async function lists(until: number): Promise<number[]> {
  const took: number[] = []
  for (let due = performance.now(); due < until; due += LIST_EVERY_MS) {
    await sleep(Math.max(0, due - performance.now()))
    await select({ context, semantics, query: { limit: 10 } })
    took.push(performance.now() - due)
  }
  return took
}

async function measure(title: string, logins: (until: number) => Promise<string>): Promise<void> {
  const delay = monitorEventLoopDelay({ resolution: 5 })
  delay.enable()
  const until = performance.now() + seconds * 1000
  const [took, what] = await Promise.all([lists(until), logins(until)])
  delay.disable()
  console.log(
    `${title.padEnd(22)} list p50 ${percentile(took, 0.5)} ms, p99 ${percentile(took, 0.99)} ms;` +
      ` event loop delay p99 ${(delay.percentile(99) / 1e6).toFixed(1)} ms${what}`,
  )
}

await using rig = await startIdentity()
const { identity } = rig
rig.cluster.put(await user('eve', { password: await identity.hashPassword(PASSWORD) }))
const client = await identity.client('app1', 'app1-secret')

async function steadily(until: number): Promise<string> {
  let [done, refused] = [0, 0]
  const pending: Promise<unknown>[] = []
  for (let due = performance.now(); due < until; due += 1000 / rate) {
    await sleep(Math.max(0, due - performance.now()))
    const of = { username: 'eve', password: PASSWORD, provider: '' }
    pending.push(
      identity.password(client, of, ORIGIN).then(
        () => done++,
        () => refused++,
      ),
    )
  }
  const asked = `; ${done} of ${pending.length} logins done in time, ${refused} refused`
  await Promise.all(pending)
  return asked
}

console.log(`${availableParallelism()} cores, ${rate} logins a second for ${seconds} s`)
await lists(performance.now() + 500)
await measure('lists alone', async () => '')
await measure('lists beside logins', steadily)
