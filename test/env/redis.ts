import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { ensureDebianPackages } from './packages.ts'
import { onFreePort } from './ports.ts'

export interface RedisServer extends AsyncDisposable {
  readonly port: number
  stop(): Promise<void>
  /** On the same port, empty. */
  start(): Promise<void>
}

/** A private redis-server on a free loopback port, nothing kept on disk. Installs Debian's package where it is missing. */
export async function startRedis(): Promise<RedisServer> {
  await ensureDebianPackages(['redis-server'])
  let running: ReturnType<typeof spawn> | undefined
  const stop = async () => {
    const child = running
    running = undefined
    if (!child || child.exitCode !== null) return
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  const startAt = async (port: number) => {
    const flags = ['--port', `${port}`, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no']
    const child = spawn('redis-server', flags, { stdio: ['ignore', 'pipe', 'inherit'] })
    running = child
    await new Promise<void>((resolve, reject) => {
      child.once('error', reject)
      child.once('exit', (code) => reject(new Error(`redis-server ended with ${code}`)))
      child.stdout.on('data', (chunk: Buffer) => {
        if (chunk.includes('Ready to accept connections')) resolve()
      })
    })
  }
  const port = await onFreePort(async (free) => {
    await startAt(free)
    return free
  })
  return { port, start: () => startAt(port), stop, [Symbol.asyncDispose]: stop }
}
