import type { ClusterAccess } from '../../kube/api.ts'
import { ApiError, forbidden, isNotFound, notFound } from '../../lib/errors.ts'
import type { KubeObject } from '../../kube/types.ts'
import {
  demandMayGrant,
  demandOwnFieldsOnly,
  isRegistration,
  managesUsers,
  type User,
} from '../iam/index.ts'
import {
  APP_RELEASES,
  GLOBAL_ROLES,
  GLOBAL_ROLE_ANNOTATION,
  USERS,
  WORKSPACE_TEMPLATES,
} from '../names.ts'
import { attributes } from '../operation.ts'
import type { OperationScope } from '../operation.ts'
import { demandOwnCreator } from '../release-creator.ts'
import {
  demandClusters,
  demandPlacementChange,
  demandTemplates,
  managesTemplates,
  placedClusters,
  type TenantDeps,
  type WorkspaceTemplate,
} from '../tenant/index.ts'

/** A write to a KubeSphere kind that goes straight to kube-apiserver, as its result would be. */
export interface DirectWrite {
  readonly verb: 'create' | 'update' | 'patch'
  readonly previous: KubeObject | undefined
  readonly next: KubeObject
}

/** Rules that the platform's own handlers apply beyond RBAC, applied to writes that bypass those handlers. */
export interface DirectWriteRule {
  readonly group: string
  readonly resource: string
  /** Throws ApiError 403 (404 for a cluster or role that is not there) unless the caller may make this write. */
  judge(scope: OperationScope, write: DirectWrite): Promise<void>
}

/** Whether the caller holds everything, so that no rule can refuse anything. */
export function holdsEverything(scope: OperationScope): Promise<boolean> {
  return scope.may(attributes({ verb: '*', apiGroup: '*', resource: '*', scope: 'Global' }))
}

/** The kinds whose writes need more than RBAC: accounts, workspace templates and releases of applications. */
export function directWriteRules(
  host: ClusterAccess,
  deps: TenantDeps,
): readonly DirectWriteRule[] {
  return [
    {
      group: USERS.group,
      resource: USERS.resource,
      judge: (scope, write) => judgeUser(host, scope, write),
    },
    {
      group: WORKSPACE_TEMPLATES.group,
      resource: WORKSPACE_TEMPLATES.resource,
      judge: (scope, write) => judgeTemplate(deps, scope, write),
    },
    {
      group: APP_RELEASES.group,
      resource: APP_RELEASES.resource,
      judge: (scope, { next, previous }) => demandOwnCreator(scope, APP_RELEASES, next, previous),
    },
  ]
}

async function judgeUser(
  host: ClusterAccess,
  scope: OperationScope,
  write: DirectWrite,
): Promise<void> {
  const previous = write.previous as User | undefined
  const next = withSpec(write.next) as User
  if (isRegistration(scope)) throw forbidden('registration goes through the platform API')
  if (!previous) {
    const create = attributes({
      verb: 'create',
      apiGroup: USERS.group,
      resource: USERS.resource,
      scope: 'Global',
    })
    if (!(await scope.may(create))) throw denied(USERS, next)
  }
  if (!(await managesUsers(scope))) {
    demandOwnFieldsOnly(next, previous ? (withSpec(previous) as User) : undefined)
  }
  const wanted = next.metadata.annotations?.[GLOBAL_ROLE_ANNOTATION] ?? ''
  if (wanted === (previous?.metadata.annotations?.[GLOBAL_ROLE_ANNOTATION] ?? '')) return
  const roles = await host.caches.store(GLOBAL_ROLES, scope.signal)
  const role = wanted === '' ? { metadata: {} } : roles.get('', wanted)?.object
  if (!role) throw notFound(GLOBAL_ROLES.group, GLOBAL_ROLES.resource, wanted)
  await demandMayGrant(scope, next.metadata.name ?? '', role)
}

/** Stored accounts may lack spec or status; the guards read both. */
function withSpec(object: KubeObject): KubeObject {
  return { ...object, spec: object['spec'] ?? {}, status: object['status'] ?? {} }
}

async function judgeTemplate(
  deps: TenantDeps,
  scope: OperationScope,
  write: DirectWrite,
): Promise<void> {
  const next = normalized(write.next)
  const name = next.metadata.name ?? ''
  if (!write.previous) {
    const create = attributes({
      verb: 'create',
      apiGroup: WORKSPACE_TEMPLATES.group,
      apiVersion: WORKSPACE_TEMPLATES.version,
      resource: WORKSPACE_TEMPLATES.resource,
    })
    if (!(await scope.may(create))) throw denied(WORKSPACE_TEMPLATES, next)
    const own = next.spec.template?.spec?.manager === scope.user.name
    if (!own && !(await managesTemplates(scope))) await demandTemplates(scope, name)
    return demandClusters(deps, scope, await placedClusters(deps, scope, next.spec.placement ?? {}))
  }
  const before = normalized(write.previous)
  const update = attributes({
    verb: 'update',
    apiGroup: WORKSPACE_TEMPLATES.group,
    apiVersion: WORKSPACE_TEMPLATES.version,
    resource: WORKSPACE_TEMPLATES.resource,
    name,
    workspace: name,
  })
  if (await scope.may(update)) {
    const was = new Set(await placedClusters(deps, scope, before.spec.placement))
    const now = await placedClusters(deps, scope, next.spec.placement)
    return demandClusters(
      deps,
      scope,
      now.filter((cluster) => !was.has(cluster)),
    )
  }
  await demandPlacementChange(deps, scope, before, next)
}

/** Without what the API server itself changes on a write. */
function normalized(object: KubeObject): WorkspaceTemplate {
  const { managedFields: _f, generation: _g, resourceVersion: _v, ...metadata } = object.metadata
  const spec = (object['spec'] ?? {}) as Record<string, unknown>
  return { ...object, metadata, spec: { placement: {}, ...spec } } as unknown as WorkspaceTemplate
}

function denied(gvr: { group: string; resource: string }, object: KubeObject): ApiError {
  const name = object.metadata.name ?? ''
  return forbidden(
    `${gvr.resource}.${gvr.group} "${name}" is forbidden: not allowed to create it`,
    {
      name,
      group: gvr.group,
      kind: gvr.resource,
    },
  )
}

/** The stored object; undefined where there is none. Throws ApiError for any other failure. */
export async function stored(
  host: ClusterAccess,
  gvr: { group: string; version: string; resource: string },
  name: string,
): Promise<KubeObject | undefined> {
  try {
    return await host.client.get(gvr, name)
  } catch (error) {
    if (isNotFound(error)) return undefined
    throw error
  }
}
