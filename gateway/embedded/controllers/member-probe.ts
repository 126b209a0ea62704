import { Readable } from 'node:stream'
import { ReadableStream } from 'node:stream/web'
import { CLUSTER_ROLE_BINDINGS, NAMESPACES } from '../../domain/names.ts'
import type { KubeClient } from '../../kube/api.ts'
import { readBytes } from '../../kube/body.ts'
import { createKubeClient } from '../../kube/client.ts'
import { loadKubeconfig } from '../../kube/kubeconfig.ts'
import { isNotFound } from '../../lib/errors.ts'
import { hostFacts, type HostFacts } from '../seeds/host-cluster.ts'

/** Where a member notes whose member it is: annotations of its namespace kubesphere-system. */
const MEMBER_NAME = 'cluster.kubesphere.io/name'
const MEMBER_HOST = 'cluster.kubesphere.io/host-cluster'

const SYSTEM = 'kubesphere-system'
/** How long a member may take for one look at it, in milliseconds. */
const PROBE_MS = 15_000
/** Most bytes of what a ks-apiserver says of its version. */
const VERSION_LIMIT = 64 * 1024

export interface Member extends AsyncDisposable {
  readonly client: KubeClient
  readonly signal: AbortSignal
}

/**
 * Connects to the cluster of a base64 kubeconfig for one look of at most 15 s; nothing is asked yet. Throws ConfigError
 * for a kubeconfig that cannot be used.
 */
export async function connectMember(kubeconfig: string, signal: AbortSignal): Promise<Member> {
  const text = Buffer.from(kubeconfig, 'base64').toString('utf8')
  const client = createKubeClient({ credentials: await loadKubeconfig({ text }) })
  return {
    client,
    signal: AbortSignal.any([signal, AbortSignal.timeout(PROBE_MS)]),
    [Symbol.asyncDispose]: () => client[Symbol.asyncDispose](),
  }
}

/**
 * What a member says about itself; its ks-apiserver is asked at `endpoint`, or through the proxy of its kube-apiserver.
 * Throws for either that does not answer.
 */
export async function memberFacts(
  { client, signal }: Member,
  endpoint: string | undefined,
): Promise<HostFacts> {
  const facts = await hostFacts(client, '', signal)
  const path = `/api/v1/namespaces/${SYSTEM}/services/:ks-apiserver:/proxy/version`
  const { gitVersion } = endpoint
    ? await versionAt(endpoint, signal)
    : await client.json<{ gitVersion?: string }>({ path, signal })
  return { ...facts, kubeSphereVersion: shown(gitVersion) }
}

async function versionAt(endpoint: string, signal: AbortSignal): Promise<{ gitVersion?: string }> {
  const response = await fetch(new URL('/version', endpoint), { redirect: 'error', signal })
  if (!response.ok) throw new Error(`${endpoint} answered ${response.status}`)
  const body = Readable.fromWeb(response.body ?? new ReadableStream())
  const bytes = await readBytes(body, VERSION_LIMIT)
  return JSON.parse(bytes.toString('utf8')) as { gitVersion?: string }
}

/** A development build counts as v3 (platform-apis.md §1). */
function shown(gitVersion = ''): string {
  if (gitVersion === '') return 'unknown'
  return gitVersion === 'v0.0.0' ? 'v3.0.0' : gitVersion
}

/** Writes on the member whose it is, or with undefined that it is nobody's any more. */
export async function markMember(
  { client, signal }: Member,
  owner: { name: string; host: string } | undefined,
): Promise<void> {
  const annotations = { [MEMBER_NAME]: owner?.name ?? null, [MEMBER_HOST]: owner?.host ?? null }
  try {
    const options = { type: 'merge', signal } as const
    await client.patch(NAMESPACES, SYSTEM, { metadata: { annotations } }, options)
  } catch (error) {
    if (!isNotFound(error) || owner) throw error
  }
}

/** Accounts with a cluster role on the member: User subjects of bindings that name an account. */
export async function memberAccounts({ client, signal }: Member): Promise<Set<string>> {
  const labelSelector = 'iam.kubesphere.io/user-ref'
  const { items } = await client.list(CLUSTER_ROLE_BINDINGS, { labelSelector, signal })
  return new Set(
    items.flatMap((binding) => {
      const subjects = (binding['subjects'] ?? []) as { kind?: string; name?: string }[]
      return subjects.flatMap(({ kind, name }) => (kind === 'User' && name ? [name] : []))
    }),
  )
}
