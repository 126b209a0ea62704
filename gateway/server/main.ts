/** Commands of the project: `start`, `serve`, `plane`. What goes wrong is one clear line and an exit code other than 0. */
import { ConfigError, helpText, loadConfig, wantsHelp } from '../config/index.ts'
import { ComponentError, runPlane } from '../embedded/index.ts'
import { ApiError } from '../lib/errors.ts'
import { parseStart, startHelp } from './start-options.ts'

/** One Ctrl-C may arrive several times, from the terminal and from those who pass it on. */
const sameSignalMs = 1000

const stop = new AbortController()
let asked = 0
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(name, () => {
    if (stop.signal.aborted && performance.now() - asked > sameSignalMs) process.exit(130)
    if (stop.signal.aborted) return
    asked = performance.now()
    stop.abort(new Error(`stopped by ${name}`))
  })
}

// Whoever started us holds the other end of this channel, and may be killed without a chance to say so.
process.once('disconnect', () => stop.abort(new Error('the process that started this one is gone')))
process.channel?.unref()

const progress = (line: string) => console.error(line)
const print = (line: string) => console.log(line)

/** The server itself is loaded once it is clear that it will run: that takes a second. */
const commands: Record<string, (args: string[]) => Promise<void>> = {
  start: async (args) => {
    if (wantsHelp(args)) return print(startHelp)
    const options = parseStart(args, process.env)
    const { start } = await import('./start.ts')
    await start(options, { signal: stop.signal, print, progress })
  },
  serve: async (args) => {
    if (wantsHelp(args)) return print(helpText())
    const config = await loadConfig({ args, env: process.env })
    const { startFacade } = await import('./serve.ts')
    const { createLogger } = await import('../telemetry/index.ts')
    await using facade = await startFacade(config, {
      log: createLogger({ level: config.log.level }),
    })
    progress(`listening on ${facade.server.url}`)
    facade.warm()
    if (stop.signal.aborted) return
    await new Promise((resolve) => stop.signal.addEventListener('abort', resolve, { once: true }))
  },
  plane: async (args) => {
    if (wantsHelp(args)) return print(planeHelp)
    await runPlane(args, { signal: stop.signal, print, progress })
  },
}

const planeHelp = [
  'A Kubernetes control plane on loopback, empty; prints the path of its kubeconfig when it is ready.',
  '',
  '  --data-dir DIR   keeps the state; needed',
  '  --port N         port of kube-apiserver; any free one by default',
  '  --nodes N        how many nodes join; none by default',
].join('\n')

/** A message for a person: what went wrong, and what caused it where the message alone does not say. */
function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  // Their own messages say all of it.
  if (error instanceof ConfigError || error instanceof ApiError || error instanceof ComponentError)
    return error.message
  const cause = error.cause instanceof Error ? ` (${error.cause.message})` : ''
  return `${error.message}${cause}`
}

const [name = '', ...args] = process.argv.slice(2)
const command = Object.hasOwn(commands, name) ? commands[name] : undefined
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
// Everything is released by now; a host that never answers must not hold the process.
setTimeout(() => process.exit(), 2000).unref()
