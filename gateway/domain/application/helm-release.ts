import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import type { ClusterAccess } from '../../kube/api.ts'
import { resourcePath, type KubeList, type KubeObject } from '../../kube/types.ts'
import { isSubdomain } from './names.ts'

const SECRETS = { group: '', version: 'v1', resource: 'secrets' }
/** Only names and labels: what is in the Secrets is large, and there is one for every revision. */
const METADATA = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1'
const LARGEST = 32 * 1024 * 1024
const unzip = promisify<Uint8Array, { maxOutputLength: number }, Buffer>(gunzip)

/**
 * The manifest of the newest revision of a Helm release, out of the Secret in which Helm keeps it (Helm documentation,
 * "Storage backends"): base64 of gzip of JSON. Undefined where there is none that can be read. Throws ApiError where the
 * cluster does not answer.
 */
export async function helmManifest(
  { client }: Pick<ClusterAccess, 'client'>,
  { name, namespace }: { readonly name: string; readonly namespace: string },
  signal: AbortSignal,
): Promise<Buffer | undefined> {
  if (!isSubdomain(name) || name.length > 63 || namespace === '') return undefined
  // An empty list of metadata has null for items.
  const { items } = await client.json<{ items: KubeList['items'] | null }>({
    path: resourcePath(SECRETS, { namespace }),
    query: { labelSelector: `owner=helm,name=${name}` },
    headers: { accept: METADATA },
    signal,
  })
  const revision = ({ metadata }: KubeObject): number => Number(metadata.labels?.['version'] ?? 0)
  const newest = items?.toSorted((a, b) => revision(b) - revision(a))[0]?.metadata.name
  if (newest === undefined) return undefined
  type Stored = KubeObject & { data?: Record<string, string> }
  const { data } = await client.get<Stored>(SECRETS, newest, { namespace, signal })
  return manifestOf(Buffer.from(data?.['release'] ?? '', 'base64').toString('latin1'))
}

async function manifestOf(encoded: string): Promise<Buffer | undefined> {
  const bytes = Buffer.from(encoded, 'base64')
  try {
    const zipped = bytes[0] === 0x1f && bytes[1] === 0x8b
    const json = zipped ? await unzip(bytes, { maxOutputLength: LARGEST }) : bytes
    const { manifest } = JSON.parse(json.toString('utf8')) as { manifest?: unknown }
    return typeof manifest === 'string' ? Buffer.from(manifest) : undefined
  } catch {
    // Somebody else's Secret.
    return undefined
  }
}
