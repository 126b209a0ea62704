import type { Placement } from '../gateway/domain/tenant/index.ts'
import { coreId } from './core-ids.ts'
import { demandId } from './ids.ts'
import { everything, memberConnection, objectConnection, roleConnection } from './lists.ts'
import {
  createdAt,
  creatorOf,
  descriptionOf,
  displayNameOf,
  nameOf,
  workspaceOf,
} from './metadata.ts'
import { foundOrNull } from './loaders.ts'
import { coreObject } from './objects.ts'
import { platformMetrics, workspaceMetrics, workspaceQuota } from './tenant-numbers.ts'
import type { Resolvers } from './types.generated.ts'

/** Annotations of a new object, those that were given. */
function annotationsOf(
  input: { readonly displayName?: string | null; readonly description?: string | null },
  creator: string,
): Record<string, string> {
  return {
    'kubesphere.io/creator': creator,
    ...(input.displayName ? { 'kubesphere.io/alias-name': input.displayName } : {}),
    ...(input.description ? { 'kubesphere.io/description': input.description } : {}),
  }
}

function placementOn(clusters: readonly string[]): Placement {
  return { clusters: clusters.map((name) => ({ name })) }
}

export const workspaces: Pick<Resolvers, 'Query' | 'Mutation' | 'Workspace' | 'Project'> = {
  Query: {
    platformMetrics: (_root, _args, context) => platformMetrics(context),
    workspace: (_root, { name }, { loaders }) => loaders.workspaces.load(name),
    workspaces: async (_root, args, context) => {
      const { ctx, app } = context
      const { items } = await ctx.call(app.tenant.templates.list, { query: everything })
      return objectConnection(context, ['workspaces'], items, args)
    },
  },
  Mutation: {
    createWorkspace: async (_root, { input }, { ctx, app }) => {
      const manager = input.manager ?? ctx.user.name
      const workspace = await ctx.call(app.tenant.templates.create, {
        template: {
          metadata: { name: input.name, annotations: annotationsOf(input, ctx.user.name) },
          spec: {
            template: { spec: { manager } },
            placement: placementOn(input.clusters ?? [ctx.cluster.name]),
          },
        },
      })
      return { workspace, clientMutationId: input.clientMutationId ?? null }
    },
    createProject: async (_root, { input }, { ctx, app }) => {
      const project = await ctx.call(app.tenant.namespaces.create, {
        workspace: input.workspace,
        namespace: {
          metadata: {
            name: input.name,
            labels: { 'kubesphere.io/managed': 'true' },
            annotations: annotationsOf(input, ctx.user.name),
          },
        },
      })
      return { project, clientMutationId: input.clientMutationId ?? null }
    },
  },
  Workspace: {
    __resolveReference: (reference, { loaders }) =>
      loaders.workspaces.load('name' in reference ? reference.name : demandId(reference.id).name),
    id: (workspace, _args, { ctx }) => coreId(ctx.cluster.name, 'Workspace', nameOf(workspace)),
    name: nameOf,
    displayName: displayNameOf,
    description: descriptionOf,
    managerName: ({ spec }) => spec.template.spec.manager ?? null,
    manager: ({ spec: { template } }, _args, { loaders }) =>
      template.spec.manager ? loaders.users.load(template.spec.manager) : null,
    labels: ({ metadata }) => metadata.labels ?? {},
    annotations: ({ metadata }) => metadata.annotations ?? {},
    createdAt,
    clusters: async (workspace, _args, { ctx, app }) => {
      const at = { workspace: nameOf(workspace) }
      return (await ctx.call(app.tenant.clusters.ofWorkspace, at)).items
    },
    quota: (parent, { name }, context) => {
      const workspace = nameOf(parent)
      return workspaceQuota(context, workspace, name ?? workspace)
    },
    metrics: (workspace, _args, context) => workspaceMetrics(context, nameOf(workspace)),
    projects: async (parent, args, context) => {
      const { ctx, app } = context
      const workspace = nameOf(parent)
      const { items } = await ctx.call(app.tenant.namespaces.list, { workspace, query: everything })
      return objectConnection(context, ['projects', workspace], items, args)
    },
    member: async (parent, { username }, { ctx, app }) => {
      const workspace = nameOf(parent)
      const at = { workspace, name: username }
      const found = await foundOrNull(ctx.call(app.iam.members.workspace.get, at))
      return found && { level: 'workspace', workspace, username, roleRef: found.roleRef }
    },
    members: (workspace, args, context) =>
      memberConnection(context, { level: 'workspace', workspace: nameOf(workspace) }, args),
    roles: (workspace, args, context) =>
      roleConnection(context, { level: 'workspace', workspace: nameOf(workspace) }, args),
    object: (workspace, _args, context) => coreObject(context, 'Workspace', nameOf(workspace)),
  },
  Project: {
    id: (project, _args, { ctx }) => coreId(ctx.cluster.name, 'Project', nameOf(project)),
    name: nameOf,
    cluster: (_project, _args, { ctx }) => ctx.cluster.name,
    displayName: displayNameOf,
    description: descriptionOf,
    creator: creatorOf,
    phase: ({ status }) => status.phase ?? null,
    labels: ({ metadata }) => metadata.labels ?? {},
    annotations: ({ metadata }) => metadata.annotations ?? {},
    createdAt,
    workspaceName: (project) => workspaceOf(project) ?? '',
    workspace: (project, _args, { loaders }) => {
      const name = workspaceOf(project)
      return name ? loaders.workspaces.load(name) : null
    },
    members: (project, args, context) =>
      memberConnection(context, { level: 'namespace', namespace: nameOf(project) }, args),
    roles: (project, args, context) =>
      roleConnection(context, { level: 'namespace', namespace: nameOf(project) }, args),
    object: (project, _args, context) => coreObject(context, 'Project', nameOf(project)),
  },
}
