import type { ClusterAccess } from '../../../gateway/kube/api.ts'
import type { GVR, KubeObject } from '../../../gateway/kube/types.ts'
import {
  CLUSTERS,
  CLUSTER_LABELS,
  CLUSTER_ROLES,
  CLUSTER_ROLE_BINDINGS,
  GLOBAL_ROLES,
  GLOBAL_ROLE_BINDINGS,
  LOGIN_RECORDS,
  NAMESPACES,
  ROLES,
  ROLE_BINDINGS,
  ROLE_TEMPLATES,
  USERS,
  WORKSPACES,
  WORKSPACE_ROLES,
  WORKSPACE_ROLE_BINDINGS,
  WORKSPACE_TEMPLATES,
} from '../../../gateway/domain/names.ts'
import {
  RBAC_CLUSTER_ROLES,
  RBAC_CLUSTER_ROLE_BINDINGS,
  RBAC_ROLES,
  RBAC_ROLE_BINDINGS,
  SECRETS,
} from '../../../gateway/embedded/controllers/names.ts'
import { changes, nameOf, normalise, recordedChanges, type Placeholders } from './normalise.ts'

/** One document of controller-effects.yaml. */
export interface Flow {
  flow: string
  request?: { method?: string; path?: string; body?: unknown; contentType?: string }
  added: KubeObject[]
  changed: {
    apiVersion: string
    kind: string
    namespace?: string
    name: string
    paths: Record<string, { before: unknown; after: unknown }>
  }[]
  removed: { apiVersion: string; kind: string; namespace?: string; name: string }[]
}

const watched: readonly GVR[] = [
  USERS,
  LOGIN_RECORDS,
  ROLE_TEMPLATES,
  GLOBAL_ROLES,
  GLOBAL_ROLE_BINDINGS,
  WORKSPACE_ROLES,
  WORKSPACE_ROLE_BINDINGS,
  CLUSTER_ROLES,
  CLUSTER_ROLE_BINDINGS,
  ROLES,
  ROLE_BINDINGS,
  WORKSPACES,
  WORKSPACE_TEMPLATES,
  NAMESPACES,
  CLUSTERS,
  CLUSTER_LABELS,
  SECRETS,
  RBAC_CLUSTER_ROLES,
  RBAC_CLUSTER_ROLE_BINDINGS,
  RBAC_ROLES,
  RBAC_ROLE_BINDINGS,
]
/** Made by kube-controller-manager in every namespace, whoever the platform's controllers are. */
const notOurs = new Set(['ConfigMap', 'ServiceAccount', 'Job'])

/** Left by a flow that is out of scope. */
const leftOut = /^sa1-viewer-/
/** Namespaces whose roles the recording's seed had made in another way, and which it then does not mention. */
const elsewhere = /^(default|kube-.*|kubesphere-.*|alpha-prod)$/

export type Snapshot = ReadonlyMap<string, KubeObject>

/** Every watched object, by uid. */
export async function snapshot(cluster: ClusterAccess): Promise<Snapshot> {
  const objects = new Map<string, KubeObject>()
  await Promise.all(
    watched.map(async (gvr) => {
      const { apiVersion, kind = '', items } = await cluster.client.list(gvr)
      for (const item of items) {
        const object = { ...item, apiVersion: apiVersion ?? '', kind: kind.replace(/List$/, '') }
        objects.set(item.metadata.uid ?? '', object)
      }
    }),
  )
  return objects
}

/** What happened, in a form that two runs can be compared by. */
export interface Outcome {
  added: Record<string, unknown>
  changed: Record<string, Record<string, unknown>>
  removed: string[]
}

/** The outcome without what happened in namespaces that the recording was not set up to show. */
export function comparable({ added, changed, removed }: Outcome, flow: Flow): Outcome {
  const mentioned = new Set([
    ...flow.added.map(({ metadata }) => metadata.namespace),
    ...flow.changed.map(({ namespace }) => namespace),
    ...flow.removed.map(({ namespace }) => namespace),
  ])
  const counts = (key: string): boolean => {
    const namespace = key.split(' ')[2] ?? ''
    return !elsewhere.test(namespace) || mentioned.has(namespace)
  }
  const only = <T>(of: Record<string, T>): Record<string, T> =>
    Object.fromEntries(Object.entries(of).filter(([key]) => counts(key)))
  return { added: only(added), changed: only(changed), removed: removed.filter(counts) }
}

/** The net difference between two snapshots. `names` are further placeholders. */
export function outcome(before: Snapshot, after: Snapshot, names: Placeholders): Outcome {
  const places = new Map(names)
  for (const [uid, { kind, metadata }] of [...before, ...after]) {
    const where = metadata.namespace ? `${metadata.namespace}/` : ''
    places.set(uid, `<uid of ${kind} ${where}${names.get(metadata.name ?? '') ?? metadata.name}>`)
  }
  const result: Outcome = { added: {}, changed: {}, removed: [] }
  for (const [uid, object] of after) {
    const old = before.get(uid)
    const key = nameOf(object, places)
    if (!old) result.added[unique(result.added, key)] = normalise(object, places)
    else {
      const found = changes(normalise(old, places), normalise(object, places))
      if (found.size > 0) result.changed[key] = sorted(found)
    }
  }
  for (const [uid, object] of before) {
    if (!after.has(uid)) result.removed.push(nameOf(object, places))
  }
  result.removed.sort()
  return result
}

/** What the recording says happened. */
export function recorded(flow: Flow): Outcome {
  const none: Placeholders = new Map()
  const result: Outcome = { added: {}, changed: {}, removed: [] }
  for (const object of flow.added) {
    if (notOurs.has(object.kind ?? '')) continue
    const named = { ...object, metadata: { ...object.metadata } }
    result.added[unique(result.added, nameOf(named, none))] = normalise(named, none)
  }
  for (const { apiVersion, kind, namespace, name, paths } of flow.changed) {
    const found = recordedChanges(paths)
    if (found.size === 0 || notOurs.has(kind)) continue
    result.changed[[kind, apiVersion.split('/')[0], namespace ?? '', name].join(' ')] =
      sorted(found)
  }
  result.removed = flow.removed
    .filter(({ kind, name }) => !notOurs.has(kind) && !leftOut.test(name))
    .map(({ apiVersion, kind, namespace, name }) =>
      [kind, apiVersion.split('/')[0], namespace ?? '', name].join(' '),
    )
    .toSorted()
  return result
}

function unique(into: object, key: string): string {
  let name = key
  for (let at = 2; name in into; at++) name = `${key} (${at})`
  return name
}

function sorted(map: ReadonlyMap<string, unknown>): Record<string, unknown> {
  return Object.fromEntries([...map].toSorted(([a], [b]) => (a < b ? -1 : 1)))
}
