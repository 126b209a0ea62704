/**
 * `npm run bench [-- NAME …]`: runs the benchmarks of this folder one after the other, each in its own process. They
 * print ratios measured in one run; nothing is asserted.
 */
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'

const wanted = process.argv.slice(2)
const names = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.ts') && file !== 'main.ts')
  .filter((file) => wanted.length === 0 || wanted.some((part) => file.includes(part)))
  .toSorted()

console.log(
  `${names.length} benchmarks on ${availableParallelism()} cores, Node ${process.version}`,
)
for (const name of names) {
  console.log(`\n== ${name.replace(/\.ts$/, '')}`)
  const { status } = spawnSync(
    process.execPath,
    [...process.execArgv, join(import.meta.dirname, name)],
    {
      stdio: 'inherit',
    },
  )
  if (status !== 0) process.exitCode = 1
}
