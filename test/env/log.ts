import { writeSync } from 'node:fs'
import { relative } from 'node:path'
import type { Logger } from 'pino'
import { createLogger } from '../../gateway/telemetry/index.ts'

/** Lines that are kept. */
const longest = 200

/** The log of a server under test: it is shown when a test of this process has failed, the end of it, and else not. */
export function serverLog(): Logger {
  const lines: string[] = []
  process.once('exit', () => {
    if (!process.exitCode || lines.length === 0) return
    const file = relative(process.cwd(), process.argv[1] ?? '')
    writeSync(2, `the last that a server logged in ${file}:\n${lines.join('')}`)
  })
  return createLogger({
    level: 'info',
    destination: {
      write(line) {
        lines.push(line)
        if (lines.length > longest) lines.shift()
      },
    },
  })
}
