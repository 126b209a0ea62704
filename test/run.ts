/**
 * `npm test`: static checks first, then every suite, each file in its own process. Ends with the line
 * `N passed, N failed` and exits 1 when anything failed or nothing ran. Arguments narrow by path: `npm test -- kube`.
 */
import { spawn } from 'node:child_process'
import { glob } from 'node:fs/promises'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { stripVTControlCharacters } from 'node:util'
import { runChecks } from './check.ts'
import { prepareEnvironment } from './env/prepare.ts'

const root = resolve(import.meta.dirname, '..')
const wanted = process.argv.slice(2)

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

/** Runs node's test runner on `files` and returns the counts of its closing summary. */
async function runTests(files: string[]): Promise<Counts> {
  const child = spawn(
    process.execPath,
    ['--test', '--test-reporter=spec', '--test-concurrency=2', '--test-timeout=600000', ...files],
    {
      cwd: root,
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, NODE_NO_WARNINGS: '1' },
    },
  )
  const counts: Counts = { pass: 0, fail: 0, skipped: 0 }
  createInterface({ input: child.stdout }).on('line', (line) => {
    console.log(line)
    const [, word = '', count = ''] =
      /^\S* ?(pass|fail|cancelled|skipped) (\d+)$/.exec(stripVTControlCharacters(line)) ?? []
    if (word === 'pass') counts.pass += Number(count)
    else if (word === 'skipped') counts.skipped += Number(count)
    else counts.fail += Number(count)
  })
  const exit = await new Promise<number>((done) => child.on('close', (code) => done(code ?? 1)))
  if (exit !== 0 && counts.fail === 0) counts.fail = 1
  return counts
}

const started = Date.now()
const checks = wanted.length === 0 ? await runChecks() : { passed: 0, failed: 0 }
await prepareEnvironment()
const files = await testFiles()
console.log(`\n${files.length} test files`)
const tests = await runTests(files)
const passed = checks.passed + tests.pass
const failed = checks.failed + tests.fail + (tests.pass === 0 ? 1 : 0)
console.log(`\nwhole run: ${((Date.now() - started) / 1000).toFixed(0)} s, tests and static checks`)
console.log(`${passed} passed, ${failed} failed, ${tests.skipped} skipped`)
process.exitCode = failed === 0 ? 0 : 1
