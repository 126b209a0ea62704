import { despiteConflicts } from '../../lib/conflicts.ts'
import { badRequest, unavailable } from '../../lib/errors.ts'
import type { KubeObject } from '../../kube/types.ts'
import { groupVersion } from '../../kube/types.ts'
import { REGO_OVERRIDE } from '../names.ts'
import type { OperationScope } from '../operation.ts'
import type { AnyAddress } from '../resources/index.ts'
import type { IamDeps } from './index.ts'
import { roleAt, siteOf, type Site } from './levels.ts'
import { role } from './shapes.ts'
import type { PolicyRule, Role, RoleAddress } from './types.ts'

/** What is written of a role; what is not there stays as it is, null takes it away. */
export interface RoleDraft {
  readonly displayName?: string | null | undefined
  readonly description?: string | null | undefined
  /**
   * Names of the role templates that the role is made of. Rules of templates are only ever added to a role, so that
   * naming other ones starts from no rules but those of `rules`.
   */
  readonly templates?: readonly string[] | undefined
  readonly rules?: readonly PolicyRule[] | undefined
}

type Change = RoleAddress & { draft: RoleDraft; resourceVersion?: string | undefined }

const ALIAS = 'kubesphere.io/alias-name'
const DESCRIPTION = 'kubesphere.io/description'
/** Stores a new role. Throws ApiError 400 without the place that the level has, 409, 422. */
export async function createRole(
  deps: IamDeps,
  scope: OperationScope,
  args: RoleAddress & { draft: RoleDraft },
): Promise<Role> {
  const { site, address } = await addressed(deps, scope, args)
  const bare: KubeObject = {
    apiVersion: groupVersion(address.info),
    kind: site.level.roleKind,
    metadata: { name: args.name },
  }
  const object = drawn(bare, args.draft)
  const at = { ...scope, cluster: site.cluster }
  return role(await deps.objects.create.run(at, { ...address, object }))
}

/**
 * Changes some of a role. Throws ApiError 400 for templates where a selector chooses them, 404, 409 when
 * `resourceVersion` is not the stored one or others keep writing, 422.
 */
export async function changeRole(
  deps: IamDeps,
  scope: OperationScope,
  args: Change,
): Promise<Role> {
  const { site, address } = await addressed(deps, scope, args)
  const { name, draft, resourceVersion } = args
  const first = await roleAt(site, name)
  if (draft.templates && first.aggregationRoleTemplates?.roleSelector) {
    throw badRequest(`the templates of role ${name} are chosen by a selector`)
  }
  const at = { ...scope, cluster: site.cluster }
  return despiteConflicts(
    first,
    async (stored) => {
      const object = drawn(stored, draft)
      if (resourceVersion) object.metadata.resourceVersion = resourceVersion
      return role(await deps.objects.update.run(at, { ...address, object }))
    },
    () => latest(site, name),
    { stated: Boolean(resourceVersion) },
  )
}

/** Deletes a role. Throws ApiError 404. */
export async function deleteRole(
  deps: IamDeps,
  scope: OperationScope,
  args: RoleAddress,
): Promise<void> {
  const { site, address } = await addressed(deps, scope, args)
  await deps.objects.delete.run({ ...scope, cluster: site.cluster }, address)
}

async function addressed(
  deps: IamDeps,
  scope: OperationScope,
  args: RoleAddress,
): Promise<{ site: Site; address: AnyAddress }> {
  const site = siteOf(deps.host, scope, args.level, args)
  const { level, workspace, namespace, cluster } = site
  if (level.name === 'workspace' && workspace === '') throw badRequest('workspace is required')
  if (level.name === 'namespace' && namespace === '') throw badRequest('namespace is required')
  const { group, version } = level.roles
  const info = await cluster.discovery.findKind({ group, version, kind: level.roleKind })
  if (!info) throw unavailable(`cluster ${cluster.name} does not serve ${level.roles.resource}`)
  return { site, address: { info, namespace, workspace, name: args.name } }
}

async function latest({ level, cluster, namespace, signal }: Site, name: string): Promise<Role> {
  const at = { namespace: namespace || undefined, signal }
  return cluster.client.get<Role>(level.roles, name, at)
}

/** `base` with what the draft says. */
function drawn(base: KubeObject, { displayName, description, templates, rules }: RoleDraft): Role {
  const annotations = { ...base.metadata.annotations }
  for (const [key, value] of [
    [ALIAS, displayName],
    [DESCRIPTION, description],
  ] as const) {
    if (value === null) delete annotations[key]
    else if (value !== undefined) annotations[key] = value
  }
  const next: Role = { ...base, metadata: { ...base.metadata, annotations } }
  if (templates) {
    next.aggregationRoleTemplates = { templateNames: [...templates] }
    delete annotations[REGO_OVERRIDE]
    next.rules = []
  }
  if (rules) next.rules = rules.map((rule) => ({ ...rule }))
  return next
}
