import type { KubeObject } from '../../kube/types.ts'
import { badRequest, isAlreadyExists, isNotFound, notFound } from '../../lib/errors.ts'
import type { OperationScope } from '../operation.ts'
import { CONFIG_MAPS, PACKAGE_NAMESPACE } from './names.ts'
import type { StoreDeps } from './stored.ts'

const KEY = 'BinaryKey'
const LARGEST = 1024 * 1024

/** Throws ApiError 400 for a package that a ConfigMap cannot hold (platform-apis.md §10.2). */
export function demandStorable(bytes: Uint8Array): void {
  if (bytes.length <= LARGEST) return
  throw badRequest(`System has no OSS store, the maximum file size is ${LARGEST}`)
}

/** Stores bytes under a name; what is already there stays. Throws ApiError 404 when the namespace is missing. */
export async function storePackage(
  { host }: StoreDeps,
  { signal }: OperationScope,
  name: string,
  bytes: Uint8Array,
): Promise<void> {
  demandStorable(bytes)
  const object = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: PACKAGE_NAMESPACE },
    binaryData: { [KEY]: Buffer.from(bytes).toString('base64') },
  }
  try {
    await host.client.create(CONFIG_MAPS, object, { namespace: PACKAGE_NAMESPACE, signal })
  } catch (error) {
    if (!isAlreadyExists(error)) throw error
  }
}

/** The bytes under a name. Throws ApiError 404. */
export async function readPackage(
  { host }: StoreDeps,
  { signal }: OperationScope,
  name: string,
): Promise<Uint8Array> {
  type Stored = KubeObject & { binaryData?: Record<string, string> }
  try {
    const at = { namespace: PACKAGE_NAMESPACE, signal }
    const { binaryData } = await host.client.get<Stored>(CONFIG_MAPS, name, at)
    return Buffer.from(binaryData?.[KEY] ?? '', 'base64')
  } catch (error) {
    if (isNotFound(error)) throw notFound('', 'ConfigMap', name)
    throw error
  }
}

/** Nothing happens when there is none. */
export async function deletePackage(
  { host }: StoreDeps,
  { signal }: OperationScope,
  name: string,
): Promise<void> {
  try {
    await host.client.delete(CONFIG_MAPS, name, { namespace: PACKAGE_NAMESPACE, signal })
  } catch (error) {
    if (!isNotFound(error)) throw error
  }
}
