/**
 * `npm test`: static checks first, then every suite, each file in its own process. Ends with the line
 * `N passed, N failed` and exits 1 when anything failed or nothing ran. Arguments narrow by path: `npm test -- kube`.
 *
 * In CI a few files that failed run once more, alone, and are named as unsteady where they pass then: what fails on a
 * busy machine only is a test to mend, but no reason to hold up a change that did not touch it.
 */
import { spawn } from 'node:child_process'
import { glob, mkdtemp, readFile, rm } from 'node:fs/promises'
import { loadavg, tmpdir } from 'node:os'
import { join, relative, resolve } from 'node:path'
import { runChecks } from './check.ts'
import { prepareEnvironment } from './env/prepare.ts'
import type { Ended } from './env/tally.ts'

const root = resolve(import.meta.dirname, '..')
const wanted = process.argv.slice(2)

/** More files than these do not fail by chance. */
const mostUnsteady = 5

async function testFiles(): Promise<string[]> {
  const found: string[] = []
  for await (const file of glob('test/**/*.test.ts', { cwd: root })) found.push(file)
  return found
    .filter((file) => wanted.length === 0 || wanted.some((part) => file.includes(part)))
    .toSorted()
}

interface Counts {
  pass: number
  fail: number
  skipped: number
}

const none: Counts = { pass: 0, fail: 0, skipped: 0 }

/** Runs node's test runner on `files`, and counts the tests of each. */
async function runTests(
  files: readonly string[],
  concurrency: number,
): Promise<Map<string, Counts>> {
  const folder = await mkdtemp(join(tmpdir(), 'ks-facade-tally-'))
  const written = join(folder, 'ends')
  try {
    const reporters = [
      ['spec', 'stdout'],
      ['./test/env/tally.ts', written],
    ].flatMap(([name, to]) => [`--test-reporter=${name}`, `--test-reporter-destination=${to}`])
    const limits = [`--test-concurrency=${concurrency}`, '--test-timeout=600000']
    const child = spawn(process.execPath, ['--test', ...reporters, ...limits, ...files], {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, NODE_NO_WARNINGS: '1' },
    })
    const exit = await new Promise<number>((done) => child.on('close', (code) => done(code ?? 1)))
    const counts = counted(await readFile(written, 'utf8').catch(() => ''))
    // A runner that was killed leaves files that it said nothing of.
    for (const file of files) if (!counts.has(file)) counts.set(file, { ...none, fail: 1 })
    if (exit !== 0 && failuresOf(counts) === 0) {
      console.log(`the test runner ended with ${exit}, and no test failed`)
      counts.set('the test runner', { ...none, fail: 1 })
    }
    return counts
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** Lines of `tally` by file. A suite that failed although its tests passed is a failure too. */
function counted(lines: string): Map<string, Counts> {
  const counts = new Map<string, Counts>()
  const broken = new Set<string>()
  // What stands behind the last end of line was not written to its end.
  for (const line of lines.split('\n').slice(0, -1)) {
    const { file: path, as } = JSON.parse(line) as Ended
    const file = relative(root, path)
    const of = counts.get(file) ?? { ...none }
    counts.set(file, of)
    if (as === 'suite') broken.add(file)
    else of[as] += 1
  }
  for (const file of broken) {
    const of = counts.get(file)
    if (of?.fail === 0) of.fail = 1
  }
  return counts
}

function failedFiles(counts: Map<string, Counts>): string[] {
  return [...counts].flatMap(([file, { fail }]) => (fail > 0 ? [file] : []))
}

function failuresOf(counts: Map<string, Counts>): number {
  return sum(counts, 'fail')
}

function sum(counts: Map<string, Counts>, of: keyof Counts): number {
  return [...counts.values()].reduce((total, file) => total + file[of], 0)
}

const started = Date.now()
const checks = wanted.length === 0 ? await runChecks() : { passed: 0, failed: 0 }
await prepareEnvironment()
const files = await testFiles()
console.log(`\n${files.length} test files`)
const counts = await runTests(files, 2)
const failedFirst = failedFiles(counts)
if (failedFirst.length > 0) {
  const load = loadavg().map((value) => value.toFixed(1))
  console.log(`\nfailed at a load of ${load.join(', ')}: ${failedFirst.join(' ')}`)
}
const again = failedFirst.filter((file) => files.includes(file))
if (process.env['CI'] && again.length > 0 && again.length <= mostUnsteady) {
  console.log(`\nonce more, alone: ${again.join(' ')}`)
  for (const [file, of] of await runTests(again, 1)) counts.set(file, of)
}
const passed = checks.passed + sum(counts, 'pass')
const failed = checks.failed + failuresOf(counts) + (sum(counts, 'pass') === 0 ? 1 : 0)
const unsteady = failedFirst.filter((file) => !failedFiles(counts).includes(file))
console.log(`\nwhole run: ${((Date.now() - started) / 1000).toFixed(0)} s, tests and static checks`)
for (const file of unsteady) console.log(`UNSTEADY: ${file} failed beside others and passed alone`)
console.log(`${passed} passed, ${failed} failed, ${sum(counts, 'skipped')} skipped`)
process.exitCode = failed === 0 ? 0 : 1
