import type { ClusterAccess } from '../../kube/api.ts'
import type { KubeObject } from '../../kube/types.ts'
import { badRequest, isAlreadyExists, isNotFound, notFound } from '../../lib/errors.ts'
import { CONFIG_MAPS, PACKAGE_NAMESPACE } from './names.ts'

const KEY = 'BinaryKey'
const LARGEST = 1024 * 1024

/** Where packages of versions and attachments are kept, by name (platform-apis.md §10.2). */
export interface PackageStore extends AsyncDisposable {
  /** Most bytes under one name. */
  readonly largest: number
  /** Throws ApiError 400 for more bytes than can be kept. */
  demandStorable(bytes: Uint8Array): void
  /** Throws ApiError 400 for too many bytes, else what the store answers. */
  put(name: string, bytes: Uint8Array, signal: AbortSignal): Promise<void>
  /** Throws ApiError 404. */
  get(name: string, signal: AbortSignal): Promise<Uint8Array>
  /** Nothing happens when there is none. */
  remove(name: string, signal: AbortSignal): Promise<void>
}

/** ConfigMaps of one namespace; what is already there stays. A write throws ApiError 404 when the namespace is missing. */
export function configMapPackages({ client }: Pick<ClusterAccess, 'client'>): PackageStore {
  const namespace = PACKAGE_NAMESPACE
  const demandStorable = (bytes: Uint8Array): void => {
    if (bytes.length <= LARGEST) return
    throw badRequest(`System has no OSS store, the maximum file size is ${LARGEST}`)
  }
  return {
    largest: LARGEST,
    demandStorable,
    async put(name, bytes, signal) {
      demandStorable(bytes)
      const object = {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name, namespace },
        binaryData: { [KEY]: Buffer.from(bytes).toString('base64') },
      }
      try {
        await client.create(CONFIG_MAPS, object, { namespace, signal })
      } catch (error) {
        if (!isAlreadyExists(error)) throw error
      }
    },
    async get(name, signal) {
      type Stored = KubeObject & { binaryData?: Record<string, string> }
      try {
        const { binaryData } = await client.get<Stored>(CONFIG_MAPS, name, { namespace, signal })
        return Buffer.from(binaryData?.[KEY] ?? '', 'base64')
      } catch (error) {
        if (isNotFound(error)) throw notFound('', 'ConfigMap', name)
        throw error
      }
    },
    async remove(name, signal) {
      try {
        await client.delete(CONFIG_MAPS, name, { namespace, signal })
      } catch (error) {
        if (!isNotFound(error)) throw error
      }
    },
    async [Symbol.asyncDispose]() {},
  }
}
