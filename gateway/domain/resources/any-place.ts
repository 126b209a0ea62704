import type { Entry } from '../../kube/api.ts'
import type { KindInfo, KubeObject } from '../../kube/types.ts'
import { badRequest, forbidden, notFound } from '../../lib/errors.ts'
import { USERS, WORKSPACE_LABEL, WORKSPACE_TEMPLATES } from '../names.ts'
import { objectAttributes } from '../objects/index.ts'
import { attributes, type Attributes, type OperationScope } from '../operation.ts'
import type { Condition } from './condition.ts'

/** Where a request for objects of any kind points; empty text for what it does not name. */
export interface AnyPlace {
  readonly info: KindInfo
  readonly namespace: string
  /** Only objects that carry this workspace's label are there. */
  readonly workspace: string
}

export interface AnyAddress extends AnyPlace {
  readonly name: string
}

/** Kinds without a namespace of which a workspace has its own. */
const OF_WORKSPACES: Readonly<Record<string, readonly string[]>> = {
  'iam.kubesphere.io': ['workspaceroles', 'workspacerolebindings', 'groups', 'groupbindings'],
  'quota.kubesphere.io': ['resourcequotas'],
}

/** Groups whose other kinds belong to the cluster or to the platform, whatever label an object carries. */
const OF_CLUSTER =
  /^$|^(?:apps|batch|autoscaling|policy|extensions)$|\.k8s\.io$|(?:^|\.)kubesphere\.io$/

export function anyAttributes(verb: string, place: AnyPlace, name = ''): Attributes {
  const { info, namespace, workspace } = place
  const plain = objectAttributes(verb, { info, namespace }, name)
  if (workspace === '' || namespace !== '') return { ...plain, kubernetesRequest: false }
  return { ...plain, workspace, scope: 'Workspace', kubernetesRequest: false }
}

/** Whether a namespace is named exactly where the kind has one. */
export function fits({ info, namespace }: AnyPlace): boolean {
  return info.namespaced === (namespace !== '')
}

/** The condition that an object belongs to the workspace of the place. */
export function inWorkspace({ workspace }: AnyPlace): Condition[] {
  if (workspace === '') return []
  return [
    {
      holds: ({ labels }) => labels[WORKSPACE_LABEL] === workspace,
      view: { label: { key: WORKSPACE_LABEL, value: workspace } },
    },
  ]
}

export function belongs(place: AnyPlace, entry: Pick<Entry, 'labels'>): boolean {
  return place.workspace === '' || entry.labels[WORKSPACE_LABEL] === place.workspace
}

/**
 * Throws unless a write may go to this place: ApiError 400 where a namespace is missing, 404 for one that the kind does
 * not have, 403 for kinds that belong to the platform when they are asked for by way of a workspace, and for kinds that
 * have handlers of their own which judge what is written.
 */
export async function demandWritable(
  scope: OperationScope,
  place: AnyPlace,
  verb: string,
  name: string,
): Promise<void> {
  const { info, namespace, workspace } = place
  if (info.namespaced && namespace === '') {
    throw badRequest('an empty namespace may not be set during creation')
  }
  if (!info.namespaced && namespace !== '') throw notFound(info.group, info.resource, name)
  const isGuarded = [USERS, WORKSPACE_TEMPLATES].some(
    ({ group, resource }) => group === info.group && resource === info.resource,
  )
  const everything = attributes({ verb: '*', apiGroup: '*', resource: '*', scope: 'Global' })
  if (isGuarded && !(await scope.may(everything))) {
    throw forbidden(`${info.resource}.${info.group} are written through their own API`)
  }
  const isForeign =
    workspace !== '' &&
    !info.namespaced &&
    OF_CLUSTER.test(info.group) &&
    !OF_WORKSPACES[info.group]?.includes(info.resource)
  if (isForeign && !(await scope.may(objectAttributes(verb, { info, namespace: '' }, name)))) {
    throw forbidden(`${info.resource} do not belong to workspace ${workspace}`)
  }
}

/**
 * The object to be written: what it says about its place must be what the address says (ApiError 400), its workspace
 * is the address's.
 */
export function placed(place: AnyPlace, name: string | undefined, body: KubeObject): KubeObject {
  const { namespace, workspace } = place
  const metadata = { ...body.metadata }
  if (name !== undefined && metadata.name !== name) {
    throw mismatch('name', metadata.name, name)
  }
  if ((metadata.namespace ?? namespace) !== namespace) {
    throw mismatch('namespace', metadata.namespace, namespace)
  }
  if (namespace !== '') metadata.namespace = namespace
  if (workspace !== '') metadata.labels = { ...metadata.labels, [WORKSPACE_LABEL]: workspace }
  return { ...body, metadata }
}

function mismatch(what: string, body: string | undefined, url: string): Error {
  return badRequest(
    `the ${what} of the object (${body ?? ''}) does not match the ${what} on the URL (${url})`,
  )
}
