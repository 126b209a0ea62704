import { stringify } from 'yaml'
import { objectAttributes, objectFrom, objects } from '../gateway/domain/objects/index.ts'
import { kindWords } from '../gateway/domain/resources/index.ts'
import { groupVersion, type KubeObject } from '../gateway/kube/types.ts'
import { connect } from './connection.ts'
import type { GraphqlContext } from './context.ts'
import { demandId, encodeId } from './ids.ts'
import { workspaceOf } from './metadata.ts'
import type { ResourceObject } from './models.ts'
import { demandHere, kindOf, kindsOf, loadObject, modelOf } from './objects.ts'
import type { Resolvers } from './types.generated.ts'
import { onePatch, propagations, writeOptions } from './write-options.ts'

function globalId({ cluster, info, object: { metadata } }: ResourceObject): string {
  const { group, resource } = info
  const { namespace = '', name = '' } = metadata
  return encodeId({ cluster, group, resource, namespace, name })
}

function yamlOf(object: KubeObject, managedFields: boolean): string {
  if (managedFields || !object.metadata.managedFields) return stringify(object)
  const { managedFields: _dropped, ...metadata } = object.metadata
  return stringify({ ...object, metadata })
}

/** The controller of an object, else its first owner; null where that one is gone or of a kind not served. */
async function ownerOf(
  { object: { metadata } }: ResourceObject,
  context: GraphqlContext,
): Promise<ResourceObject | null> {
  const owners = metadata.ownerReferences ?? []
  const owner = owners.find(({ controller }) => controller) ?? owners[0]
  if (!owner) return null
  const [version = '', group = ''] = owner.apiVersion.split('/').toReversed()
  const info = await context.ctx.cluster.discovery.findKind({ group, version, kind: owner.kind })
  if (!info) return null
  const namespace = info.namespaced ? (metadata.namespace ?? '') : ''
  const found = await loadObject(context, { ...info, namespace, name: owner.name })
  return found?.object.metadata.uid === owner.uid ? found : null
}

const kubernetesObject: NonNullable<Resolvers['GenericObject']> = {
  __resolveReference: (reference, context) => loadObject(context, demandId(reference.id)),
  id: globalId,
  apiVersion: ({ info, object }) => object.apiVersion ?? groupVersion(info),
  kind: ({ info }) => info.kind,
  metadata: ({ object }) => object.metadata,
  raw: ({ object }) => object,
  yaml: ({ object }, { managedFields }) => yamlOf(object, managedFields ?? false),
  owner: (parent, _args, context) => ownerOf(parent, context),
  project: async ({ object: { metadata } }, _args, { loaders }) => {
    const project = metadata.namespace ? await loaders.projects.load(metadata.namespace) : null
    return project && workspaceOf(project) ? project : null
  },
}

export const resources: Pick<
  Resolvers,
  'Query' | 'Mutation' | 'ResourceKind' | 'KubernetesObject' | 'GenericObject' | 'ObjectMeta'
