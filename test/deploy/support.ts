import { execFile } from 'node:child_process'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import { parseAllDocuments } from 'yaml'
import type { KubeObject } from '../../gateway/kube/types.ts'
import { ensureHelm } from '../env/kubectl.ts'

export const deployFolder = resolve(import.meta.dirname, '../../deploy')
export const chart = resolve(deployFolder, 'helm/ks-facade')

/** Objects of a stream of YAML documents. */
export function objectsOf(text: string): KubeObject[] {
  return parseAllDocuments(text).flatMap((document) => {
    if (document.errors[0]) throw document.errors[0]
    const object = document.toJS() as KubeObject | null
    return object ? [object] : []
  })
}

/** What `helm template` makes of the chart with these values; throws with what it says when it refuses them. */
export async function render(values: Record<string, unknown> = {}): Promise<string> {
  const helm = await ensureHelm()
  if (!helm) throw new Error('there is no Helm here')
  const set = Object.entries(values).flatMap(([key, value]) => [
    '--set-json',
    `${key}=${JSON.stringify(value)}`,
  ])
  const args = ['template', 'ks-facade', chart, '--namespace', 'kubesphere-system', ...set]
  // Apart from what Helm says beside it, as of the alerts, which are a link.
  const { stdout } = await promisify(execFile)(helm, args)
  return stdout
}
