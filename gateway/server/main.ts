/** Commands of the project: `start`, `serve`, `plane`. A mistake of the caller is one clear line and exit code 2. */
import { helpText, loadConfig, wantsHelp } from '../config/index.ts'
import { runPlane } from '../embedded/index.ts'
import { createLogger } from '../telemetry/index.ts'
import { startFacade } from './serve.ts'
import { parseStart, start } from './start.ts'

const stop = new AbortController()
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(name, () => {
    stop.abort(new Error(`stopped by ${name}`))
    process.once(name, () => process.exit(130))
  })
}

const progress = (line: string) => console.error(line)
const print = (line: string) => console.log(line)

const commands: Record<string, (args: string[]) => Promise<void>> = {
  start: async (args) =>
    start(parseStart(args, process.env), { signal: stop.signal, print, progress }),
  serve: async (args) => {
    if (wantsHelp(args)) return print(helpText())
    const config = await loadConfig({ args, env: process.env })
    await using facade = await startFacade(config, {
      log: createLogger({ level: config.log.level }),
    })
    progress(`listening on ${facade.server.url}`)
    await new Promise((resolve) => stop.signal.addEventListener('abort', resolve, { once: true }))
  },
  plane: async (args) => runPlane(args, { signal: stop.signal, print, progress }),
}

/** A message for a person: what went wrong, and what caused it where the message alone does not say. */
function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const cause = error.cause instanceof Error ? ` (${error.cause.message})` : ''
  return `${error.message}${cause}`
}

const [name = '', ...args] = process.argv.slice(2)
const command = commands[name]
if (command) {
  try {
    await command(args)
  } catch (error) {
    if (stop.signal.aborted) process.exitCode = 130
    else {
      console.error(`ks-facade ${name}: ${explain(error)}`)
      process.exitCode = 1
    }
  }
} else {
  console.error(`usage: ${Object.keys(commands).join(' | ')}, see README.md`)
  process.exitCode = 2
}
