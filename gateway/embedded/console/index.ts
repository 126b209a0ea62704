import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { stringify } from 'yaml'
import { ensureConsole, type ConsoleOptions } from './install.ts'

export interface Console extends AsyncDisposable {
  /** Where a browser finds it, on loopback. */
  readonly url: string
}

const startMs = 60_000

/** Configuration of the console's server: whom it asks, and where its own files are. */
function configuration(apiUrl: string, installed: string): string {
  const modules = join(installed, 'node_modules/@ks-console/server')
  return stringify({
    server: {
      http: { static: { production: { '/public': join(modules, 'public') } } },
      apiServer: { url: apiUrl, wsUrl: apiUrl.replace(/^http/, 'ws') },
    },
  })
}

/**
 * The published web console of the platform in front of `apiUrl`, a process of its own on a free port of loopback;
 * installed first where it is not. Throws when it cannot be installed or does not come up within a minute.
 */
export async function startConsole(apiUrl: string, options: ConsoleOptions): Promise<Console> {
  const installed = await ensureConsole(options)
  await using stack = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'ks-facade-console-'))
  stack.defer(() => rm(folder, { recursive: true, force: true }))
  await mkdir(join(folder, 'configs'))
  await writeFile(join(folder, 'configs/local_config.yaml'), configuration(apiUrl, installed))
  await symlink(join(installed, 'dist'), join(folder, 'dist'))
  const child = spawn(
    process.execPath,
    [
      '--import',
      resolve(import.meta.dirname, 'loopback.ts'),
      join(installed, 'node_modules/@ks-console/server/server.js'),
    ],
    {
      cwd: folder,
      env: { ...process.env, NODE_ENV: 'production', NODE_NO_WARNINGS: '1' },
      // It writes a line for each request.
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    },
  )
  const exited = once(child, 'exit')
  stack.defer(async () => {
    child.kill('SIGKILL')
    await exited
  })
  const late = AbortSignal.timeout(startMs)
  const signal = options.signal ? AbortSignal.any([late, options.signal]) : late
  const [message] = (await Promise.race([
    once(child, 'message', { signal }),
    exited.then(([code]) => {
      throw new Error(`the server of the console ended with ${code}`)
    }),
  ])) as [{ port: number }]
  const owned = stack.move()
  return {
    url: `http://127.0.0.1:${message.port}`,
    [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose](),
  }
}
