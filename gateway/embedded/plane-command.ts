import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { startPlane } from './launch.ts'
import type { Progress } from './progress.ts'

export interface PlaneCommand {
  dataDir: string
  port: number | undefined
  nodes: number
}

function numberFlag(name: string, text: string | undefined, most: number): number | undefined {
  if (text === undefined) return undefined
  const value = Number(text)
  if (!Number.isInteger(value) || value < 0 || value > most) {
    throw new Error(`--${name} ${text}: a number from 0 to ${most} is wanted`)
  }
  return value
}

/** Flags of `npm run plane`. Throws with a message that names the flag when one is unknown, missing or bad. */
export function parsePlane(args: string[]): PlaneCommand {
  const { values } = parseArgs({
    args,
    options: {
      'data-dir': { type: 'string' },
      port: { type: 'string' },
      nodes: { type: 'string' },
    },
  })
  if (!values['data-dir']) throw new Error('--data-dir DIR is needed')
  return {
    dataDir: resolve(values['data-dir']),
    port: numberFlag('port', values.port, 65_535),
    nodes: numberFlag('nodes', values.nodes, 100) ?? 0,
  }
}

/**
 * `npm run plane`: an empty control plane whose state stays in `--data-dir`. Prints the path of the kubeconfig, and
 * nothing else, to `print` when it is ready, then runs until `signal` aborts.
 */
export async function runPlane(
  args: string[],
  io: { signal: AbortSignal; print: (line: string) => void; progress: Progress },
): Promise<void> {
  const { dataDir, port, nodes } = parsePlane(args)
  const tell = (fields: object, message: string) => io.progress(message)
  await using plane = await startPlane({
    dataDir,
    nodes,
    ...(port === undefined ? {} : { port }),
    log: { warn: tell, error: tell },
    onProgress: io.progress,
    signal: io.signal,
  })
  io.print(plane.kubeconfigPath)
  if (io.signal.aborted) return
  await new Promise<void>((done) => {
    io.signal.addEventListener('abort', () => done(), { once: true })
  })
}
