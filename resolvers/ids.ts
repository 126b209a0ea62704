import { inputError } from './errors.ts'

/** What a global id says: an object by its place, without version and uid, so that ids outlive both. */
export interface GlobalId {
  readonly cluster: string
  readonly group: string
  readonly resource: string
  readonly namespace: string
  readonly name: string
}

const version = 'v1'

/** `base64url("v1|cluster|group|resource|namespace|name")`; no part of a Kubernetes name may hold a bar. */
export function encodeId(id: GlobalId): string {
  const text = [version, id.cluster, id.group, id.resource, id.namespace, id.name].join('|')
  return Buffer.from(text, 'utf8').toString('base64url')
}

/** The parts of a global id, or undefined for text that `encodeId` does not write. */
export function decodeId(text: string): GlobalId | undefined {
  if (text.length > 2048) return undefined
  const decoded = Buffer.from(text, 'base64url').toString('utf8')
  const [head, cluster, group, resource, namespace, name, ...rest] = decoded.split('|')
  if (head !== version || rest.length > 0) return undefined
  if (!cluster || group === undefined || !resource || namespace === undefined || !name) {
    return undefined
  }
  const id = { cluster, group, resource, namespace, name }
  return encodeId(id) === text ? id : undefined
}

/** As `decodeId`; throws BAD_USER_INPUT instead of answering undefined. */
export function demandId(text: string): GlobalId {
  const id = decodeId(text)
  if (!id) throw inputError('not a global id of this graph')
  return id
}