> = {
  Query: {
    resource: async (_root, { ref }, { ctx, app }) => {
      const info = await kindOf(app, ctx, ref)
      const at = { info, namespace: ref.namespace ?? '', name: ref.name }
      return modelOf(ctx, info, await ctx.call(objects.get, at))
    },
    resources: async (_root, { kind, cluster, namespace, resourceVersion, ...args }, context) => {
      const { ctx, app, cursors } = context
      const info = await kindOf(app, ctx, { ...kind, cluster })
      const found = await ctx.call(objects.list, {
        info,
        namespace: namespace ?? '',
        resourceVersion: resourceVersion ?? undefined,
      })
      const { group, version, resource } = info
      const connection = connect(found.rows, {
        cursors,
        list: ['resources', ctx.cluster.name, group, version, resource, namespace ?? ''],
        args,
        words: kindWords(info),
        toNode: (row) => modelOf(ctx, info, row.object),
      })
      const edges = connection.edges.map((edge) => ({
        node: edge.node,
        cluster: ctx.cluster.name,
        get cursor() {
          return edge.cursor
        },
      }))
      return {
        ...connection,
        edges,
        resourceVersion: found.resourceVersion,
        freshness: found.fresh,
      }
    },
    kinds: (_root, { cluster, filter }, context) => kindsOf(context, cluster, filter),
  },
  Mutation: {
    createResource: async (_root, { object: value, options }, { ctx, app }) => {
      const object = objectFrom(value)
      const info = await kindOf(app, ctx, { ...kindRef(object), cluster: options?.cluster })
      const written = { info, object, options: writeOptions(options) }
      return {
        object: modelOf(ctx, info, await ctx.call(objects.create, written)),
        conflicts: [],
      }
    },
    applyResource: async (_root, { object: value, options }, { ctx, app }) => {
      const object = objectFrom(value)
      const info = await kindOf(app, ctx, { ...kindRef(object), cluster: options.cluster })
      const force = options.force ?? false
      const written = { info, object, force, options: writeOptions(options) }
      const applied = await ctx.call(objects.apply, written)
      return {
        object: applied.object ? modelOf(ctx, info, applied.object) : null,
        conflicts: applied.conflicts.map(({ manager = null, ...rest }) => ({ manager, ...rest })),
      }
    },
    patchResource: async (_root, { ref, patch, options }, { ctx, app }) => {
      await demandHere(app, ctx, options?.cluster)
      const info = await kindOf(app, ctx, ref)
      const at = { info, namespace: ref.namespace ?? '', name: ref.name }
      const change = { ...at, ...onePatch(patch), options: writeOptions(options) }
      return {
        object: modelOf(ctx, info, await ctx.call(objects.patch, change)),
        conflicts: [],
      }
    },
    deleteResource: async (_root, { ref, options }, { ctx, app }) => {
      const info = await kindOf(app, ctx, ref)
      const { namespace, name } = ref
      const { propagationPolicy, gracePeriodSeconds, preconditions, dryRun } = options ?? {}
      const gone = await ctx.call(objects.remove, {
        info,
        namespace: namespace ?? '',
        name,
        options: {
          dryRun: dryRun ?? false,
          propagationPolicy: propagationPolicy ? propagations[propagationPolicy] : undefined,
          gracePeriodSeconds: gracePeriodSeconds ? Number(gracePeriodSeconds) : undefined,
          preconditions: preconditions ? given(preconditions) : undefined,
        },
      })
      const { group, resource } = info
      const cluster = ctx.cluster.name
      const id = encodeId({ cluster, group, resource, namespace: namespace ?? '', name })
      return { id, gone }
    },
  },
  ResourceKind: {
    group: ({ info }) => info.group,
    version: ({ info }) => info.version,
    kind: ({ info }) => info.kind,
    plural: ({ info }) => info.resource,
    singular: ({ info }) => info.singular,
    namespaced: ({ info }) => info.namespaced,
    verbs: ({ info }) => info.verbs,
    categories: ({ info }) => info.categories,
    shortNames: ({ info }) => info.shortNames,
    preferred: ({ info }) => info.preferred,
    typeName: () => 'GenericObject',
    allowed: async ({ info }, { namespace }, { ctx }) => {
      const at = { info, namespace: info.namespaced ? (namespace ?? '') : '' }
      const may = await Promise.all(info.verbs.map((verb) => ctx.may(objectAttributes(verb, at))))
      return info.verbs.filter((_verb, index) => may[index])
    },
  },
  KubernetesObject: {
    __resolveType: () => 'GenericObject',
    __resolveReference: (reference, context) => loadObject(context, demandId(reference.id)),
  },
  GenericObject: kubernetesObject,
  ObjectMeta: {
    name: ({ name = '' }) => name,
    labels: ({ labels = {} }) => labels,
    labelsEntry: ({ labels }, { key }) => labels?.[key] ?? null,
    annotations: ({ annotations = {} }) => annotations,
    annotationsEntry: ({ annotations }, { key }) => annotations?.[key] ?? null,
    finalizers: ({ finalizers = [] }) => finalizers,
    ownerReferences: ({ ownerReferences = [] }) => ownerReferences,
  },
}

function kindRef({ apiVersion, kind }: { apiVersion: string; kind: string }) {
  const [version = '', group = ''] = apiVersion.split('/').toReversed()
  return { group, version, kind }
}

function given({
  uid,
  resourceVersion,
}: {
  readonly uid?: string | null
  readonly resourceVersion?: string | null
}) {
  return { ...(uid ? { uid } : {}), ...(resourceVersion ? { resourceVersion } : {}) }
}
