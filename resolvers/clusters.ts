import type { ClusterCondition } from '../gateway/domain/cluster/index.ts'
import { coreId } from './core-ids.ts'
import { demandId } from './ids.ts'
import { everything, memberConnection, objectConnection } from './lists.ts'
import { createdAt, descriptionOf, displayNameOf, nameOf } from './metadata.ts'
import { coreObject, demandHere, kindsOf } from './objects.ts'
import type { Cluster } from './models.ts'
import { workspacesOn } from './workspace-lists.ts'
import type { Resolvers } from './types.generated.ts'

const hostLabel = 'cluster-role.kubesphere.io/host'

function conditionsOf(cluster: Cluster): readonly ClusterCondition[] {
  return cluster.status.conditions ?? []
}

export const clusters: Pick<Resolvers, 'Query' | 'Cluster' | 'ClusterLabel'> = {
  Query: {
    cluster: (_root, { name }, { loaders }) => loaders.clusters.load(name),
    clusterLabels: (_root, _args, { ctx, app }) => ctx.call(app.cluster.labels.list, {}),
    clusters: async (_root, args, context) => {
      const { ctx, app } = context
      const { items } = await ctx.call(app.tenant.clusters.list, {
        query: everything,
        roleBindingExists: true,
      })
      return objectConnection(context, ['clusters'], items, args)
    },
  },
  Cluster: {
    __resolveReference: (reference, { loaders }) =>
      loaders.clusters.load('name' in reference ? reference.name : demandId(reference.id).name),
    id: (cluster, _args, { ctx }) => coreId(ctx.cluster.name, 'Cluster', nameOf(cluster)),
    name: nameOf,
    displayName: displayNameOf,
    description: descriptionOf,
    host: ({ metadata }) => metadata.labels?.[hostLabel] !== undefined,
    ready: (cluster) =>
      conditionsOf(cluster).some(({ type, status }) => type === 'Ready' && status === 'True'),
    conditions: (cluster) =>
      conditionsOf(cluster).map(({ type, status, reason, message, lastTransitionTime }) => ({
        type,
        status,
        reason: reason ?? null,
        message: message ?? null,
        lastTransitionTime: lastTransitionTime ?? null,
      })),
    kubernetesVersion: ({ status }) => status.kubernetesVersion ?? null,
    kubeSphereVersion: ({ status }) => status.kubeSphereVersion ?? null,
    nodeCount: ({ status }) => status.nodeCount ?? null,
    provider: ({ spec }) => spec.provider || null,
    region: ({ status }) => status.region ?? null,
    createdAt,
    labels: async (cluster, _args, { ctx, app }) => {
      const labels = await ctx.call(app.cluster.labels.list, {})
      return labels.filter(({ spec }) => spec.clusters?.includes(nameOf(cluster)))
    },
    kinds: (cluster, { filter }, context) => kindsOf(context, nameOf(cluster), filter),
    members: async (cluster, args, context) => {
      await demandHere(context.app, context.ctx, nameOf(cluster))
      return memberConnection(context, { level: 'cluster' }, args)
    },
    workspaces: (cluster, args, context) => workspacesOn(context, nameOf(cluster), args),
    object: (cluster, _args, context) => coreObject(context, 'Cluster', nameOf(cluster)),
  },
  ClusterLabel: {
    name: nameOf,
    key: ({ spec }) => spec.key,
    value: ({ spec }) => spec.value,
    backgroundColor: ({ spec }) => spec.backgroundColor ?? null,
    clusterNames: ({ spec }) => spec.clusters ?? [],
  },
}
