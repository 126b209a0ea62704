import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import { delimiter, join } from 'node:path'

/** The processes of a plane, in starting order. */
export const components = [
  'etcd',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'node-agent',
] as const

export type Component = (typeof components)[number]

/** How a component is started: a file, arguments before its own, and whether it is the project's own binary. */
export interface Launcher {
  file: string
  args: string[]
  own: boolean
}

export type Launchers = Map<Component, Launcher>

async function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  )
}

/** The components that stand as executables in `dir`, under their usual names. */
export async function launchersIn(dir: string): Promise<Launchers> {
  const found: Launchers = new Map()
  for (const component of components) {
    const file = join(dir, component)
    if (component !== 'node-agent' && (await isExecutable(file))) {
      found.set(component, { file, args: [], own: false })
    }
  }
  return found
}

async function onPath(name: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  for (const dir of (env.PATH ?? '').split(delimiter)) {
    if (dir && (await isExecutable(join(dir, name)))) return join(dir, name)
  }
  return undefined
}

/** Path of the Go command, undefined where there is none on PATH. */
export function findGo(env: NodeJS.ProcessEnv): Promise<string | undefined> {
  return onPath('go', env)
}

/**
 * Components that the machine brings: of the folder in KUBEBUILDER_ASSETS, else of PATH; only where both etcd and
 * kube-apiserver are there. Throws when KUBEBUILDER_ASSETS names a folder that lacks either.
 */
export async function findExternal(
  env: NodeJS.ProcessEnv,
): Promise<{ launchers: Launchers; source: string } | undefined> {
  const assets = env.KUBEBUILDER_ASSETS
  if (assets) {
    const launchers = await launchersIn(assets)
    if (!launchers.has('etcd') || !launchers.has('kube-apiserver')) {
      throw new Error(
        `KUBEBUILDER_ASSETS=${assets}: the folder has no executable etcd and kube-apiserver`,
      )
    }
    return { launchers, source: 'KUBEBUILDER_ASSETS' }
  }
  const launchers: Launchers = new Map()
  for (const component of components.slice(0, 4)) {
    const file = await onPath(component, env)
    if (file) launchers.set(component, { file, args: [], own: false })
  }
  if (!launchers.has('etcd') || !launchers.has('kube-apiserver')) return undefined
  return { launchers, source: 'PATH' }
}
