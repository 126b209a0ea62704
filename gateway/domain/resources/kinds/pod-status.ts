import type { KubeObject } from '../../../kube/types.ts'
import { listAt, textAt } from '../kind.ts'

interface ContainerStatus {
  state?: {
    waiting?: { reason?: string }
    terminated?: { reason?: string; exitCode?: number; signal?: number }
    running?: unknown
  }
  ready?: boolean
}

function containersOf(status: unknown, member: string): ContainerStatus[] {
  return listAt(status, member)
}

/** The one word that stands for a pod: resources-tenant.md §4.5. */
export function podStatus(pod: KubeObject): 'Waiting' | 'Running' | 'Error' | 'Completed' {
  const reason = podReason(pod)
  if (reason === 'Running') return 'Running'
  if (reason === 'Failed' || reason === 'Error' || reason.startsWith('OutOf')) return 'Error'
  if (reason === 'Completed') return 'Completed'
  return reason === 'Succeeded' && isCompleted(pod) ? 'Completed' : 'Waiting'
}

/** What `kubectl get pods` prints in its column STATUS. */
export function podReason(pod: KubeObject): string {
  const { status } = pod
  if (pod.metadata.deletionTimestamp) {
    return textAt(status, 'reason') === 'NodeLost' ? 'Unknown' : 'Terminating'
  }
  const initial = initReason(pod)
  if (initial !== undefined) return initial
  let reason = textAt(status, 'reason') || textAt(status, 'phase')
  let running = false
  for (const container of containersOf(status, 'containerStatuses').toReversed()) {
    const { waiting, terminated } = container.state ?? {}
    if (waiting?.reason) reason = waiting.reason
    else if (terminated) reason = terminated.reason || exitReason(terminated)
    else if (container.ready && container.state?.running) running = true
  }
  if (reason === 'Completed' && running) return isReady(pod) ? 'Running' : 'NotReady'
  return reason
}

function exitReason({ signal, exitCode }: { signal?: number; exitCode?: number }): string {
  return signal ? `Signal:${signal}` : `ExitCode:${exitCode ?? 0}`
}

/** The first init container that is not done. */
function initReason({ spec, status }: KubeObject): string | undefined {
  for (const [index, container] of containersOf(status, 'initContainerStatuses').entries()) {
    const { waiting, terminated } = container.state ?? {}
    if (terminated) {
      if (!terminated.exitCode) continue
      return `Init:${terminated.reason || exitReason(terminated)}`
    }
    if (waiting?.reason && waiting.reason !== 'PodInitializing') return `Init:${waiting.reason}`
    return `Init:${index}/${listAt(spec, 'initContainers').length}`
  }
  return undefined
}

function isReady({ status }: KubeObject): boolean {
  return listAt(status, 'conditions').some(
    ({ type, status: value }) => type === 'Ready' && value === 'True',
  )
}

function isCompleted({ status }: KubeObject): boolean {
  return listAt(status, 'conditions').every(
    ({ type, reason }) => type !== 'Ready' || reason === 'PodCompleted',
  )
}

/** Names of the claims that a pod mounts. */
export function podClaims({ spec }: KubeObject): string[] {
  return listAt(spec, 'volumes')
    .map((volume) => textAt(volume, 'persistentVolumeClaim', 'claimName'))
    .filter((name) => name !== '')
}

/** The addresses of a pod, each as the filter `podIP` reads it. */
export function podAddresses({ status }: KubeObject): string[] {
  return listAt(status, 'podIPs').map((address) => `&PodIP{IP:${textAt(address, 'ip')},}`)
}

/** Name of the last ReplicaSet among the owners. */
export function replicaSetOf({ metadata }: KubeObject): string {
  const owner = (metadata.ownerReferences ?? []).findLast(({ kind }) => kind === 'ReplicaSet')
  return owner?.name ?? ''
}
