import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { KubeClient } from '../../../gateway/kube/api.ts'
import { GRAPH_ANNOTATION } from '../../../gateway/domain/extensions/index.ts'

export interface ExtensionProcess extends AsyncDisposable {
  readonly url: string
  /** Makes it misbehave, or well again. Resolves to how many requests for the graph it had so far. */
  behave(mode: 'well' | 'broken' | 'garbage' | 'slow' | 'lying'): Promise<number>
}

/** Starts the extension of these tests as a process of its own. */
export async function startExtension(): Promise<ExtensionProcess> {
  const child = fork(join(import.meta.dirname, 'server.ts'), { stdio: ['ignore', 1, 2, 'ipc'] })
  const [port] = (await once(child, 'message')) as [number]
  const url = `http://127.0.0.1:${port}`
  return {
    url,
    async behave(mode) {
      const response = await fetch(`${url}/mode`, { method: 'POST', body: mode })
      return Number(await response.text())
    },
    async [Symbol.asyncDispose]() {
      const exit = once(child, 'exit')
      child.kill('SIGKILL')
      await exit
    },
  }
}

const of = { group: 'extensions.kubesphere.io', version: 'v1alpha1' }
export const APISERVICES = { ...of, resource: 'apiservices' }
export const EXTENSIONENTRIES = { ...of, resource: 'extensionentries' }

/** Registers an API group `<name>.io` served at `url`, with a graph unless other annotations are given. */
export async function announce(
  kube: KubeClient,
  name: string,
  url: string,
  annotations: Readonly<Record<string, string>> = { [GRAPH_ANNOTATION]: '/graphql' },
): Promise<void> {
  await kube.create(APISERVICES, {
    apiVersion: 'extensions.kubesphere.io/v1alpha1',
    kind: 'APIService',
    metadata: { name: `v1.${name}.io`, annotations },
    spec: { group: `${name}.io`, version: 'v1', url },
    status: { state: 'Available' },
  })
}
