import { selectB } from '../resources/index.ts'
import type { KubeObject } from '../../kube/types.ts'
import { ApiError, badRequest } from '../../lib/errors.ts'
import { ROLE_REF, isLabelValue } from '../names.ts'
import { attributes, type Attributes, type OperationScope, type Scope } from '../operation.ts'
import { storedUser } from './accounts.ts'
import {
  assignRole,
  bindingsOf,
  demandLabelValue,
  roleRefOf,
  unassign,
  userOf,
} from './bindings.ts'
import type { IamDeps, MemberOperations, Page } from './index.ts'
import { bindingStore, entriesAt, levels, siteOf, type Level, type Site } from './levels.ts'
import { publicUser } from './shapes.ts'
import type { Member, MemberLevel, Place, RoleBinding, User } from './types.ts'

/** Members of workspaces, of the cluster or of namespaces: iam-oauth.md §17. */
export function memberOperations(deps: IamDeps, level: MemberLevel): MemberOperations {
  const at = (scope: OperationScope, place: Place): Site => {
    if (level !== 'cluster' && !place[level]) throw badRequest(`${level} is required`)
    return siteOf(deps.host, scope, level, place)
  }
  const needs = (verb: string, place: Place, name = ''): Attributes =>
    memberAttributes(levels[level], verb, place, name)
  return {
    list: {
      name: `iam.${level}members.list`,
      needs: (args) => needs('list', args),
      run: (scope, args) => listMembers(at(scope, args), args),
    },
    get: {
      name: `iam.${level}members.get`,
      needs: (args) => needs('get', args, args.name),
      run: async (scope, args) => {
        const [binding] = await bindingsOf(at(scope, args), args.name)
        if (!binding) throw notAMember(args.name)
        const roleRef = roleRefOf(binding)
        const user = publicUser(await storedUser(deps, scope, args.name))
        return { username: args.name, roleRef, user: withRole(levels[level], user, roleRef) }
      },
    },
    add: {
      name: `iam.${level}members.add`,
      needs: (args) => needs('create', args),
      run: async (scope, args) => {
        const site = at(scope, args)
        for (const member of args.members) demandMember(member)
        for (const member of args.members) await assignRole(site, member.username, member.roleRef)
      },
    },
    change: {
      name: `iam.${level}members.change`,
      needs: (args) => needs('update', args, args.name),
      run: async (scope, args) => {
        const { name, member } = args
        if (member.username !== name) {
          throw badRequest(`incorrect username ${name}, the username must equal to the member`)
        }
        demandMember(member)
        const site = at(scope, args)
        if ((await bindingsOf(site, name)).length === 0) throw notAMember(name)
        await assignRole(site, name, member.roleRef)
      },
    },
    remove: {
      name: `iam.${level}members.remove`,
      needs: (args) => needs('delete', args, args.name),
      run: (scope, args) => unassign(at(scope, args), args.name),
    },
  }
}

const scopes: Record<MemberLevel, Scope> = {
  workspace: 'Workspace',
  cluster: 'Cluster',
  namespace: 'Namespace',
}

function memberAttributes(level: Level, verb: string, place: Place, name: string): Attributes {
  return attributes({
    verb,
    apiGroup: 'iam.kubesphere.io',
    apiVersion: 'v1beta1',
    resource: level.members,
    name,
    workspace: level.name === 'workspace' ? (place.workspace ?? '') : '',
    namespace: level.name === 'namespace' ? (place.namespace ?? '') : '',
    scope: scopes[level.name as MemberLevel],
  })
}

/** What `details.kind` of the 404 says that somebody has no role at a place, though there may be such an account. */
const MEMBER = 'member'

function notAMember(name: string): ApiError {
  return new ApiError(404, 'NotFound', `member ${name} not exist`, {
    details: { group: 'iam.kubesphere.io', kind: MEMBER, name },
  })
}

/** Whether an error says that somebody is no member, rather than that something else is missing. */
export function isNotAMember(error: unknown): error is ApiError {
  return error instanceof ApiError && error.details?.kind === MEMBER
}

function demandMember(member: Member): void {
  demandLabelValue(member.username, 'username')
}

/**
 * One item a binding, by its first User subject. The query is applied to stub accounts, which know only a name and
 * the role's annotation (§17.1).
 */
async function listMembers(
  site: Site,
  args: Parameters<MemberOperations['list']['run']>[1],
): Promise<Page<Member>> {
  const store = await bindingStore(site)
  const stubs: KubeObject[] = []
  if (args.role === undefined || isLabelValue(args.role)) {
    for (const entry of entriesAt(site, store)) {
      if (args.role && entry.labels[ROLE_REF] !== args.role) continue
      const username = userOf(entry.object as RoleBinding)
      if (username !== undefined) {
        stubs.push(
          memberStub(site.level.name as MemberLevel, { username, roleRef: roleRefOf(entry) }),
        )
      }
    }
  }
  // Stubs have no labels; a selector is neither an error nor a filter here.
  const page = await selectB(stubs, { ...args.query, labelSelector: '' })
  return {
    items: page.items.map((stub) => ({
      username: stub.metadata.name ?? '',
      roleRef: stub.metadata.annotations?.[site.level.roleAnnotation] ?? '',
    })),
    totalItems: page.totalItems,
  }
}

/** A member as an account without anything but name and role. */
export function memberStub(level: MemberLevel, member: Member): User {
  return {
    metadata: {
      name: member.username,
      creationTimestamp: null,
      annotations: { [levels[level].roleAnnotation]: member.roleRef },
    },
    spec: { email: '' },
    status: {},
  }
}

function withRole(level: Level, user: User, roleRef: string): User {
  return {
    ...user,
    metadata: {
      ...user.metadata,
      annotations: { ...user.metadata.annotations, [level.roleAnnotation]: roleRef },
    },
  }
}
