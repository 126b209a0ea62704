import type { Store } from '../../kube/api.ts'
import type { KubeObject } from '../../kube/types.ts'

interface ContainerStatus {
  name: string
  containerID?: string
  state?: { running?: object; terminated?: object }
}

/** As much of a Pod as its logs need. */
export interface Pod extends KubeObject {
  spec?: {
    containers?: { name: string }[]
    initContainers?: { name: string }[]
    ephemeralContainers?: { name: string }[]
  }
  status?: {
    phase?: string
    containerStatuses?: ContainerStatus[]
    initContainerStatuses?: ContainerStatus[]
    ephemeralContainerStatuses?: ContainerStatus[]
  }
}

/** One run of a container. */
export interface Run {
  readonly id: string
  readonly running: boolean
}

/** The last run of a container that has begun; undefined before the first. */
export function runOf({ status = {} }: Pod, container: string): Run | undefined {
  const lists = [
    status.containerStatuses,
    status.initContainerStatuses,
    status.ephemeralContainerStatuses,
  ]
  for (const { name, containerID, state } of lists.flatMap((list) => list ?? [])) {
    if (name === container && containerID) return { id: containerID, running: !!state?.running }
  }
  return undefined
}

/** Whether no container of the pod will run again. */
export function isFinished({ status }: Pod): boolean {
  return status?.phase === 'Succeeded' || status?.phase === 'Failed'
}

/** Names of the containers whose logs are read: of those asked for the ones that the pod has, else the regular ones. */
export function containersOf({ spec = {} }: Pod, asked?: readonly string[]): string[] {
  const names = (list: { name: string }[] = []) => list.map(({ name }) => name)
  const regular = names(spec.containers)
  if (!asked) return regular
  const all = [...regular, ...names(spec.initContainers), ...names(spec.ephemeralContainers)]
  return all.filter((name) => asked.includes(name))
}

/** The pods of a namespace as they change. */
export interface PodBook {
  get(name: string): Pod | undefined
  all(): Pod[]
  /** Resolves with the first value of `ask` that is not undefined, asked now and after each change. */
  until<T>(ask: () => T | undefined, signal: AbortSignal): Promise<T>
  /** Told the name of the pod; returns the function that ends it. */
  onChange(listener: (name: string) => void): () => void
}

/** Follows a watch cache of pods, as long as somebody listens; other namespaces are left aside. */
export function createPodBook(store: Store, namespace: string): PodBook {
  const listeners = new Set<(name: string) => void>()
  let unsubscribe: (() => void) | undefined
  const onChange = (listener: (name: string) => void): (() => void) => {
    listeners.add(listener)
    unsubscribe ??= store.subscribe(({ entry }) => {
      if (entry.namespace !== namespace) return
      for (const one of listeners) one(entry.name)
    })
    return () => {
      if (!listeners.delete(listener) || listeners.size > 0) return
      unsubscribe?.()
      unsubscribe = undefined
    }
  }
  return {
    get: (name) => store.get(namespace, name)?.object,
    all: () => Array.from(store.entries(namespace), ({ object }) => object),
    onChange,
    async until<T>(ask: () => T | undefined, signal: AbortSignal) {
      const { promise, resolve, reject } = Promise.withResolvers<T>()
      const look = () => {
        const value = ask()
        if (value !== undefined) resolve(value)
      }
      const abort = () => reject(signal.reason as Error)
      const undo = onChange(look)
      signal.addEventListener('abort', abort)
      if (signal.aborted) abort()
      else look()
      try {
        return await promise
      } finally {
        undo()
        signal.removeEventListener('abort', abort)
      }
    },
  }
}
