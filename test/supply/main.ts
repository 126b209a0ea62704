/**
 * `npm run sbom` prints the bill of materials; `npm run audit` asks the registry for known holes of production packages,
 * and says so where it cannot be asked.
 */
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { runAny } from '../env/run.ts'
import { billOf, type Lock } from './bill.ts'
import { GO_SUMS } from './go-sums.ts'

const root = resolve(import.meta.dirname, '../..')
const read = (path: string) => readFile(resolve(root, path), 'utf8')

async function sbom(): Promise<void> {
  const lock = JSON.parse(await read('package-lock.json')) as Lock
  const bill = billOf(lock, await Promise.all(GO_SUMS.map(read)))
  process.stdout.write(`${JSON.stringify(bill, null, 2)}\n`)
}

async function audit(): Promise<void> {
  const args = [
    'audit',
    '--omit=dev',
    '--package-lock-only',
    '--audit-level=high',
    '--loglevel=warn',
  ]
  const { code, output } = await runAny('npm', args, root)
  if (code !== 0 && /audit endpoint returned an error|\bE?NOAUDIT\b|network/i.test(output)) {
    console.log('NOT AUDITED: the registry of this machine does not answer questions about holes')
    return
  }
  console.log(output.trimEnd())
  process.exitCode = code
}

await (process.argv[2] === 'audit' ? audit() : sbom())
