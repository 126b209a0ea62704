import { isDeepStrictEqual } from 'node:util'
import {
  CLUSTERS,
  GLOBAL_ROLES,
  GLOBAL_ROLE_BINDINGS,
  WORKSPACES,
  WORKSPACE_LABEL,
  WORKSPACE_ROLES,
  WORKSPACE_ROLE_BINDINGS,
  WORKSPACE_TEMPLATES,
} from '../../domain/names.ts'
import type { GVR, KubeObject } from '../../kube/types.ts'
import { isAlreadyExists, isNotFound } from '../../lib/errors.ts'
import { isReady } from './host-cluster.ts'
import { isDeleting, type Kit } from './kit.ts'
import { connectMember, type Member } from './member-probe.ts'
import { splitKey, type Reconciler } from './reconciler.ts'
import { placed, type WorkspaceTemplate } from './workspaces.ts'

/** Ours: on an object of a member that was copied from this host, and goes when the original goes. */
const COPIED = 'ks-facade/copied-from'
const HOST_LABEL = 'cluster-role.kubesphere.io/host'
/** Changes are collected: a workspace is half a dozen objects. */
const REST_MS = 300

/** Kinds that members judge their callers by; those of a workspace go where it is placed. */
const copied: readonly { readonly gvr: GVR; readonly inWorkspace: boolean }[] = [
  { gvr: GLOBAL_ROLES, inWorkspace: false },
  { gvr: GLOBAL_ROLE_BINDINGS, inWorkspace: false },
  { gvr: WORKSPACE_ROLES, inWorkspace: true },
  { gvr: WORKSPACE_ROLE_BINDINGS, inWorkspace: true },
]

/**
 * Roles, bindings and workspaces on every member that is Ready, so that accounts of the host may there what they may here
 * (objects-and-controllers.md §4.4). What a member has of its own under another name stays.
 */
export function memberCopies(kit: Kit): Reconciler {
  const members = (): string[] =>
    [...kit.store(CLUSTERS).entries()].flatMap(({ object, name }) =>
      isMember(object) ? [`/${name}`] : [],
    )
  return {
    name: 'member-copies',
    sources: [
      { gvr: CLUSTERS, keys: ({ entry }) => [`/${entry.name}`], delayMs: REST_MS },
      ...[...copied.map(({ gvr }) => gvr), WORKSPACE_TEMPLATES].map((gvr) => ({
        gvr,
        keys: members,
        delayMs: REST_MS,
      })),
    ],
    async reconcile(key, signal) {
      const [, name] = splitKey(key)
      const cluster = kit.get(CLUSTERS, name)
      if (!cluster || !isMember(cluster)) return
      await using member = await connectMember(kubeconfigOf(cluster), signal)
      const workspaces = placedIn(kit, cluster)
      const names = new Set(workspaces.map(({ metadata }) => metadata.name))
      for (const { gvr, inWorkspace } of copied) {
        const wanted = [...kit.store(gvr).entries()].filter(({ object, labels }) => {
          return !isDeleting(object) && (!inWorkspace || names.has(labels[WORKSPACE_LABEL]))
        })
        await bring(
          kit,
          member,
          gvr,
          wanted.map(({ object }) => object),
        )
      }
      await bring(kit, member, WORKSPACES, workspaces.map(workspaceOf))
    },
  }
}

function isMember(cluster: KubeObject): boolean {
  const host = cluster.metadata.labels?.[HOST_LABEL] !== undefined
  return !host && !isDeleting(cluster) && isReady(cluster) && kubeconfigOf(cluster) !== ''
}

function kubeconfigOf(cluster: KubeObject): string {
  const spec = cluster['spec'] as { connection?: { kubeconfig?: string } } | undefined
  return spec?.connection?.kubeconfig ?? ''
}

function placedIn(kit: Kit, cluster: KubeObject): WorkspaceTemplate[] {
  return [...kit.store(WORKSPACE_TEMPLATES).entries()].flatMap(({ object }) => {
    return !isDeleting(object) && placed(object, cluster) ? [object] : []
  })
}

function workspaceOf({ metadata, spec }: WorkspaceTemplate): KubeObject {
  const { metadata: words, spec: inner } = spec?.template ?? {}
  return {
    apiVersion: 'tenant.kubesphere.io/v1beta1',
    kind: 'Workspace',
    metadata: { ...words, name: metadata.name ?? '' },
    spec: { ...inner },
  }
}

/** Makes the copies of a kind on a member those of `wanted`; takes away what was copied and is no longer wanted. */
async function bring(
  kit: Kit,
  { client, signal }: Member,
  gvr: GVR,
  wanted: readonly KubeObject[],
): Promise<void> {
  const { items } = await client.list(gvr, { signal })
  const there = new Map(items.map((object) => [object.metadata.name, object]))
  for (const object of wanted) {
    const name = object.metadata.name ?? ''
    const copy = copyOf(object, kit.settings.hostName)
    const now = there.get(name)
    there.delete(name)
    if (now && isSame(now, copy)) continue
    try {
      if (!now) await client.create(gvr, copy, { signal })
      else {
        const { resourceVersion } = now.metadata
        const metadata = { ...copy.metadata, resourceVersion }
        await client.update(gvr, { ...copy, metadata }, { signal })
      }
    } catch (error) {
      if (!isAlreadyExists(error)) throw error
    }
  }
  for (const [name = '', { metadata }] of there) {
    if (metadata.labels?.[COPIED] === undefined) continue
    try {
      await client.delete(gvr, name, { signal, preconditions: { uid: metadata.uid ?? '' } })
    } catch (error) {
      if (!isNotFound(error)) throw error
    }
  }
}

function isSame(now: KubeObject, { apiVersion = '', kind = '', ...copy }: KubeObject): boolean {
  const stored = { ...copyOf(now, now.metadata.labels?.[COPIED]), apiVersion, kind }
  return isDeepStrictEqual(stored, { ...copy, apiVersion, kind })
}

/** What of an object travels: owners and finalizers are of the cluster that it lies in. */
function copyOf(object: KubeObject, from: string | undefined): KubeObject {
  const { metadata, status: _status, apiVersion = '', kind = '', ...body } = object
  const { name, labels, annotations } = metadata
  return {
    apiVersion,
    kind,
    metadata: {
      name: name ?? '',
      labels: { ...labels, ...(from === undefined ? {} : { [COPIED]: from }) },
      annotations: { ...annotations },
    },
    ...body,
  }
}
