import {
  GraphQLInterfaceType,
  GraphQLList,
  GraphQLNonNull,
  type GraphQLFieldConfig,
  type GraphQLFieldConfigMap,
} from 'graphql'
import type { KindInfo } from '../../gateway/kube/types.ts'
import type { GraphqlContext } from '../context.ts'
import type { ResourceObject } from '../models.ts'
import { inItsCluster, loadObject, modelOf } from '../objects.ts'
import { kindAt, relatedPage, relatedRows } from '../relations.ts'
import type { PagingArgs } from '../paging.ts'
import { argumentsOf, typed, type KindTools } from './tools.ts'
import { textIn, valueIn } from './json.ts'
import {
  backendsOf,
  mountsOf,
  resolveKindRef,
  roleOf,
  scaleTargetOf,
  subjectsOf,
  type ObjectRef,
} from './references.ts'
import { scaleEdge } from './kind-scale.ts'
import { labelMapOf, podSelectors } from './selectors.ts'

type Field = GraphQLFieldConfig<ResourceObject, GraphqlContext, PagingArgs>
type Fields = GraphQLFieldConfigMap<ResourceObject, GraphqlContext>

/** Names of the edges that some kinds have beside those of every object. */
export const edgeNames: readonly string[] = [
  'selectedPods',
  'services',
  'mounts',
  'node',
  'pods',
  'boundVolume',
  'claim',
  'subjectObjects',
  'roleObject',
  'scaleTarget',
  'backends',
  'scale',
]

const bindings = new Set(['rolebindings', 'clusterrolebindings'])
const platformBindings = new Set([...bindings, 'globalrolebindings', 'workspacerolebindings'])

function isBinding({ group, resource }: KindInfo): boolean {
  if (group === 'rbac.authorization.k8s.io') return bindings.has(resource)
  return group === 'iam.kubesphere.io' && platformBindings.has(resource)
}

/**
 * What objects of a kind lead to. Nothing is read unless a document selects the edge; an edge to a kind that the graph
 * does not have is not there.
 */
export function edgeFields(info: KindInfo, tools: KindTools): Fields {
  const fields: Fields = {}
  const name = `${info.group}/${info.resource}`
  const pods = tools.kind('', 'pods')
  const services = tools.kind('', 'services')
  if (pods && podSelectors[name]) fields['selectedPods'] = selectedPods(name, tools)
  if (name === '/pods') {
    fields['mounts'] = objectList(
      'Config maps, secrets and claims that it mounts.',
      mountsOf,
      tools,
    )
    if (services) fields['services'] = servicesOf(tools)
    single(fields, 'node', '/nodes', 'Node that it runs on.', tools, ({ object }) =>
      textIn(object, 'spec', 'nodeName'),
    )
  }
  if (name === '/nodes' && pods) fields['pods'] = podsOn(tools)
  if (name === '/persistentvolumeclaims') {
    single(fields, 'boundVolume', '/persistentvolumes', 'Its volume.', tools, ({ object }) =>
      textIn(object, 'spec', 'volumeName'),
    )
  }
  if (name === '/persistentvolumes') {
    single(
      fields,
      'claim',
      '/persistentvolumeclaims',
      'Claim that it is bound to.',
      tools,
      ({ object }) => textIn(object, 'spec', 'claimRef', 'name'),
      ({ object }) => textIn(object, 'spec', 'claimRef', 'namespace'),
    )
  }
  if (name === 'networking.k8s.io/ingresses') {
    fields['backends'] = objectList('Services that it leads to.', backendsOf, tools)
  }
  const any = typed(tools.core, 'KubernetesObject', GraphQLInterfaceType)
  if (name === 'autoscaling/horizontalpodautoscalers') {
    fields['scaleTarget'] = {
      type: any,
      description: 'What it scales.',
      resolve: ({ object }, _args, context) => resolveKindRef(scaleTargetOf(object), context),
    }
  }
  if (isBinding(info)) {
    fields['roleObject'] = {
      type: any,
      description: 'The role that it binds.',
      resolve: ({ object }, _args, context) => resolveKindRef(roleOf(object), context),
    }
    fields['subjectObjects'] = {
      type: new GraphQLList(any),
      description: 'Whom it binds, in the order of `subjects`; null for what is no object.',
      resolve: ({ object }, _args, context) =>
        subjectsOf(object).map((ref) => (ref ? resolveKindRef(ref, context) : null)),
    }
  }
  if (info.subresources?.scale?.includes('get')) fields['scale'] = scaleEdge(tools)
  for (const field of Object.values(fields)) {
    if (field.resolve) field.resolve = inItsCluster(field.resolve)
  }
  return fields
}

