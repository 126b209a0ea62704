import assert from 'node:assert/strict'
import { eventually } from '../e2e/http.ts'
import { writtenName, type Probe, type Row } from './neighbours.ts'
import type { Fault } from './relay.ts'
import type { Stage } from './stage.ts'

/** What the callers of one probe saw. */
export interface Seen {
  readonly what: string
  /** Answers by status; 0 is a connection that broke. */
  readonly statuses: ReadonlyMap<number, number>
  /** Milliseconds. */
  readonly slowest: number
}

export interface Outcome {
  readonly needs: readonly Seen[]
  readonly others: readonly Seen[]
  /** Milliseconds from the end of the fault until everything was answered again. */
  readonly recovery: number
  readonly written: number
}

/** Rounds of the probes during a fault; one where each waits for a deadline. */
const roundsOf = (fault: Fault) => (fault === 'hang' || fault === 'crawl' ? 1 : 3)

/** A caller gives up after this many milliseconds: no deadline of the server is as long. */
const patience = 100_000

/**
 * Makes one neighbour fail while callers go on, heals it, and waits until all is well. Throws when a caller is still
 * without an answer at the end of its patience, when a write that was confirmed is gone, or when all does not get well.
 */
export async function strike(
  stage: Stage,
  row: Row,
  fault: Fault,
  first: number,
): Promise<Outcome> {
  const neighbour = stage.neighbours[row.neighbour]
  if (!neighbour) throw new Error(`there is no ${row.neighbour} here`)
  const probes = [...row.needs, ...row.others]
  // The neighbour that failed before may have been needed by others than those who were waited for then.
  await eventually('all is well before', () => outcomes(stage, probes, first), good, 60)
  await whole(stage, probes, first)
  const confirmed: number[] = [first]
  await neighbour.begin(fault)
  const rounds = roundsOf(fault)
  const watched = (probe: Probe) => watch(stage, probe, { first: first + 1, rounds, confirmed })
  const watching = Promise.all([
    Promise.all(row.needs.map(watched)),
    Promise.all(row.others.map(watched)),
  ])
  await Promise.allSettled([watching])
  await neighbour.heal()
  const [needs, others] = await watching
  const healed = performance.now()
  await eventually(
    'all is well again',
    () => outcomes(stage, probes, first + rounds + 1),
    good,
    120,
  )
  const recovery = performance.now() - healed
  for (const turn of confirmed) {
    if (!probes.some(({ what }) => what === 'a write')) break
    const configMap = { group: '', version: 'v1', resource: 'configmaps' }
    const kept = await stage.direct.get(configMap, writtenName(turn), { namespace: 'default' })
    assert.equal(kept.metadata.name, writtenName(turn))
  }
  return { needs, others, recovery, written: confirmed.length }
}

/** Turns that `strike` uses up. */
export const turns = 100

async function watch(
  stage: Stage,
  probe: Probe,
  { first, rounds, confirmed }: { first: number; rounds: number; confirmed: number[] },
): Promise<Seen> {
  const statuses = new Map<number, number>()
  let slowest = 0
  for (let turn = first; turn < first + rounds; turn++) {
    const began = performance.now()
    const status = await attempt(stage, probe, turn)
    slowest = Math.max(slowest, performance.now() - began)
    statuses.set(status, (statuses.get(status) ?? 0) + 1)
    if (probe.what === 'a write' && status === 201) confirmed.push(turn)
  }
  return { what: probe.what, statuses, slowest }
}

async function attempt(stage: Stage, probe: Probe, turn: number): Promise<number> {
  const late = AbortSignal.timeout(patience)
  const given = new Promise<never>((_resolve, reject) => {
    late.addEventListener('abort', () => reject(new Error(`${probe.what} was never answered`)))
  })
  const answer = probe.run(stage, turn).then(
    ({ status }) => status,
    () => 0,
  )
  return Promise.race([answer, given])
}

async function outcomes(stage: Stage, probes: readonly Probe[], turn: number): Promise<number[]> {
  const all = probes.map((probe) => attempt(stage, probe, turn + Math.floor(performance.now())))
  return Promise.all(all)
}

const good = (statuses: readonly number[]) => statuses.every((status) => status < 300 && status > 0)

async function whole(stage: Stage, probes: readonly Probe[], turn: number): Promise<void> {
  for (const probe of probes) {
    const { status, text } = await probe.run(stage, turn)
    assert.ok(status >= 200 && status < 300, `${probe.what} before the fault: ${status} ${text}`)
  }
}
