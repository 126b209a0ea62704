import {
  CLUSTERS,
  CLUSTER_ROLE_BINDINGS,
  GRANTED_CLUSTERS,
  USERS,
  WORKSPACE_TEMPLATES,
} from '../../domain/names.ts'
import type { Change } from '../../kube/api.ts'
import type { KubeObject } from '../../kube/types.ts'
import { isAlreadyExists } from '../../lib/errors.ts'
import { readyStatus, type HostFacts } from '../seeds/host-cluster.ts'
import { creatorBinding, isReady, type Condition } from './host-cluster.ts'
import { addFinalizer, dropFinalizer, isDeleting, type Kit } from './kit.ts'
import {
  connectMember,
  markMember,
  memberAccounts,
  memberFacts,
  type Member,
} from './member-probe.ts'
import { CREATOR } from './names.ts'
import { keyOf, splitKey, type Reconciler } from './reconciler.ts'
import type { WorkspaceTemplate } from './workspaces.ts'

const FINALIZER = 'finalizer.cluster.kubesphere.io'
const HOST_LABEL = 'cluster-role.kubesphere.io/host'
const INITIALIZED = 'kubesphere.io/initialized'
const SYNC_AT = 'kubesphere.io/syncAt'
/** A member that did not answer is asked again after this long, in milliseconds. */
const RETRY_MS = 15_000

interface Connection {
  type?: string
  kubeconfig?: string
  kubernetesAPIEndpoint?: string
  kubesphereAPIEndpoint?: string
}

const connectionOf = (cluster: KubeObject): Connection =>
  (cluster['spec'] as { connection?: Connection } | undefined)?.connection ?? {}

/**
 * Clusters that were joined by a kubeconfig: address, versions and nodes, the condition Ready, the mark on the member,
 * its creator's rights, and who is granted it (objects-and-controllers.md §3.5). Nothing is installed there.
 */
export function memberClusters(kit: Kit): Reconciler {
  return {
    name: 'member-cluster',
    sources: [{ gvr: CLUSTERS, keys: toLookAt }],
    reads: [USERS, WORKSPACE_TEMPLATES],
    async reconcile(key, signal) {
      const [, name] = splitKey(key)
      const cluster = kit.get(CLUSTERS, name)
      if (!cluster) return
      if (isDeleting(cluster)) return leave(kit, cluster, signal)
      const { type, kubeconfig } = connectionOf(cluster)
      if (cluster.metadata.labels?.[HOST_LABEL] !== undefined) return
      if (type !== 'direct' || !kubeconfig) return
      const held = await kit.edit(CLUSTERS, cluster, hold, signal)
      if (!held) return
      try {
        await using member = await connectMember(kubeconfig, signal)
        await look(kit, held, member, signal)
        return kit.settings.clusterResyncMs
      } catch (error) {
        signal.throwIfAborted()
        await kit.edit(CLUSTERS, held, (draft) => notReady(kit, draft, error), signal)
        return RETRY_MS
      }
    },
  }
}

/** What controllers write here leads to no new look: only spec, deletion and the wish to synchronize do. */
function toLookAt({ type, entry, previous }: Change): string[] {
  if (type === 'DELETED') return []
  const sign = ({ object }: { object: KubeObject }): string =>
    JSON.stringify([
      object['spec'],
      object.metadata.deletionTimestamp,
      object.metadata.annotations?.[SYNC_AT],
    ])
  return previous && sign(previous) === sign(entry) ? [] : [keyOf(entry)]
}

const hold = (draft: KubeObject): void => addFinalizer(draft, FINALIZER)

async function look(
  kit: Kit,
  cluster: KubeObject,
  member: Member,
  signal: AbortSignal,
): Promise<void> {
  const name = cluster.metadata.name ?? ''
  const facts = await memberFacts(member, connectionOf(cluster).kubesphereAPIEndpoint)
  await markMember(member, { name, host: kit.settings.hostName })
  if (!cluster.metadata.annotations?.[INITIALIZED]) await grantCreator(cluster, member)
  await kit.edit(
    CLUSTERS,
    cluster,
    (draft) => {
      connectionOf(draft).kubernetesAPIEndpoint = member.client.origin.origin
      ready(kit, draft, facts)
      draft.metadata.annotations = { [INITIALIZED]: kit.time(), ...draft.metadata.annotations }
    },
    signal,
  )
  await grant(kit, name, await memberAccounts(member), signal)
}

