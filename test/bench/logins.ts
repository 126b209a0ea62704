import { fork } from 'node:child_process'
import { once } from 'node:events'
import { availableParallelism } from 'node:os'
import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { Agent, request } from 'undici'
import { IAM, PASSWORD, startWorld } from '../iam/world.ts'

/**
 * What logins with bcrypt of cost 10 do to lists that the same server answers: a page of 10 of 1000 ConfigMaps over
 * HTTP at 100 a second, latencies counted from when each was due, first alone, then beside logins at a steady rate.
 * Both come from another process, at their rates whatever the answers; a rate beyond what the cores can hash fills the
 * queue, and what does not fit there is refused with 503. Run: `node test/bench/logins.ts [logins per second] [seconds]`.
 */
const [rate = 100, seconds = 5] = process.argv.slice(2).map(Number)
const LISTS_PER_SECOND = 100
const OBJECTS = 1000
const CONFIG_MAPS = { group: '', version: 'v1', resource: 'configmaps' }
const LIST = '/kapis/resources.kubesphere.io/v1alpha3/namespaces/default/configmaps?limit=10'

interface Target {
  readonly url: string
  readonly token: string
}

interface Outcome {
  readonly status: number
  /** From when it was due, in milliseconds. */
  readonly took: number
}

/** Sends at a steady rate, however long the answers take; resolves when the last of them is in. */
async function steadily(perSecond: number, send: () => Promise<number>): Promise<Outcome[]> {
  const pending: Promise<Outcome>[] = []
  const start = performance.now()
  for (let count = 0; count < perSecond * seconds; count++) {
    const due = start + (count * 1000) / perSecond
    const early = due - performance.now()
    if (early > 0) await sleep(early)
    pending.push(send().then((status) => ({ status, took: performance.now() - due })))
  }
  return Promise.all(pending)
}

function percentile(outcomes: readonly Outcome[], part: number): string {
  const sorted = outcomes.map(({ took }) => took).toSorted((a, b) => a - b)
  return `${(sorted[Math.floor((sorted.length - 1) * part)] ?? 0).toFixed(1)} ms`
}

function report(title: string, outcomes: readonly Outcome[]): void {
  const counts = Object.entries(Object.groupBy(outcomes, ({ status }) => status))
  const statuses = counts.map(([status, of = []]) => `${of.length} × ${status}`).join(', ')
  const [p50, p99] = [percentile(outcomes, 0.5), percentile(outcomes, 0.99)]
  console.log(`${title.padEnd(20)} p50 ${p50}, p99 ${p99} (${statuses})`)
}

async function load({ url, token }: Target): Promise<void> {
  const dispatcher = new Agent({ connections: 1000 })
  const list = async () => {
    const headers = { authorization: `Bearer ${token}` }
    const { statusCode, body } = await request(url + LIST, { dispatcher, headers })
    await body.dump()
    return statusCode
  }
  const form = new URLSearchParams({
    grant_type: 'password',
    client_id: 'kubesphere',
    client_secret: 'kubesphere',
    username: 'admin',
    password: PASSWORD,
  }).toString()
  const login = async () => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const asked = { dispatcher, headers, method: 'POST' as const, body: form }
    const { statusCode, body } = await request(`${url}/oauth/token`, asked)
    await body.dump()
    return statusCode
  }
  for (let round = 0; round < 200; round++) await list()
  report('lists alone', await steadily(LISTS_PER_SECOND, list))
  const [lists, logins] = await Promise.all([
    steadily(LISTS_PER_SECOND, list),
    steadily(rate, login),
  ])
  report('lists beside logins', lists)
  report('logins', logins)
  await dispatcher.close()
}

async function serve(): Promise<void> {
  await using world = await startWorld()
  const admin = await world.as('admin')
  await admin.get(`${IAM}/users`)
  for (let index = 0; index < OBJECTS; index++) {
    const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: `map-${index}` } }
    await world.kube.create(CONFIG_MAPS, object, { namespace: 'default' })
  }
  console.log(`${availableParallelism()} cores, ${rate} logins a second for ${seconds} s`)
  const child = fork(import.meta.filename, process.argv.slice(2))
  child.send({ url: world.url, token: await world.login('admin') } satisfies Target)
  const [code] = (await once(child, 'exit')) as [number | null]
  if (code !== 0) process.exitCode = 1
}

if (process.send) {
  const [target] = (await once(process, 'message')) as [Target]
  await load(target)
  process.disconnect?.()
} else {
  await serve()
}
