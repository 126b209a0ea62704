import { buildPlane } from './build.ts'
import { cacheDir, cached, cachedOrBuilt, cacheKey } from './cache.ts'
import { ensureEnvtest } from './envtest.ts'
import { components, findExternal, findGo, type Component, type Launchers } from './external.ts'
import type { Progress } from './progress.ts'
import { ensureToolchain } from './toolchain.ts'
import { versions } from './versions.ts'

/** What starts each component of a plane; `missing` ones cannot be started here, and `source` says where the rest is from. */
export interface Binaries {
  launchers: Launchers
  missing: Component[]
  source: string
}

export interface BinaryOptions {
  onProgress?: Progress
  signal?: AbortSignal
  env?: NodeJS.ProcessEnv
  /** Components that are needed; all by default. */
  needs?: readonly Component[]
}

function options(reason: string): Error {
  return new Error(
    `no control plane can be started: ${reason}. Any one of these helps:\n` +
      '  - an existing cluster: --kubeconfig FILE or KUBECONFIG\n' +
      '  - KUBEBUILDER_ASSETS=DIR with etcd and kube-apiserver in it, or both on PATH\n' +
      `  - Go ${versions.go.oldest} or newer on PATH: the control plane is built from its modules (${versions.build.expectedMinutes})\n` +
      '  - GOPROXY=ADDRESS of a Go module proxy: Go itself is taken from there, then the same build\n' +
      '  - a network that has the envtest release archive (etcd and kube-apiserver only)',
  )
}

function own(file: string, wanted: readonly Component[]): Launchers {
  return new Map(wanted.map((component) => [component, { file, args: [component], own: true }]))
}

/**
 * The components that a plane needs, in this order: what the machine brings (KUBEBUILDER_ASSETS, PATH), the cache folder,
 * the envtest archive when it has all that is needed, a build with the Go of PATH or of the module proxy. Where nothing
 * can be built, a plane of only etcd and kube-apiserver is offered and the rest is `missing`. Throws with the list of
 * ways out when not even that is there, when a build fails, or with the abort reason of `signal`.
 */
export async function ensureBinary(given: BinaryOptions = {}): Promise<Binaries> {
  const env = given.env ?? process.env
  const onProgress = given.onProgress ?? (() => undefined)
  const signal = given.signal ?? new AbortController().signal
  const needs = given.needs ?? components
  const io = { env, onProgress, signal }
  const dir = cacheDir(env)

  const external = await findExternal(env)
  const brought: Launchers = new Map(
    [...(external?.launchers ?? [])].filter(([component]) => needs.includes(component)),
  )
  const rest = needs.filter((component) => !brought.has(component))
  const from = external ? [external.source] : []
  const combine = (more: Launchers, source: string): Binaries => ({
    launchers: new Map([...brought, ...more]),
    missing: rest.filter((component) => !more.has(component)),
    source: [...from, source].join(' and '),
  })
  if (rest.length === 0) return { launchers: brought, missing: [], source: from.join() }

  const key = await cacheKey()
  const found = await cached(dir, key)
  if (found) return combine(own(found, rest), found)

  const onlyCore = rest.every((component) => component === 'etcd' || component === 'kube-apiserver')
  if (onlyCore) {
    const envtest = await ensureEnvtest(dir, io)
    if (envtest) return combine(envtest, 'the envtest archive')
  }
  const go = (await findGo(env)) ?? (await ensureToolchain(dir, io))
  if (go) {
    const file = await cachedOrBuilt(dir, key, (to) => buildPlane(to, { ...io, go }), io)
    return combine(own(file, rest), file)
  }
  const core = external ? brought : await ensureEnvtest(dir, io)
  if (!core) throw options('there is no Go to build it with')
  const partial = combine(core, external ? 'nothing else' : 'the envtest archive')
  onProgress(
    `no Go to build the rest with: starting without ${partial.missing.join(', ')}, so no pod will run`,
  )
  return partial
}
