import { mkdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { acquireLock } from './lock.ts'
import { withProgress, type Progress } from './progress.ts'
import { pinned, platform, versions } from './versions.ts'
import { extract, moduleSum, readZip } from './zip.ts'

/**
 * The module proxies that this machine is set up for: GOPROXY of the environment, else of Go's own settings file. Only
 * addresses count, `direct` and `off` do not. https://go.dev/ref/mod#goproxy-protocol
 */
export async function moduleProxies(env: NodeJS.ProcessEnv): Promise<string[]> {
  const settings = env.GOENV || join(env.XDG_CONFIG_HOME || join(homedir(), '.config'), 'go', 'env')
  const text = await readFile(settings, 'utf8').catch(() => '')
  const value = env.GOPROXY || /^GOPROXY=(.*)$/m.exec(text)?.[1] || ''
  return value
    .split(/[,|]/)
    .map((address) => address.trim().replace(/\/+$/, ''))
    .filter((address) => /^(https?|file):/.test(address))
}

async function download(address: string, signal: AbortSignal): Promise<Buffer> {
  if (address.startsWith('file:')) return readFile(fileURLToPath(address))
  const response = await fetch(address, {
    signal: AbortSignal.any([signal, AbortSignal.timeout(600_000)]),
  })
  if (!response.ok) throw new Error(`${address} answered ${response.status}`)
  return Buffer.from(await response.arrayBuffer())
}

const isTool = (name: string) => name.startsWith('bin/') || name.startsWith('pkg/tool/')

/**
 * The Go command of the pinned toolchain module, fetched through the module proxy into `dir` on first use and checked
 * against the pinned sum. undefined where no proxy is set or the platform has no pinned sum.
 */
export async function ensureToolchain(
  dir: string,
  options: { env: NodeJS.ProcessEnv; onProgress: Progress; signal: AbortSignal },
): Promise<string | undefined> {
  const { onProgress, signal } = options
  const home = join(dir, `go${versions.go.version}`)
  const go = join(home, 'bin', 'go')
  if (await stat(go).catch(() => undefined)) return go
  const wanted = pinned(versions.go.sums)
  const [proxy] = await moduleProxies(options.env)
  if (!wanted || !proxy) return undefined
  await mkdir(dir, { recursive: true })
  await using _ = await acquireLock(`${home}.lock`, {
    onWait: (pid) => onProgress(`process ${pid} is fetching Go: waiting`),
    signal,
  })
  if (await stat(go).catch(() => undefined)) return go
  const version = `v0.0.1-go${versions.go.version}.${platform()}`
  onProgress(`Go is not on PATH: fetching it as the module golang.org/toolchain@${version} (70 MB)`)
  const archive = await withProgress('fetching Go', onProgress, () =>
    download(`${proxy}/golang.org/toolchain/@v/${version}.zip`, signal),
  )
  const entries = readZip(archive)
  const sum = moduleSum(entries)
  if (sum !== wanted)
    throw new Error(`golang.org/toolchain@${version} has sum ${sum}, not ${wanted}`)
  const draft = `${home}.draft`
  try {
    await rm(draft, { recursive: true, force: true })
    await withProgress('unpacking Go', onProgress, () =>
      extract(entries, draft, `golang.org/toolchain@${version}/`, {
        mode: (name) => (isTool(name) ? 0o755 : 0o644),
        // A module may not hold other modules, so Go's own stand there as _go.mod.
        rename: (name) => name.replace(/(^|\/)_go\.mod$/, '$1go.mod'),
      }),
    )
    signal.throwIfAborted()
    await rename(draft, home)
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
  return go
}
