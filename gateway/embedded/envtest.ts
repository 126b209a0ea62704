import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { launchersIn, type Launchers } from './external.ts'
import { acquireLock } from './lock.ts'
import { withProgress, type Progress } from './progress.ts'
import { pinned, platform, versions } from './versions.ts'

async function fetchArchive(signal: AbortSignal): Promise<Response | undefined> {
  const address = `${versions.envtest.source}/envtest-v${versions.envtest.version}-${platform()}.tar.gz`
  const probe = new AbortController()
  const timer = setTimeout(() => probe.abort(), 5000)
  try {
    const response = await fetch(address, { signal: AbortSignal.any([signal, probe.signal]) })
    return response.ok ? response : undefined
  } catch {
    signal.throwIfAborted()
    return undefined
  } finally {
    clearTimeout(timer)
  }
}

async function unpack(archive: string, dir: string): Promise<void> {
  const child = spawn('tar', ['-xzf', archive, '-C', dir, '--strip-components=2'], {
    stdio: 'ignore',
  })
  const code = await new Promise<number>((done, fail) => {
    child.once('error', fail)
    child.once('close', (status) => done(status ?? -1))
  })
  if (code !== 0) throw new Error(`tar ended with ${code} on the envtest archive`)
}

/**
 * etcd and kube-apiserver of the pinned envtest release archive, fetched into `dir` on first use. undefined where the
 * network does not have it within five seconds or there is none for this platform. Throws when its checksum is wrong.
 */
export async function ensureEnvtest(
  dir: string,
  options: { onProgress: Progress; signal: AbortSignal },
): Promise<Launchers | undefined> {
  const { onProgress, signal } = options
  const wanted = pinned(versions.envtest.sha512)
  if (!wanted) return undefined
  const home = join(dir, `envtest-${versions.envtest.version}-${platform()}`)
  const kept = await launchersIn(home)
  if (kept.size >= 2) return kept
  const response = await fetchArchive(signal)
  if (!response) return undefined
  await mkdir(dir, { recursive: true })
  await using _ = await acquireLock(`${home}.lock`, {
    onWait: (pid) => onProgress(`process ${pid} is fetching the envtest archive: waiting`),
    signal,
  })
  const draft = `${home}.draft`
  try {
    await rm(draft, { recursive: true, force: true })
    await mkdir(draft)
    const bytes = Buffer.from(
      await withProgress('fetching the envtest archive', onProgress, () => response.arrayBuffer()),
    )
    const sum = createHash('sha512').update(bytes).digest('hex')
    if (sum !== wanted) throw new Error(`the envtest archive has sha512 ${sum}, not ${wanted}`)
    await writeFile(join(draft, 'archive.tar.gz'), bytes)
    await unpack(join(draft, 'archive.tar.gz'), draft)
    await rm(join(draft, 'archive.tar.gz'))
    await rm(home, { recursive: true, force: true })
    await rename(draft, home)
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
  return launchersIn(home)
}
