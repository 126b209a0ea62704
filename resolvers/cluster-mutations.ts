import type { ClusterDraft, ClusterLabel } from '../gateway/domain/cluster/index.ts'
import type { GraphqlContext } from './context.ts'
import { nameOf } from './metadata.ts'
import { removal } from './store-reads.ts'
import type { JoinClusterInput, Resolvers } from './types.generated.ts'

const base64 = (text: string): string => Buffer.from(text).toString('base64')

export const clusterMutations: Pick<Resolvers, 'Mutation'> = {
  Mutation: {
    validateCluster: async (_root, { input }, { ctx, app }) => {
      const { name, kubeconfig } = input
      const connection = { type: 'direct', kubeconfig: base64(kubeconfig) }
      const cluster = { metadata: { name }, spec: { connection } }
      await ctx.call(app.cluster.validate, { cluster })
      return { ok: true, clientMutationId: input.clientMutationId ?? null }
    },
    joinCluster: async (_root, { input }, { ctx, app }) => ({
      cluster: await ctx.call(app.cluster.join, { cluster: draftOf(input) }),
      clientMutationId: input.clientMutationId ?? null,
    }),
    updateClusterKubeconfig: async (_root, { input }, { ctx, app, loaders }) => {
      const { name, kubeconfig, clientMutationId = null } = input
      const args = { name, kubeconfig: base64(kubeconfig) }
      await ctx.call(app.cluster.updateKubeconfig, args)
      return { cluster: await loaders.clusters.load(name), clientMutationId }
    },
    removeCluster: async (_root, { input }, context) => {
      const { ctx, app } = context
      await ctx.call(app.cluster.remove, { name: input.name })
      return removal(context, 'Cluster', input)
    },
    grantCluster: async (_root, { input }, { ctx, app, loaders }) => {
      const { name, add = [], remove = [], clientMutationId = null } = input
      const requests = [
        ...add.map((workspace) => ({ op: 'add', workspace })),
        ...remove.map((workspace) => ({ op: 'remove', workspace })),
      ]
      await ctx.call(app.cluster.grant, { name, requests })
      return { cluster: await loaders.clusters.load(name), clientMutationId }
    },
    createClusterLabels: async (_root, { input }, { ctx, app }) => {
      const drafts = input.labels.map(({ key, value, backgroundColor }) => ({
        key,
        value,
        backgroundColor: backgroundColor ?? undefined,
      }))
      const labels = await ctx.call(app.cluster.labels.create, { labels: drafts })
      return { labels, clientMutationId: input.clientMutationId ?? null }
    },
    updateClusterLabel: async (_root, { input }, { ctx, app }) => {
      const { name, key, value, clientMutationId = null } = input
      const label = await ctx.call(app.cluster.labels.update, { label: name, key, value })
      return { labels: [label], clientMutationId }
    },
    deleteClusterLabels: async (_root, { input }, { ctx, app }) => {
      const { names, clientMutationId = null } = input
      await ctx.call(app.cluster.labels.delete, { labels: names })
      return { names: [...names], clientMutationId }
    },
    labelClusters: async (_root, { input }, context) => {
      const { ctx, app } = context
      const { labels, clusters, clientMutationId = null } = input
      await ctx.call(app.cluster.labels.bind, { labels, clusters })
      return { labels: await labelsNamed(context, labels), clientMutationId }
    },
    unlabelClusters: async (_root, { input }, { ctx, app }) => {
      const { labels, clusters, clientMutationId = null } = input
      const left: ClusterLabel[] = []
      for (const label of labels) {
        left.push(await ctx.call(app.cluster.labels.unbind, { label, clusters }))
      }
      return { labels: left, clientMutationId }
    },
  },
}

/** As the caller may list them: who binds without that right is told nothing. */
async function labelsNamed(
  { ctx, app }: GraphqlContext,
  names: readonly string[],
): Promise<ClusterLabel[]> {
  const all = await ctx.call(app.cluster.labels.list, {})
  const byName = new Map(all.map((label) => [nameOf(label), label]))
  return names.flatMap((name) => byName.get(name) ?? [])
}

function draftOf(input: JoinClusterInput): ClusterDraft {
  const { name, kubeconfig, kubesphereAPIEndpoint, provider, displayName, description } = input
  return {
    name,
    kubeconfig: base64(kubeconfig),
    kubesphereAPIEndpoint: kubesphereAPIEndpoint ?? undefined,
    provider: provider ?? undefined,
    alias: displayName ?? undefined,
    description: description ?? undefined,
    labels: input.labels ?? undefined,
    labelIds: input.clusterLabels ?? undefined,
  }
}
