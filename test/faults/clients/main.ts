import { eventually } from '../../e2e/http.ts'
import { heldBy } from '../held.ts'
import { startCrowd, type Crowd } from './crowd.ts'
import type { CrowdKind } from './crowds.ts'
import { observe, type Observed } from './scenario.ts'
import { startClientStage } from './stage.ts'
import { layCable } from './vanish.ts'

const requests = 300
const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

/** Until the server has sent all of them away. */
const untilCut = (count: number) => async (crowd: Crowd) => {
  const gone = async () =>
    Object.values((await crowd.report()).heard).reduce((sum, some) => sum + some, 0)
  await eventually('all of a crowd are sent away', gone, (sum) => sum === count, 150)
}

const scenarios: readonly {
  kind: CrowdKind
  count: number
  meanwhile: (crowd: Crowd) => Promise<void>
}[] = [
  { kind: 'slow heads', count: 500, meanwhile: untilCut(500) },
  { kind: 'slow readers', count: 200, meanwhile: () => pause(10_000) },
  { kind: 'huge heads', count: 200, meanwhile: untilCut(200) },
  { kind: 'watch sockets', count: 1000, meanwhile: () => pause(10_000) },
  { kind: 'graph sockets', count: 10_000, meanwhile: () => pause(45_000) },
]

const ms = (value: number) => `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`

function row({ order, before, during, ends, held }: Observed): string {
  const memory = held.during.residentMiB - held.before.residentMiB
  const heard = Object.entries(ends.heard).map(([how, count]) => `${count} × ${how}`)
  const sent =
    heard.length > 0
      ? `${heard.join(', ')} after ${ends.first.toFixed(0)}–${ends.last.toFixed(0)} s`
      : '–'
  const failed = during.failures.length
  return [
    `${order.count} ${order.kind}`,
    `${ms(before.p50)}, ${ms(before.p99)}`,
    `${ms(during.p50)}, ${ms(during.p99)}${failed ? `, ${failed} failed` : ''}`,
    sent,
    `${Math.round((memory * 1024) / order.count)} KiB`,
    `${Math.round(held.before.residentMiB)}, ${Math.round(held.during.residentMiB)}, ${Math.round(held.after.residentMiB)} MiB`,
    `${held.before.descriptors}, ${held.during.descriptors}, ${held.after.descriptors}`,
  ].join(' | ')
}

/** Crowds of clients that misbehave, one after the other, then clients that vanish: the tables of docs/reliability.md. */
export async function clientFigures(): Promise<void> {
  await using stage = await startClientStage(1)
  const { url, token, exec } = stage
  console.log(
    '| clients | others, before | meanwhile | sent away | each | resident | descriptors |',
  )
  console.log('| --- | --- | --- | --- | --- | --- | --- |')
  for (const { kind, count, meanwhile } of scenarios) {
    const order = { kind, count, url, token }
    console.log(`| ${row(await observe(order, { requests, meanwhile, restMs: 15_000 }))} |`)
  }

  using cable = layCable()
  if (!cable) {
    console.log('no network can be laid here: what becomes of clients that vanish is not tried')
    return
  }
  const far = url.replace('127.0.0.1', cable.address)
  const kinds: readonly CrowdKind[] = ['graph sockets', 'watch sockets', 'terminals']
  for (const kind of kinds) {
    const held = await heldBy(url)
    await using _crowd = await startCrowd({ kind, count: 5, url: far, token, exec }, cable.far)
    // Long enough that a first ping was answered.
    await pause(30_000)
    cable.cut()
    const began = performance.now()
    await eventually(
      `${kind} are found out`,
      () => heldBy(url),
      ({ sockets }) => sockets <= held.sockets,
      400,
    )
    console.log(`5 ${kind} that vanished were found out after ${ms(performance.now() - began)}`)
    cable.join()
  }
}
