/**
 * Lists of the whole server with more and more pods, to show that the cost is flat, its memory, and reads while 1,000
 * pods a second change. The pods are those of a crowd before a real control plane (`support/crowd.ts`). Requests per
 * second by wrk with 8 connections. Run: `node test/bench/scale.ts [seconds [sizes…]]`.
 */
import { ensureDebianPackages } from '../env/packages.ts'
import { startCrowd, type Crowd } from './support/crowd.ts'
import { administratorToken, examplePod, withToken } from './support/pods.ts'
import { password, startSeededPlane } from './support/plane.ts'
import { residentMegabytes, serveInChild, startServed } from './support/server.ts'
import { wrk, wrkBeside } from './support/wrk.ts'

const changes = 1000

const pods = '/kapis/resources.kubesphere.io/v1alpha3/pods'
const lists: readonly [what: string, query: string][] = [
  ['page of 10', 'limit=10'],
  ['50 by name', 'limit=50&sortBy=name&ascending=true'],
  ['label', 'limit=10&labelSelector=app%3Dapp-7'],
]

if (process.send) await serveInChild()
else {
  const [seconds = 4, ...sizes] = process.argv.slice(2).map(Number)
  await compare(seconds, sizes.length > 0 ? sizes : [1000, 10_000, 100_000])
}

async function compare(seconds: number, sizes: readonly number[]): Promise<void> {
  await ensureDebianPackages(['wrk'])
  await using seeded = await startSeededPlane()
  const { client } = seeded
  const token = await administratorToken(client)
  const like = await examplePod(client)
  for (const count of sizes) {
    const namespaceOf = (index: number) => `many-${index % 50}`
    await using crowd = await startCrowd({ target: client.target, like, count, namespaceOf })
    console.log(await measure(crowd, token, seconds, count))
  }
}

async function measure(
  crowd: Crowd,
  token: string,
  seconds: number,
  count: number,
): Promise<string> {
  await using served = await startServed(import.meta.filename, {
    kubeconfig: withToken(crowd.url, token),
    password,
  })
  const { url, token: own, child } = served
  const headers = { authorization: `Bearer ${own}` }
  const first = await fetch(`${url}${pods}?limit=1`, { headers })
  if (!first.ok) throw new Error(await first.text())
  const rates = lists.map(([what, query]) => {
    const { rate, p99 } = wrk(`${url}${pods}?${query}`, seconds, own)
    return `${what} ${rate.toFixed(0)}/s p99 ${p99}`
  })
  const filled = await residentMegabytes(child)
  const reading = wrkBeside(`${url}${pods}?limit=10`, seconds, own)
  const pace = await changing(crowd, reading)
  const { rate, p99 } = await reading
  const beside = `with ${pace.toFixed(0)} changes/s ${rate.toFixed(0)}/s p99 ${p99}`
  const after = await residentMegabytes(child)
  return `${count} pods: ${rates.join(', ')}; ${filled} MB; ${beside}, ${after} MB`
}

/** Changes pods at the pace wanted until `reading` ends; gives the pace that was kept. */
async function changing(crowd: Crowd, reading: Promise<unknown>): Promise<number> {
  const ended = new AbortController()
  void reading.finally(() => ended.abort())
  const started = performance.now()
  let made = 0
  while (!ended.signal.aborted) {
    const due = ((performance.now() - started) * changes) / 1000
    for (; made < due; made++) crowd.change()
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  return (made / (performance.now() - started)) * 1000
}
