/**
 * `npm run faults [-- NEIGHBOUR …]`: lets each neighbour fail in each way, deadlines included (about ten minutes), and
 * prints what callers saw as the table of docs/reliability.md. `npm run faults -- clients`: clients that misbehave instead
 * (about ten minutes). `npm run faults -- login [N]`: how long logins take that fail (two minutes).
 */
import { clientFigures } from './clients/main.ts'
import { loginFigures } from './login/main.ts'
import { startNameStage } from './name-stage.ts'
import { nameRow, rows, type Row } from './neighbours.ts'
import { startStage, type Stage } from './stage.ts'
import { strike, turns, type Seen } from './strike.ts'

const wanted = process.argv.slice(2)
if (wanted.includes('clients')) await clientFigures()
else if (wanted[0] === 'login') await loginFigures(Number(wanted[1] ?? 300))
else await neighbourFigures()

async function neighbourFigures(): Promise<void> {
  console.log('| neighbour | fault | what needs it | everything else | well again after |')
  console.log('| --- | --- | --- | --- | --- |')
  const asked = (row: Row) => wanted.length === 0 || wanted.includes(row.neighbour)
  const some = rows.filter(asked)
  if (some.length > 0) {
    await using stage = await startStage()
    await figuresOf(stage, some)
  }
  if (!asked(nameRow)) return
  await using stage = await startNameStage()
  if (stage) await figuresOf(stage, [nameRow])
}

async function figuresOf(stage: Stage, those: readonly Row[]): Promise<void> {
  let turn = 0
  for (const row of those) {
    for (const fault of row.faults) {
      const { needs, others, recovery } = await strike(stage, row, fault, (turn += turns))
      const cells = [row.neighbour, fault, needs.map(said).join('; '), together(others)]
      console.log(`| ${cells.join(' | ')} | ${seconds(recovery)} |`)
    }
  }
}

function said({ what, statuses, slowest }: Seen): string {
  return `${what}: ${[...statuses.keys()].map(name).join(', ')} in ${seconds(slowest)}`
}

function together(seen: readonly Seen[]): string {
  if (seen.length === 0) return '–'
  const statuses = new Set(seen.flatMap(({ statuses: of }) => [...of.keys()]))
  const slowest = Math.max(...seen.map(({ slowest: of }) => of))
  return `${[...statuses].map(name).join(', ')} in ${seconds(slowest)}`
}

function name(status: number): string {
  return status === 0 ? 'connection ended' : String(status)
}

function seconds(ms: number): string {
  return ms < 950 ? `${Math.ceil(ms)} ms` : `${(ms / 1000).toFixed(1)} s`
}
