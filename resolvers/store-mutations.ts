import type { RepoDraft } from '../gateway/domain/application/index.ts'
import { removal, repositoryAt, storePlace } from './store-reads.ts'
import type { CategoryInput, ChartRepositoryInput, Resolvers } from './types.generated.ts'

/** Releases, repositories and categories. */
export const storeMutations: Pick<Resolvers, 'Mutation'> = {
  Mutation: {
    createApplicationRelease: async (_root, { input }, { ctx, app }) => {
      const { application, displayName, values, description, clientMutationId = null } = input
      const { name, workspace, cluster = 'host', namespace, version } = input
      const object = await ctx.call(app.application.installs.create, {
        name,
        workspace,
        cluster,
        namespace,
        version,
        app: application,
        values: values ?? undefined,
        alias: displayName ?? undefined,
        description: description ?? undefined,
      })
      return { release: { at: { workspace }, object }, clientMutationId }
    },
    upgradeApplicationRelease: async (_root, { input }, { ctx, app }) => {
      const at = storePlace(input)
      const { name, version, values, displayName, description, clientMutationId = null } = input
      const object = await ctx.call(app.application.installs.change, {
        ...at,
        name,
        version: version ?? undefined,
        values: values ?? undefined,
        alias: displayName ?? undefined,
        description: description ?? undefined,
      })
      return { release: { at, object }, clientMutationId }
    },
    deleteApplicationRelease: async (_root, { input }, context) => {
      const { ctx, app } = context
      const at = { ...storePlace(input), name: input.name }
      await ctx.call(app.application.releases.delete, at)
      return removal(context, 'ApplicationRelease', input)
    },
    verifyChartRepository: async (_root, { input }, { ctx, app }) => {
      const args = { ...storePlace(input), repo: repoOf(input), validate: true }
      await ctx.call(app.application.repos.create, args)
      return { ok: true, clientMutationId: input.clientMutationId ?? null }
    },
    addChartRepository: async (_root, { input }, { ctx, app }) => {
      const at = storePlace(input)
      const args = { ...at, repo: repoOf(input), validate: false }
      const object = await ctx.call(app.application.repos.create, args)
      const repository = object ? { at, object } : null
      return { repository, clientMutationId: input.clientMutationId ?? null }
    },
    updateChartRepository: async (_root, { input }, { ctx, app }) => {
      const at = storePlace(input)
      const args = { ...at, repo: repoOf(input), validate: false }
      const object = await ctx.call(app.application.repos.update, args)
      const repository = object ? { at, object } : null
      return { repository, clientMutationId: input.clientMutationId ?? null }
    },
    syncChartRepository: async (_root, { input }, context) => {
      const { ctx, app } = context
      const { name, clientMutationId = null } = input
      const at = storePlace(input)
      await ctx.call(app.application.repos.sync, { ...at, name })
      return { repository: await repositoryAt(context, name, at), clientMutationId }
    },
    deleteChartRepository: async (_root, { input }, context) => {
      const { ctx, app } = context
      await ctx.call(app.application.repos.delete, { ...storePlace(input), name: input.name })
      return removal(context, 'ChartRepository', input)
    },
    createApplicationCategory: async (_root, { input }, { ctx, app }) => ({
      category: await ctx.call(app.application.categories.create, categoryOf(input)),
      clientMutationId: input.clientMutationId ?? null,
    }),
    updateApplicationCategory: async (_root, { input }, { ctx, app }) => ({
      category: await ctx.call(app.application.categories.update, categoryOf(input)),
      clientMutationId: input.clientMutationId ?? null,
    }),
    deleteApplicationCategory: async (_root, { input }, context) => {
      const { ctx, app } = context
      await ctx.call(app.application.categories.delete, { name: input.name })
      return removal(context, 'ApplicationCategory', input)
    },
  },
}

function categoryOf({ name, displayName, description, icon }: CategoryInput) {
  return { name, alias: displayName ?? '', description: description ?? '', icon: icon ?? '' }
}

function repoOf(input: ChartRepositoryInput): RepoDraft {
  const { username, password, certificate, key, ca, insecureSkipTLSVerify } = input
  return {
    name: input.name,
    alias: input.displayName ?? '',
    workspace: input.workspace ?? '',
    url: input.url,
    description: input.description ?? '',
    credential: {
      ...(username ? { username } : {}),
      ...(password ? { password } : {}),
      ...(certificate ? { certFile: certificate } : {}),
      ...(key ? { keyFile: key } : {}),
      ...(ca ? { caFile: ca } : {}),
      ...(insecureSkipTLSVerify ? { insecureSkipTLSVerify } : {}),
    },
    syncPeriod: input.syncPeriod ?? null,
  }
}