function selectedPods(name: string, tools: KindTools): Field {
  return podPage(
    'selectedPods',
    'Pods that its selector names.',
    tools,
    async (parent, context) => {
      const selector = podSelectors[name]?.(parent.object)
      const info = selector && (await kindAt(context, '', 'pods'))
      if (!info) return []
      const namespace = parent.object.metadata.namespace ?? ''
      return relatedRows(context, info, namespace, (of) => of.selectedBy(selector))
    },
  )
}

function podsOn(tools: KindTools): Field {
  return podPage('pods', 'Pods that run on it.', tools, async ({ object }, context) => {
    const info = await kindAt(context, '', 'pods')
    const node = object.metadata.name ?? ''
    return info ? relatedRows(context, info, '', (of) => of.onNode(node)) : []
  })
}

function podPage(
  field: string,
  description: string,
  { core, kind }: KindTools,
  find: (
    parent: ResourceObject,
    context: GraphqlContext,
  ) => Promise<Awaited<ReturnType<typeof relatedRows>>>,
): Field {
  const pods = kind('', 'pods')
  if (!pods) throw new TypeError('the graph has no pods')
  return {
    type: pods.connection,
    description,
    args: argumentsOf(core, 'GenericObject', 'events'),
    resolve: async (parent, args, context) =>
      relatedPage(context, parent, field, await find(parent, context), args),
  }
}

/** Services of the namespace whose selector names the pod. */
function servicesOf({ kind }: KindTools): Field {
  const services = kind('', 'services')
  if (!services) throw new TypeError('the graph has no services')
  return {
    type: new GraphQLList(new GraphQLNonNull(services.type)),
    description: 'Services whose selector names it.',
    resolve: async ({ object: { metadata } }, _args, context) => {
      const info = await kindAt(context, '', 'services')
      if (!info) return null
      const labels = metadata.labels ?? {}
      const all = await relatedRows(context, info, metadata.namespace ?? '', (of) => of.all())
      return all
        .filter(({ object }) => labelMapOf(valueIn(object, 'spec', 'selector'))?.matches(labels))
        .map(({ object }) => modelOf(context.ctx, info, object))
    },
  }
}

function objectList(
  description: string,
  refsOf: (object: ResourceObject['object']) => ObjectRef[],
  { core }: KindTools,
): Field {
  return {
    type: new GraphQLList(typed(core, 'KubernetesObject', GraphQLInterfaceType)),
    description: `${description} Null for what is gone.`,
    resolve: ({ object }, _args, context) => refsOf(object).map((ref) => loadObject(context, ref)),
  }
}

/** An edge to one object of a kind, given as `group/resource`. */
function single(
  fields: Fields,
  field: string,
  target: string,
  description: string,
  { kind }: KindTools,
  nameOf: (parent: ResourceObject) => string,
  namespaceOf: (parent: ResourceObject) => string = () => '',
): void {
  const [group = '', resource = ''] = target.split('/')
  const type = kind(group, resource)?.type
  if (!type) return
  fields[field] = {
    type,
    description,
    resolve: (parent, _args, context) => {
      const name = nameOf(parent)
      if (!name) return null
      return loadObject(context, { group, resource, namespace: namespaceOf(parent), name })
    },
  }
}
