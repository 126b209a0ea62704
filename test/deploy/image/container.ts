import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from '../../env/run.ts'
import type { Image } from './build.ts'

/** The user of the image, and of the chart. */
export const USER = 65532

export interface Container extends AsyncDisposable {
  readonly url: string
  /** From the start of the runtime to the line that says where it listens, milliseconds. */
  readonly startMs: number
  /** What it has printed. */
  said(): string
  /** What the kernel says of its process: `Uid`, `CapEff`, `NoNewPrivs` …, by name. */
  status(): Promise<ReadonlyMap<string, string>>
  /** Its mounts: path → options. */
  mounts(): Promise<ReadonlyMap<string, string>>
  /** Sends SIGTERM; resolves with how it ended after how long. */
  stop(): Promise<{ code: number | null; ms: number }>
}

/**
 * Runs the image with runc as the chart has it run: user 65532, a root that cannot be written, no capability, no new
 * privileges, an empty `/tmp`, the folder `config` at `/etc/kubesphere`. It shares the network of this machine.
 */
export async function runImage(
  image: Image,
  config: string,
  { args, heapMiB }: { args: readonly string[]; heapMiB: number },
): Promise<Container> {
  await using stack = new AsyncDisposableStack()
  const bundle = await mkdtemp(join(tmpdir(), 'ks-facade-bundle-'))
  stack.defer(() => rm(bundle, { recursive: true, force: true }))
  const state = join(bundle, 'state')
  await mkdir(state)
  const env = [...image.config.Env, `NODE_OPTIONS=--max-old-space-size=${heapMiB}`]
  const spec = specOf(image, config, [...image.config.Entrypoint, ...args], env)
  await writeFile(join(bundle, 'config.json'), JSON.stringify(spec))
  const id = `ks-facade-${process.pid}`
  const runtime = ['--root', state]
  const started = performance.now()
  const child = spawn('runc', [...runtime, 'run', '--bundle', bundle, id], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = once(child, 'close') as Promise<[number | null]>
  stack.defer(async () => {
    await run('runc', [...runtime, 'delete', '--force', id])
    await ended
  })
  let said = ''
  const listening = Promise.withResolvers<string>()
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text
      const url = /^listening on (\S+)$/m.exec(said)?.[1]
      if (url) listening.resolve(url)
    })
  }
  void ended.then(([code]) => listening.reject(new Error(`it ended with ${code}:\n${said}`)))
  const url = await listening.promise
  const startMs = performance.now() - started
  const { pid } = JSON.parse(await run('runc', [...runtime, 'state', id])) as { pid: number }
  const owned = stack.move()
  return {
    url,
    startMs,
    said: () => said,
    async status() {
      const lines = (await readFile(`/proc/${pid}/status`, 'utf8')).split('\n')
      return new Map(lines.map((line) => line.split(/:\s*/, 2) as [string, string]))
    },
    async mounts() {
      const lines = (await readFile(`/proc/${pid}/mounts`, 'utf8')).trim().split('\n')
      return new Map(lines.map((line) => [line.split(' ')[1] ?? '', line.split(' ')[3] ?? '']))
    },
    async stop() {
      const asked = performance.now()
      await run('runc', [...runtime, 'kill', id, 'TERM'])
      const [code] = await ended
      return { code, ms: performance.now() - asked }
    },
    [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose](),
  }
}

/** Configuration of an OCI runtime (runtime-spec 1.0.2). */
function specOf(image: Image, config: string, args: string[], env: string[]): object {
  const none = { bounding: [], effective: [], inheritable: [], permitted: [], ambient: [] }
  const bound = (source: string, destination: string) => ({
    source,
    destination,
    type: 'bind',
    options: ['bind', 'ro', 'nosuid', 'nodev', 'noexec'],
  })
  return {
    ociVersion: '1.0.2',
    root: { path: image.rootfs, readonly: true },
    process: {
      args,
      env,
      cwd: '/tmp',
      user: { uid: USER, gid: USER },
      capabilities: none,
      noNewPrivileges: true,
      terminal: false,
    },
    mounts: [
      { destination: '/proc', type: 'proc', source: 'proc' },
      {
        destination: '/dev',
        type: 'tmpfs',
        source: 'tmpfs',
        options: ['nosuid', 'strictatime', 'mode=755', 'size=64k'],
      },
      {
        destination: '/tmp',
        type: 'tmpfs',
        source: 'tmpfs',
        options: ['nosuid', 'nodev', 'mode=1777', 'size=256m'],
      },
      bound(config, '/etc/kubesphere'),
    ],
    linux: {
      namespaces: ['pid', 'ipc', 'uts', 'mount'].map((type) => ({ type })),
      maskedPaths: ['/proc/kcore', '/proc/keys', '/proc/timer_list'],
      readonlyPaths: ['/proc/sys', '/proc/irq', '/proc/bus'],
    },
  }
}
