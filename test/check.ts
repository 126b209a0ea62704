/**
 * `npm run check`: format, lint, types, unused code, generated code. Every gate prints what it looked at, because a
 * tool that checks nothing passes too.
 */
import { glob, readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { runAny, type Ran } from './env/run.ts'

const root = resolve(import.meta.dirname, '..')
const bin = (name: string) => resolve(root, 'node_modules/.bin', name)

const run = (command: string, args: string[]) => runAny(command, args, root)

async function sourceCount(): Promise<number> {
  let count = 0
  for await (const _ of glob('{gateway,resolvers,rest-compat,test,examples}/**/*.{ts,tsx}', {
    cwd: root,
  }))
    count++
  return count
}

/** Runs codegen into memory's place: regenerates, compares with what is committed, and says so when they differ. */
async function codegen(): Promise<Ran> {
  const file = resolve(root, 'resolvers/types.generated.ts')
  const before = await readFile(file, 'utf8')
  const ran = await run(process.execPath, [resolve(root, 'gateway/bootstrap.mjs'), 'codegen'])
  if (ran.code !== 0) return ran
  const same = before === (await readFile(file, 'utf8'))
  return {
    code: same ? 0 : 1,
    output: same ? '' : 'resolvers/types.generated.ts was stale and is regenerated: commit it',
  }
}

const folders = ['gateway', 'resolvers', 'rest-compat', 'test', 'examples']

const gates: { name: string; run: () => Promise<Ran> }[] = [
  {
    name: 'format (prettier)',
    run: () => run(bin('prettier'), ['--check', '--log-level=warn', '.']),
  },
  {
    name: 'lint (oxlint, type-aware)',
    run: () => run(bin('oxlint'), ['--deny-warnings', ...folders]),
  },
  { name: 'types (tsc)', run: () => run(bin('tsc'), ['--noEmit', '-p', '.']) },
  {
    name: 'types of the explorer (tsc)',
    run: () => run(bin('tsc'), ['--noEmit', '-p', 'gateway/server/explorer/client']),
  },
  { name: 'unused code (knip)', run: () => run(bin('knip'), []) },
  { name: 'generated types (graphql-codegen)', run: codegen },
]

/** Runs every gate and prints a line for each; returns how many passed and failed. */
export async function runChecks(): Promise<{ passed: number; failed: number }> {
  console.log(`static checks over ${await sourceCount()} TypeScript files`)
  let failed = 0
  for (const gate of gates) {
    const started = Date.now()
    const { code, output } = await gate.run()
    const seconds = ((Date.now() - started) / 1000).toFixed(1)
    console.log(`${code === 0 ? 'ok  ' : 'FAIL'} ${gate.name} (${seconds} s)`)
    if (code !== 0) {
      failed++
      console.log(output.trimEnd())
    }
  }
  return { passed: gates.length - failed, failed }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { failed } = await runChecks()
  process.exitCode = failed === 0 ? 0 : 1
}
