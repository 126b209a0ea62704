import { resolve } from 'node:path'
import { runAny } from '../env/run.ts'

export interface FuzzOptions {
  /** Python of the environment `fuzz`. */
  readonly python: string
  /** Of the graph. */
  readonly url: string
  readonly token: string
  readonly seconds: number
  /** Cases of one field of a root. */
  readonly cases: number
  /** The same cases again. */
  readonly seed?: number
}

export interface FuzzReport {
  readonly cases: number
  /** Fields of the roots that were asked, and how many there are. */
  readonly tested: number
  readonly fields: number
  /** Answers that are not the graph's own. */
  readonly failures: number
  readonly output: string
}

/** Would end the session that asks. */
const suicide = 'revokeSessions|deactivateUser'

function numberIn(text: string, pattern: RegExp): number {
  return Number(pattern.exec(text)?.[1] ?? 0)
}

/** Asks the graph for whatever its introspection allows, with values of every kind, for so many seconds. */
export async function runSchemathesis(options: FuzzOptions): Promise<FuzzReport> {
  const { python, url, token, seconds, cases, seed } = options
  const hooks = resolve(import.meta.dirname, 'hooks.py')
  const { output } = await runAny('env', [
    `SCHEMATHESIS_HOOKS=${hooks}`,
    python,
    ...['-m', 'schemathesis.cli', 'run', url],
    ...['-H', `Authorization: Bearer ${token}`],
    ...['--checks', 'answers', '--phases', 'fuzzing', '--continue-on-failure', '--no-shrink'],
    ...['--max-time', String(seconds), '-n', String(cases), '--exclude-name-regex', suicide],
    ...['--suppress-health-check', 'all', '--output-truncate', 'false', '--no-color'],
    ...(seed === undefined ? [] : ['--seed', String(seed)]),
  ])
  return {
    cases: numberIn(output, /(\d+) generated/),
    tested: numberIn(output, /Tested: (\d+)/),
    fields: numberIn(output, /Selected: (\d+)/),
    failures: numberIn(output, /(\d+) unique failures/),
    output,
  }
}
