import { USERS } from '../../gateway/domain/names.ts'
import type { KubeObject } from '../../gateway/kube/types.ts'
import type { GraphqlContext } from '../context.ts'
import type { ResourceObject } from '../models.ts'
import { loadObject } from '../objects.ts'
import { itemsIn, textIn, valueIn } from './json.ts'

/** An object that another names by its kind. */
export interface KindRef {
  readonly group: string
  readonly kind: string
  readonly namespace: string
  readonly name: string
}

/** An object that another names, by its plural. */
export interface ObjectRef {
  readonly group: string
  readonly resource: string
  readonly namespace: string
  readonly name: string
}

function namespaceOf({ metadata }: KubeObject): string {
  return metadata.namespace ?? ''
}

/** The object that a reference leads to; null where it is gone or of a kind that is not served. */
export async function resolveKindRef(
  { group, kind, namespace, name }: KindRef,
  context: GraphqlContext,
): Promise<ResourceObject | null> {
  if (!name) return null
  const info = await context.ctx.cluster.discovery.findKind({ group, kind })
  if (!info || !context.shown(info)) return null
  const { version, resource, namespaced } = info
  const at = { group, version, resource, namespace: namespaced ? namespace : '', name }
  return loadObject(context, at)
}

/** The role of a binding. */
export function roleOf(binding: KubeObject): KindRef {
  const ref = valueIn(binding, 'roleRef')
  return {
    group: textIn(ref, 'apiGroup'),
    kind: textIn(ref, 'kind'),
    namespace: namespaceOf(binding),
    name: textIn(ref, 'name'),
  }
}

/** The subjects of a binding; undefined for those that are no objects. */
export function subjectsOf(binding: KubeObject): (KindRef | undefined)[] {
  return itemsIn(binding, 'subjects').map((subject) => {
    const [kind, name] = [textIn(subject, 'kind'), textIn(subject, 'name')]
    const namespace = textIn(subject, 'namespace') || namespaceOf(binding)
    if (kind === 'ServiceAccount') return { group: '', kind, namespace, name }
    return kind === 'User' ? { group: USERS.group, kind, namespace: '', name } : undefined
  })
}

/** What a HorizontalPodAutoscaler scales. */
export function scaleTargetOf(autoscaler: KubeObject): KindRef {
  const ref = valueIn(autoscaler, 'spec', 'scaleTargetRef')
  const [, group = ''] = textIn(ref, 'apiVersion').split('/').toReversed()
  const kind = textIn(ref, 'kind')
  return { group, kind, namespace: namespaceOf(autoscaler), name: textIn(ref, 'name') }
}

/** Objects that a pod mounts: its config maps, secrets and claims, each once. */
export function mountsOf(pod: KubeObject): ObjectRef[] {
  const names = new Set<string>()
  const add = (resource: string, name: string) => name && names.add(`${resource}/${name}`)
  for (const volume of itemsIn(pod, 'spec', 'volumes')) {
    add('configmaps', textIn(volume, 'configMap', 'name'))
    add('secrets', textIn(volume, 'secret', 'secretName'))
    add('persistentvolumeclaims', textIn(volume, 'persistentVolumeClaim', 'claimName'))
    for (const source of itemsIn(volume, 'projected', 'sources')) {
      add('configmaps', textIn(source, 'configMap', 'name'))
      add('secrets', textIn(source, 'secret', 'name'))
    }
  }
  return Array.from(names, (text) => {
    const [resource = '', name = ''] = text.split('/')
    return { group: '', resource, namespace: namespaceOf(pod), name }
  })
}

/** Services that an Ingress leads to, each once. */
export function backendsOf(ingress: KubeObject): ObjectRef[] {
  const paths = itemsIn(ingress, 'spec', 'rules').flatMap((rule) => itemsIn(rule, 'http', 'paths'))
  const backends = [
    valueIn(ingress, 'spec', 'defaultBackend'),
    ...paths.map((path) => valueIn(path, 'backend')),
  ]
  const names = new Set(backends.map((backend) => textIn(backend, 'service', 'name')))
  names.delete('')
  const namespace = namespaceOf(ingress)
  return Array.from(names, (name) => ({ group: '', resource: 'services', namespace, name }))
}
