import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { runAny } from '../env/run.ts'

export interface FuzzOptions {
  /** Python of the environment `fuzz`. */
  readonly python: string
  /** Of the graph, or of the OpenAPI document of REST. */
  readonly url: string
  readonly face: 'graph' | 'rest'
  readonly token: string
  readonly seconds: number
  /** Cases of one field of a root, or of one route. */
  readonly cases: number
  /** The same cases again. */
  readonly seed?: number
}

export interface FuzzReport {
  readonly cases: number
  /** Fields of the roots, or routes, that were asked, and how many there are. */
  readonly tested: number
  readonly fields: number
  /** Answers that are not the server's own. */
  readonly failures: number
  readonly output: string
}

const faces = {
  // Those would end the session that asks.
  graph: ['--checks', 'answers', '--exclude-name-regex', 'revokeSessions|deactivateUser'],
  rest: [
    '--checks',
    'rest_answers',
    '--exclude-method',
    'DELETE',
    '--exclude-path-regex',
    '^/oauth/(logout|authenticate)|/password$|/terminal|/watch/',
  ],
} as const

function numberIn(text: string, pattern: RegExp): number {
  return Number(pattern.exec(text)?.[1] ?? 0)
}

/** Asks for whatever introspection or the OpenAPI document allows, with values of every kind, for so many seconds. */
export async function runSchemathesis(options: FuzzOptions): Promise<FuzzReport> {
  const { python, url, face, token, seconds, cases, seed } = options
  const hooks = resolve(import.meta.dirname, 'hooks.py')
  // It leaves its examples where it runs.
  const folder = await mkdtemp(join(tmpdir(), 'schemathesis-'))
  const { output } = await runAny(
    'env',
    [
      `SCHEMATHESIS_HOOKS=${hooks}`,
      python,
      '-m',
      'schemathesis.cli',
      'run',
      url,
      '-H',
      `Authorization: Bearer ${token}`,
      ...faces[face],
      '--phases',
      'fuzzing',
      '--continue-on-failure',
      '--no-shrink',
      '--max-time',
      String(seconds),
      '-n',
      String(cases),
      '--suppress-health-check',
      'all',
      '--output-truncate',
      'false',
      '--no-color',
      ...(seed === undefined ? [] : ['--seed', String(seed)]),
    ],
    folder,
  )
  await rm(folder, { recursive: true })
  return {
    cases: numberIn(output, /(\d+) generated/),
    tested: numberIn(output, /Tested: (\d+)/),
    fields: numberIn(output, /Selected: (\d+)/),
    failures: numberIn(output, /(\d+) unique failures?/),
    output,
  }
}
