/**
 * What a second core brings: the same set-up (server, control plane and load) held on one core and then on two, with one
 * thread that does everything and with two threads in front of it (`facade.threads`): a page of 10 of many pods by
 * itself and while pods change, and one pod passed on to kube-apiserver. Rounds alternate, the best of each counts. Run:
 * `node test/bench/cores.ts [pods [seconds [rounds]]]`.
 */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { request } from 'undici'
import type { PooledClient } from '../../gateway/kube/client.ts'
import { ensureDebianPackages } from '../env/packages.ts'
import { addManyPods, administratorToken, manyPod, PODS, withToken } from './support/pods.ts'
import { password, startSeededPlane } from './support/plane.ts'
import { residentMegabytes, serveInChild, startServed, type Served } from './support/server.ts'
import { best, wrk, wrkBeside, type Sample } from './support/wrk.ts'

const CONNECTIONS = 64
/** Changes a second beside the reads. */
const CHANGES = 100

const PAGE = '/kapis/resources.kubesphere.io/v1alpha3/pods?limit=10'
const ONE = '/api/v1/namespaces/many-3/pods/pod-3'

if (process.send) {
  await serveInChild(process.argv[2], { threads: Number(process.argv[3]) })
} else {
  const [count = 10_000, seconds = 5, rounds = 2] = process.argv.slice(2).map(Number)
  await compare(count, seconds, rounds)
}

async function compare(count: number, seconds: number, rounds: number): Promise<void> {
  await ensureDebianPackages(['wrk'])
  await using seeded = await startSeededPlane()
  const { plane, client } = seeded
  await addManyPods(client, count)
  const kubeconfig = withToken(plane.server, await administratorToken(client))
  const serve = (threads: number) =>
    startServed(import.meta.filename, { kubeconfig, password, args: [String(threads)] })
  await using alone = await serve(0)
  await using fronted = await serve(2)
  const ways = [
    { cores: '0', threads: 0, served: alone },
    { cores: '0,1', threads: 0, served: alone },
    { cores: '0,1', threads: 2, served: fronted },
  ]
  const reads: readonly [what: string, read: (of: Served) => Promise<Sample>][] = [
    ['page of 10', async ({ url, token }) => wrk(`${url}${PAGE}`, seconds, token, CONNECTIONS)],
    [
      'page of 10, pods change',
      ({ url, token }) => whileChanging(client, count, `${url}${PAGE}`, seconds, token),
    ],
    ['passthrough', async ({ url, token }) => wrk(`${url}${ONE}`, seconds, token, CONNECTIONS)],
  ]
  for (const [what, read] of reads) {
    const samples = ways.map((): Sample[] => [])
    for (let round = 0; round < rounds; round++) {
      for (const [at, { cores, served }] of ways.entries()) {
        hold(cores)
        // The first answer waits for the cache.
        await warm(served)
        samples[at]?.push(await read(served))
      }
    }
    const rates = samples.map((of) => best(of))
    const one = rates[0]?.rate ?? 1
    for (const [at, { cores, threads }] of ways.entries()) {
      const { rate = 0, p50 = '', p99 = '' } = rates[at] ?? {}
      const on = cores === '0' ? 'one core ' : 'two cores'
      console.log(
        `${what.padEnd(24)} ${on} threads ${threads}: ${rate.toFixed(0)}/s p50 ${p50} p99 ${p99} | ${(rate / one).toFixed(2)} times`,
      )
    }
  }
  for (const { threads, served } of ways.slice(1)) {
    console.log(`threads ${threads}: ${await residentMegabytes(served.child)} MB resident`)
  }
}

/** Holds this process and all that it has started on some cores; what they start later stays there. */
function hold(cores: string): void {
  for (const pid of family(process.pid)) {
    spawnSync('taskset', ['-a', '-c', '-p', cores, String(pid)])
  }
}

/** A process and those that descend from it. */
function family(pid: number): number[] {
  const { stdout } = spawnSync('ps', ['-eo', 'pid=,ppid='], { encoding: 'utf8' })
  const parents = stdout
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
  const found = [pid]
  for (const one of found) {
    for (const [child = 0, parent] of parents) if (parent === one) found.push(child)
  }
  return found.filter((one) => isRunning(one))
}

function isRunning(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

async function warm({ url, token }: Served): Promise<void> {
  // On a connection of its own: one that was kept may be closed just now.
  const { body } = await request(`${url}${PAGE}`, {
    headers: { authorization: `Bearer ${token}` },
    reset: true,
  })
  await body.dump()
}

/** Reads while pods are changed at a steady pace, so that pages do not stay as they are. */
async function whileChanging(
  client: PooledClient,
  count: number,
  url: string,
  seconds: number,
  token: string,
): Promise<Sample> {
  const reading = wrkBeside(url, seconds, token, CONNECTIONS)
  const over = new AbortController()
  const stop = (): void => over.abort()
  reading.then(stop, stop)
  for (let index = 0; !over.signal.aborted; index++) {
    const { metadata } = manyPod(index % count)
    const body = { metadata: { annotations: { turn: `${performance.now()}` } } }
    const began = performance.now()
    await client.patch(PODS, metadata.name ?? '', body, {
      type: 'merge',
      namespace: metadata.namespace ?? '',
    })
    const left = 1000 / CHANGES - performance.now() + began
    if (left > 0) await new Promise((resolve) => setTimeout(resolve, left))
  }
  return reading
}
