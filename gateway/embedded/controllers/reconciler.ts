import type { Change } from '../../kube/api.ts'
import type { GVR } from '../../kube/types.ts'

/** A kind of object whose changes lead to work. */
export interface Source {
  readonly gvr: GVR
  /** Keys to work on after a change; at start every object counts as added. */
  keys(change: Change): Iterable<string>
  /** Milliseconds by which changes are collected before the work starts. */
  readonly delayMs?: number
  /** Looked at when the controllers start, not later. */
  readonly onlyAtStart?: boolean
}

/** Brings the cluster to where it should be for one key, whatever has happened before; safe to repeat. */
export interface Reconciler {
  readonly name: string
  readonly sources: readonly Source[]
  /** Resources that are only read. */
  readonly reads?: readonly GVR[]
  /** Returns milliseconds when it has to look again though nothing changes. Errors lead to a retry. */
  readonly reconcile: (key: string, signal: AbortSignal) => Promise<number | void>
}

/** A key for an object of any namespace. */
export function keyOf(entry: { namespace: string; name: string }): string {
  return `${entry.namespace}/${entry.name}`
}

export function splitKey(key: string): [namespace: string, name: string] {
  const slash = key.indexOf('/')
  return [key.slice(0, slash), key.slice(slash + 1)]
}

/** A source whose objects are their own keys. */
export function own(gvr: GVR): Source {
  return { gvr, keys: ({ entry }) => [keyOf(entry)] }
}

/** A source whose objects name the key in a label; a label that changes concerns both values. */
export function byLabel(gvr: GVR, label: string, delayMs = 0): Source {
  return {
    gvr,
    delayMs,
    *keys({ entry, previous }) {
      for (const name of new Set([entry.labels[label], previous?.labels[label]])) {
        if (name) yield `/${name}`
      }
    },
  }
}
