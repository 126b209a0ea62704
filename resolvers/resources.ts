import { stringify } from 'yaml'
import { isCached, objectAttributes, objectFrom, objects } from '../gateway/domain/objects/index.ts'
import { groupVersion, type KubeObject } from '../gateway/kube/types.ts'
import { wideDigits } from '../gateway/lib/wide-json.ts'
import type { GraphqlContext } from './context.ts'
import { demandId, encodeId } from './ids.ts'
import { kindIndexOf, objectTypeName } from './kind-index.ts'
import { workspaceOf } from './metadata.ts'
import type { ResourceObject } from './models.ts'
import { applyManifests } from './manifests.ts'
import { readCategory } from './categories.ts'
import { readList } from './object-lists.ts'
import {
  applyObject,
  createObject,
  deleteObject,
  kindOfObject,
  patchObject,
  updateObject,
} from './object-writes.ts'
import { inItsCluster, kindHere, kindOf, kindsOf, loadObject, modelOf } from './objects.ts'
import { eventsAbout, ownedBy } from './relations.ts'
import { selects } from './selects.ts'
import { columnsOf } from './tables.ts'
import type { ManagedFieldsEntry, Resolvers } from './types.generated.ts'

function globalId({ cluster, info, object: { metadata } }: ResourceObject): string {
  const { group, resource } = info
  const { namespace = '', name = '' } = metadata
  return encodeId({ cluster, group, resource, namespace, name })
}

/** Integers of any size as YAML writes them. */
function digits(_key: unknown, value: unknown): unknown {
  const wide = wideDigits(value)
  return wide === undefined ? value : BigInt(wide)
}

function yamlOf(object: KubeObject, managedFields: boolean): string {
  if (managedFields || !object.metadata.managedFields) return stringify(object, digits)
  const { managedFields: _dropped, ...metadata } = object.metadata
  return stringify({ ...object, metadata }, digits)
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
  if (!info || !context.shown(info)) return null
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
  owner: inItsCluster((parent, _args, context) => ownerOf(parent, context)),
  project: inItsCluster(async ({ object: { metadata } }, _args, { loaders }) => {
    const project = metadata.namespace ? await loaders.projects.load(metadata.namespace) : null
    return project && workspaceOf(project) ? project : null
  }),
  owned: inItsCluster(ownedBy),
  events: inItsCluster(eventsAbout),
}

export const resources: Pick<
  Resolvers,
  'Query' | 'Mutation' | 'ResourceKind' | 'KubernetesObject' | 'GenericObject' | 'ObjectMeta'
> = {
  Query: {
    resource: async (_root, { ref }, context) => {
      const { ctx, live, shown } = await context.at(ref.cluster)
      const info = await kindHere({ ctx, shown }, ref)
      const at = { info, namespace: ref.namespace ?? '', name: ref.name, live: live(info) }
      return modelOf(ctx, info, await ctx.call(objects.get, at))
    },
    resources: async (_root, { kind, ...args }, context) => {
      const info = await kindOf(context, { ...kind, cluster: args.cluster })
      return readList(context, info, args)
    },
    resourcesIn: async (_root, { cluster, ...args }, context) =>
      readCategory(await context.at(cluster), args),
    kinds: (_root, { cluster, filter }, context) => kindsOf(context, cluster, filter),
  },
  Mutation: {
    createResource: async (_root, { object: value, options }, context) => {
      const object = objectFrom(value)
      const kind = await kindOfObject(context, object, options?.cluster)
      return createObject(context, kind, object, options)
    },
    applyResource: async (_root, { object: value, options, subresource }, context, info) => {
      const object = objectFrom(value)
      const kind = await kindOfObject(context, object, options.cluster)
      return applyObject(context, kind, object, options, {
        compare: selects(info, 'changed'),
        subresource,
      })
    },
    applyManifests: (_root, { documents, options, stopOnError }, context) =>
      applyManifests(context, documents, options, stopOnError),
    updateResource: async (_root, { object: value, options, subresource }, context, info) => {
      const object = objectFrom(value)
      const kind = await kindOfObject(context, object, options?.cluster)
      return updateObject(context, kind, object, options, {
        compare: selects(info, 'changed'),
        subresource,
      })
    },
    patchResource: async (_root, { ref, patch, options, subresource }, context, info) => {
      const kind = await kindOf(context, ref)
      return patchObject(context, kind, ref, patch, options, {
        compare: selects(info, 'changed'),
        subresource,
      })
    },
    deleteResource: async (_root, { ref, options }, context) => {
      const kind = await kindOf(context, ref)
      return deleteObject(context, kind, ref, options)
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
    subresources: ({ info }) => Object.keys(info.subresources ?? {}),
    preferred: ({ info }) => info.preferred,
    typeName: ({ info }, _args, _context, { schema }) =>
      kindIndexOf(schema).names(info)?.type ?? 'GenericObject',
    getField: ({ info }, _args, _context, { schema }) =>
      info.verbs.includes('get') ? (kindIndexOf(schema).names(info)?.getField ?? null) : null,
    listField: ({ info }, _args, _context, { schema }) =>
      info.verbs.includes('list') ? (kindIndexOf(schema).names(info)?.listField ?? null) : null,
    watchField: ({ info }, _args, _context, { schema }) =>
      isCached(info) ? (kindIndexOf(schema).names(info)?.watchField ?? null) : null,
    schemaError: ({ info }, _args, _context, { schema }) => kindIndexOf(schema).error(info) ?? null,
    columns: async ({ cluster, info }, { namespace }, context) =>
      columnsOf(await context.at(cluster), info, namespace ?? ''),
    allowed: async ({ info }, { namespace }, { ctx }) => {
      const at = { info, namespace: info.namespaced ? (namespace ?? '') : '' }
      const may = await Promise.all(info.verbs.map((verb) => ctx.may(objectAttributes(verb, at))))
      return info.verbs.filter((_verb, index) => may[index])
    },
  },
  KubernetesObject: {
    __resolveType: (object, _context, { schema }) => objectTypeName(schema, object),
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
    managedFields: ({ managedFields = [] }) => managedFields as readonly ManagedFieldsEntry[],
  },
}
