import type { KindInfo, KubeObject, Subresource } from '../../kube/types.ts'
import { ApiError, badRequest } from '../../lib/errors.ts'
import { attributes, type Attributes, type Scope } from '../operation.ts'

/** Where an object or a list of objects of a kind is. Empty text: no namespace, or all of them for a list. */
export interface Place {
  readonly info: KindInfo
  readonly namespace: string
}

export interface Address extends Place {
  readonly name: string
}

/** Resources that belong to no cluster, by group, as the REST face judges them (pipeline.md §5.3). */
const global: Readonly<Record<string, readonly string[]>> = {
  'iam.kubesphere.io': ['users', 'globalroles', 'globalrolebindings'],
  'tenant.kubesphere.io': ['workspaces', 'clusters'],
  'cluster.kubesphere.io': ['clusters', 'labels'],
}

const ofWorkspace = new Set(['workspaces', 'workspacetemplates'])

function scopeOf(info: KindInfo, namespace: string, workspace: string): Scope {
  if (global[info.group]?.includes(info.resource)) return workspace ? 'Workspace' : 'Global'
  if (namespace) return 'Namespace'
  return workspace ? 'Workspace' : 'Cluster'
}

/** What the REST face would judge for the same object, or that part of it, at its `/api` or `/apis` path. */
export function objectAttributes(
  verb: string,
  { info, namespace }: Place,
  name = '',
  subresource: Subresource | '' = '',
): Attributes {
  const isNamespace = info.group === '' && info.resource === 'namespaces'
  const workspace = ofWorkspace.has(info.resource) ? name : ''
  const inNamespace = isNamespace ? name : namespace
  return attributes({
    verb,
    apiGroup: info.group,
    apiVersion: info.version,
    resource: info.resource,
    subresource,
    name,
    namespace: inNamespace,
    workspace,
    scope: scopeOf(info, inNamespace, workspace),
    kubernetesRequest: true,
  })
}

/** Whether `text` may stand as one segment of a path (Kubernetes documentation, "Object Names and IDs"). */
function isSegment(text: string): boolean {
  return text !== '' && text !== '.' && text !== '..' && text.length <= 253 && !/[/%]/.test(text)
}

/** Throws ApiError 400 unless the namespace fits the kind: permission is judged by it. `optional`: none means all. */
export function demandPlace({ info, namespace }: Place, optional = false): void {
  if (!info.namespaced) {
    if (namespace) throw badRequest(`objects of kind ${info.kind} live in no namespace`)
  } else if (namespace ? !isSegment(namespace) : !optional) {
    throw badRequest(
      namespace
        ? `"${namespace}" is not the name of a namespace`
        : `a namespace is needed for an object of kind ${info.kind}`,
    )
  }
}

/** Throws ApiError 400 unless namespace and name are whole and fit the kind. */
export function demandAddress(address: Address): void {
  demandPlace(address)
  if (!isSegment(address.name)) throw badRequest(`"${address.name}" is not the name of an object`)
}

/** Throws ApiError 405 unless objects of the kind have that part, with that verb. */
export function demandPart(info: KindInfo, part: Subresource, verb: string): void {
  if (info.subresources?.[part]?.includes(verb)) return
  const said = info.subresources?.[part] ? `${part} that takes no ${verb}` : `no ${part}`
  throw new ApiError(405, 'MethodNotAllowed', `objects of kind ${info.kind} have ${said}`)
}

/** The place of an object that is to be written. Throws ApiError 400 where it is incomplete. */
export function placeOfObject(info: KindInfo, object: KubeObject): Place {
  const place = { info, namespace: object.metadata.namespace ?? '' }
  demandPlace(place)
  return place
}
