import { isDeepStrictEqual } from 'node:util'
import type { KubeClient } from '../../gateway/kube/api.ts'
import { eventually, type Stage } from '../terminal/stage.ts'

export const PODS = { group: '', version: 'v1', resource: 'pods' }

const iam = (resource: string) => ({ group: 'iam.kubesphere.io', version: 'v1beta1', resource })

/** Containers by name, each with the script that it runs. */
export type Scripts = Readonly<Record<string, string>>

/** The spec of a pod that ends by itself. */
export function specOf(scripts: Scripts) {
  return {
    restartPolicy: 'Never',
    terminationGracePeriodSeconds: 1,
    containers: Object.entries(scripts).map(([name, script]) => ({
      name,
      image: 'busybox',
      command: ['sh', '-c', script],
    })),
  }
}

/** Creates a pod in namespace default. */
export async function runPod(
  kube: KubeClient,
  name: string,
  scripts: Scripts,
  labels: Record<string, string> = {},
): Promise<void> {
  const metadata = { name, namespace: 'default', labels }
  await kube.create(PODS, { apiVersion: 'v1', kind: 'Pod', metadata, spec: specOf(scripts) })
}

/** Resolves when a pod of namespace default is in a phase. */
export async function reach(kube: KubeClient, name: string, phase: string): Promise<void> {
  await eventually(async () => {
    const pod = await kube.get(PODS, name, { namespace: 'default' })
    return (pod['status'] as { phase?: string } | undefined)?.phase === phase
  })
}

/** A user of namespace default with a role of their own, of that name, that has just these rules. */
export async function member(stage: Stage, name: string, rules: object[]): Promise<string> {
  const token = await stage.member(name)
  await stage.kube.patch(iam('roles'), name, { rules }, { namespace: 'default', type: 'merge' })
  await eventually(async () => {
    const roles = await stage.facade.app.clusters.host.caches.store(iam('roles'))
    const held = roles.get('default', name)?.object['rules']
    return isDeepStrictEqual(held, rules)
  })
  return token
}

/** Takes the role of `member` away. */
export async function dismiss(stage: Stage, name: string): Promise<void> {
  await stage.kube.delete(iam('rolebindings'), name, { namespace: 'default' })
}