/** Once: who has brought the cluster in runs it. */
async function grantCreator(cluster: KubeObject, { client, signal }: Member): Promise<void> {
  const creator = cluster.metadata.annotations?.[CREATOR]
  if (!creator) return
  try {
    await client.create(CLUSTER_ROLE_BINDINGS, creatorBinding(creator), { signal })
  } catch (error) {
    if (!isAlreadyExists(error)) throw error
  }
}

function ready(kit: Kit, draft: KubeObject, facts: HostFacts): void {
  const status = (draft['status'] ?? {}) as { conditions?: Condition[] }
  const found = readyStatus(facts, kit.time())
  const others = (status.conditions ?? []).filter(({ type }) => !['Ready', CORE].includes(type))
  const conditions = isReady(draft)
    ? status.conditions
    : [...others, ...(found['conditions'] as Condition[]), coreReady(kit.time())]
  draft['status'] = { ...status, ...found, conditions }
}

const CORE = 'KSCoreReady'

const coreReady = (at: string): Condition => ({
  type: CORE,
  status: 'True',
  reason: CORE,
  message: 'KS Core is available now',
  lastUpdateTime: at,
  lastTransitionTime: at,
})

function notReady(kit: Kit, draft: KubeObject, error: unknown): void {
  const status = (draft['status'] ?? {}) as { conditions?: Condition[] }
  const message = error instanceof Error ? error.message : String(error)
  const known = status.conditions?.find(({ type }) => type === 'Ready')
  if (known?.status === 'False' && known['message'] === message) return
  const at = kit.time()
  const times = { lastUpdateTime: at, lastTransitionTime: at }
  if (known?.status === 'False') times.lastTransitionTime = String(known['lastTransitionTime'])
  const condition = { type: 'Ready', status: 'False', reason: 'NotReady', message, ...times }
  const others = (status.conditions ?? []).filter(({ type }) => type !== 'Ready')
  draft['status'] = { ...status, conditions: [...others, condition] }
}

/** Writes on accounts that the cluster is theirs, and takes it off the others. */
async function grant(
  kit: Kit,
  cluster: string,
  accounts: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<void> {
  for (const { object, name } of kit.store(USERS).entries()) {
    const listed = (object.metadata.annotations?.[GRANTED_CLUSTERS] ?? '').split(',')
    if (listed.includes(cluster) === accounts.has(name)) continue
    await kit.edit(
      USERS,
      object,
      (draft) => {
        const annotations = { ...draft.metadata.annotations }
        const others = (annotations[GRANTED_CLUSTERS] ?? '')
          .split(',')
          .filter((one) => one !== '' && one !== cluster)
        const next = accounts.has(name) ? [...others, cluster] : others
        if (next.length > 0) annotations[GRANTED_CLUSTERS] = next.join(',')
        else delete annotations[GRANTED_CLUSTERS]
        draft.metadata.annotations = annotations
      },
      signal,
    )
  }
}

/** No workspace and no account keeps a cluster that goes, and the member may be joined elsewhere. */
async function leave(kit: Kit, cluster: KubeObject, signal: AbortSignal): Promise<void> {
  const { name = '', finalizers = [] } = cluster.metadata
  if (!finalizers.includes(FINALIZER)) return
  for (const { object } of kit.store(WORKSPACE_TEMPLATES).entries()) {
    await kit.edit(
      WORKSPACE_TEMPLATES,
      object,
      (draft) => {
        const placement = (draft as WorkspaceTemplate).spec?.placement
        if (!placement?.clusters) return
        placement.clusters = placement.clusters.filter((placed) => placed.name !== name)
      },
      signal,
    )
  }
  await grant(kit, name, new Set(), signal)
  try {
    await using member = await connectMember(connectionOf(cluster).kubeconfig ?? '', signal)
    await markMember(member, undefined)
  } catch (error) {
    signal.throwIfAborted()
    // A member that is gone for good must not be kept by its mark.
    kit.log.warn({ cluster: name, err: error }, 'the member keeps the mark of this host')
  }
  await kit.edit(CLUSTERS, cluster, (draft) => dropFinalizer(draft, FINALIZER), signal)
}
