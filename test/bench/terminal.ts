/**
 * What a terminal adds to the echo of a keystroke, over `kubectl exec` on the same plane: one key at a time goes to each
 * way in turn and its echo is waited for. kubectl is measured through pipes, where `cat` answers, and at a pseudo-terminal
 * of its own, where the TTY of the container does, as it does in a terminal of ours; the quicker of both counts. The
 * server is a process of its own. Run: `node test/bench/terminal.ts [keys]`.
 */
import { fork, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { login } from '../e2e/http.ts'
import { ensureKubectl } from '../env/kubectl.ts'
import { openTerminal, PASSWORD, startStage } from '../terminal/stage.ts'

/** Of util-linux: gives a command a terminal. */
const WITH_TERMINAL = 'script'
const keys = Number(process.argv[2] ?? 1000)
const kubectl = await ensureKubectl()
if (kubectl) await compare(kubectl)

/** Something that sends a key and calls back with everything that it shows. */
interface Way {
  readonly name: string
  press(key: string): void
  onOutput(listener: (text: string) => void): void
}

async function compare(binary: string): Promise<void> {
  await using stage = await startStage()
  await stage.pod('box')
  await using stack = new AsyncDisposableStack()
  const kubeconfig = stage.plane.kubeconfigPath
  const change = { authentication: { multipleLogin: true, issuer: { jwtSecret: 'of-the-bench' } } }
  const server = fork(join(import.meta.dirname, '../terminal/server-process.ts'), [
    kubeconfig,
    JSON.stringify(change),
  ])
  stack.defer(() => stop(server))
  const [url] = (await once(server, 'message')) as [string]
  const token = await login(url, 'admin', PASSWORD)

  const exec = [`--kubeconfig=${kubeconfig}`, 'exec', 'box']
  const piped = spawn(binary, [...exec, '-i', '--', 'cat'])
  const line = [binary, ...exec, '-it', '--', 'sh'].join(' ')
  const typed = spawn(WITH_TERMINAL, ['-qfc', line, '/dev/null'])
  const terminal = stack.use(
    await openTerminal(url, '/namespaces/default/pods/box/exec?shell=sh', token),
  )
  stack.defer(() => stop(typed))
  stack.defer(() => stop(piped))
  const ways: readonly Way[] = [
    {
      name: 'kubectl, pipes',
      press: (key) => piped.stdin.write(key),
      onOutput: (listener) => piped.stdout.on('data', (data: Buffer) => listener(data.toString())),
    },
    {
      name: 'kubectl, terminal',
      press: (key) => typed.stdin.write(key),
      onOutput: (listener) => typed.stdout.on('data', (data: Buffer) => listener(data.toString())),
    },
    {
      name: 'ks-facade',
      press: (key) => terminal.type(key),
      onOutput: (listener) =>
        terminal.socket.on('message', (data: Buffer) =>
          listener((JSON.parse(data.toString()) as { Data: string }).Data),
        ),
    },
  ]
  const echo = ways.map(echoOf)
  await sleep(2000)
  const took: number[][] = ways.map(() => [])
  for (let count = -50; count < keys; count++) {
    const key = String.fromCharCode(97 + (Math.abs(count) % 26))
    for (const [at, press] of echo.entries()) {
      const ms = await press(key)
      if (count >= 0) took[at]?.push(ms)
      await sleep(1)
    }
  }
  const medians = took.map((all) => quantile(all, 0.5))
  for (const [at, { name }] of ways.entries()) {
    const p99 = quantile(took[at] ?? [], 0.99).toFixed(2)
    console.log(`${name.padEnd(18)} p50 ${medians[at]?.toFixed(2)} ms p99 ${p99} ms`)
  }
  const [pipes = 0, tty = 0, ours = 0] = medians
  console.log(`added at the median: ${(ours - Math.min(pipes, tty)).toFixed(2)} ms`)
}

/** Presses a key and gives the milliseconds until it is shown. */
function echoOf(way: Way): (key: string) => Promise<number> {
  let seen = (_text: string): void => {}
  way.onOutput((text) => seen(text))
  return async (key) => {
    const { promise, resolve } = Promise.withResolvers<number>()
    const pressed = performance.now()
    seen = (text) => text.includes(key) && resolve(performance.now() - pressed)
    way.press(key)
    const late = AbortSignal.timeout(20_000)
    late.addEventListener('abort', () => resolve(Number.NaN))
    const ms = await promise
    if (Number.isNaN(ms)) throw new Error(`${way.name} does not echo`)
    return ms
  }
}

function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length * part)] ?? 0
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill()
  await gone
}
