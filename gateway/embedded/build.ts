import { spawn } from 'node:child_process'
import { sourceDir } from './cache.ts'
import { withProgress, type Progress } from './progress.ts'
import { versions } from './versions.ts'

function stamps(): string {
  const { version, commit, date } = versions.kubernetes
  const [major = '', minor = ''] = version.split('.')
  const values = {
    gitVersion: `v${version}`,
    gitMajor: major,
    gitMinor: minor,
    gitCommit: commit,
    gitTreeState: 'clean',
    buildDate: date,
  }
  const package_ = 'k8s.io/component-base/version'
  const stamped = Object.entries(values).map(([name, value]) => `-X ${package_}.${name}=${value}`)
  return [...versions.build.ldflags, ...stamped].join(' ')
}

/** Arguments of the one `go build` that makes the control plane into `target`. */
export function buildArguments(target: string): string[] {
  const tags = versions.build.tags.join(',')
  return ['build', '-v', '-trimpath', '-tags', tags, '-ldflags', stamps(), '-o', target, '.']
}

export interface BuildOptions {
  go: string
  env: NodeJS.ProcessEnv
  onProgress: Progress
  signal: AbortSignal
}

/**
 * Builds the control plane into the file `target` with the Go command `go`. An abort stops the compilers too.
 * Throws with the end of what Go said when the build fails.
 */
export async function buildPlane(target: string, options: BuildOptions): Promise<void> {
  const { go, onProgress, signal } = options
  signal.throwIfAborted()
  onProgress(
    `building the control plane (Kubernetes ${versions.kubernetes.version}) with ${go}: ` +
      `${versions.build.expectedMinutes} the first time, then it is kept`,
  )
  const child = spawn(go, buildArguments(target), {
    cwd: sourceDir,
    env: {
      ...options.env,
      CGO_ENABLED: '0',
      GOFLAGS: '-mod=readonly -buildvcs=false',
      GOWORK: 'off',
    },
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
  })
  let tail = ''
  let packages = 0
  child.stderr.setEncoding('utf8')
  child.stderr.on('data', (chunk: string) => {
    packages += chunk.split('\n').length - 1
    tail = (tail + chunk).slice(-4000)
  })
  const stop = () => {
    if (child.pid) process.kill(-child.pid, 'SIGKILL')
  }
  signal.addEventListener('abort', stop, { once: true })
  try {
    const ended = new Promise<number>((done, fail) => {
      child.once('error', fail)
      child.once('close', (code) => done(code ?? -1))
    })
    const detail = () => (packages ? `${packages} packages fetched or compiled` : '')
    const code = await withProgress('building the control plane', onProgress, () => ended, detail)
    signal.throwIfAborted()
    if (code !== 0) throw new Error(`go build ended with ${code}:\n${tail.trimEnd()}`)
  } finally {
    signal.removeEventListener('abort', stop)
  }
}
