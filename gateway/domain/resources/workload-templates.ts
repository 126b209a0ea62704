import type { Entry } from '../../kube/api.ts'
import type { GVR, KubeObject } from '../../kube/types.ts'
import { ApiError, badRequest, notFound } from '../../lib/errors.ts'
import { WORKSPACE_LABEL } from '../names.ts'
import { attributes, type Attributes, type Operation, type OperationScope } from '../operation.ts'
import { removed, written } from '../settle.ts'
import type { Condition } from './condition.ts'
import { customCondition, typeOf } from './custom-filters.ts'
import { select } from './engine.ts'
import { filtersB } from './filters.ts'
import { filterContext } from './reads.ts'
import { ShapedEntry } from './shown.ts'
import type { ListQuery, ResourcePage, Shown } from './types.ts'

const SECRETS: GVR = { group: '', version: 'v1', resource: 'secrets' }
const LABEL = 'workloadtemplate.kubesphere.io'
const TYPE = 'workloadtemplate.kubesphere.io/workloadtemplate'

export interface TemplatePlace {
  readonly namespace?: string | undefined
  readonly workspace?: string | undefined
}

export interface TemplateBody {
  readonly metadata?: KubeObject['metadata'] | undefined
  readonly stringData?: Readonly<Record<string, string>> | undefined
}

export interface StoredTemplate {
  readonly object: KubeObject
  readonly created: boolean
}

/** Workload templates: Secrets that carry the label of one (resources-tenant.md §13). Other Secrets are not there. */
export interface WorkloadTemplateOperations {
  readonly list: Operation<TemplatePlace & { readonly query: ListQuery }, ResourcePage>
  readonly get: Operation<{ namespace: string; name: string }, Shown>
  readonly create: Operation<{ namespace: string; template: TemplateBody }, StoredTemplate>
  readonly update: Operation<
    { namespace: string; name: string; template: TemplateBody },
    StoredTemplate
  >
  readonly delete: Operation<{ namespace: string; name: string }, void>
}

function needs(verb: string, place: TemplatePlace, name = ''): Attributes {
  const { namespace = '', workspace = '' } = place
  return attributes({
    verb,
    apiGroup: 'workloadtemplate.kubesphere.io',
    apiVersion: 'v1alpha1',
    resource: 'workloadtemplates',
    namespace,
    workspace,
    name,
  })
}

const isTemplate: Condition = {
  holds: ({ labels }) => labels[LABEL] === 'true',
  view: { label: { key: LABEL, value: 'true' } },
}

/** Secrets as answers show them: without the record of who wrote what. */
function shown(object: KubeObject): KubeObject {
  const { managedFields: _fields, ...metadata } = object.metadata
  return { ...object, metadata }
}

export const workloadTemplates: WorkloadTemplateOperations = {
  list: {
    name: 'resources.workloadTemplates.list',
    needs: (place) => needs('list', place),
    run: list,
  },
  get: {
    name: 'resources.workloadTemplates.get',
    needs: ({ namespace, name }) => needs('get', { namespace }, name),
    run: async (scope, { namespace, name }) =>
      new ShapedEntry(await templateAt(scope, namespace, name), {
        shape: shown,
        variant: 'template',
      }),
  },
  create: {
    name: 'resources.workloadTemplates.create',
    needs: ({ namespace }) => needs('create', { namespace }),
    async run(scope, { namespace, template }) {
      const name = template.metadata?.name ?? ''
      if ((await secretAt(scope, namespace, name)) !== undefined) {
        throw new ApiError(409, 'AlreadyExists', `workloadtemplate ${name} already exists`)
      }
      return apply(scope, namespace, name, template)
    },
  },
  update: {
    name: 'resources.workloadTemplates.update',
    needs: ({ namespace, name }) => needs('update', { namespace }, name),
    async run(scope, { namespace, name, template }) {
      const body = template.metadata?.name ?? ''
      if (body !== name) {
        throw badRequest(
          `the name of the object (${body}) does not match the name on the URL (${name})`,
        )
      }
      return apply(scope, namespace, name, template)
    },
  },
  delete: {
    name: 'resources.workloadTemplates.delete',
    needs: ({ namespace, name }) => needs('delete', { namespace }, name),
    async run(scope, { namespace, name }) {
      const entry = await templateAt(scope, namespace, name)
      const preconditions = { uid: entry.uid }
      await scope.cluster.client.delete(SECRETS, name, { namespace, preconditions })
      await removed(scope.cluster, SECRETS, entry)
    },
  },
}

async function secretAt(
  { cluster, signal }: OperationScope,
  namespace: string,
  name: string,
): Promise<Entry | undefined> {
  return (await cluster.caches.store(SECRETS, signal)).get(namespace, name)
}

async function templateAt(scope: OperationScope, namespace: string, name: string): Promise<Entry> {
  const entry = await secretAt(scope, namespace, name)
  if (!entry || !isTemplate.holds(entry)) throw notFound('', 'Secret', name)
  return entry
}

async function list(
  scope: OperationScope,
  { namespace, workspace, query }: TemplatePlace & { readonly query: ListQuery },
): Promise<ResourcePage> {
  const { cluster, signal } = scope
  const store = await cluster.caches.store(SECRETS, signal)
  const custom = await customCondition(scope, query, typeOf(store))
  const context = { ...filterContext(cluster, store, signal), custom }
  const also: Condition[] = [isTemplate]
  if (workspace !== undefined) also.push(await inNamespacesOf(scope, workspace))
  const semantics = { filters: filtersB }
  const { entries, totalItems, end } = await select({ context, semantics, query, namespace, also })
  return {
    items: entries.map((entry) => new ShapedEntry(entry, { shape: shown, variant: 'template' })),
    totalItems,
    remainingItems: totalItems - end,
  }
}

/** Namespaces of a workspace in which the caller may list templates; none where the workspace is closed to the caller. */
async function inNamespacesOf(scope: OperationScope, workspace: string): Promise<Condition> {
  const open = new Set<string>()
  const mayList = await scope.may(
    attributes({ verb: 'list', resource: 'namespaces', workspace, scope: 'Workspace' }),
  )
  if (mayList) {
    const gvr = { group: '', version: 'v1', resource: 'namespaces' }
    const namespaces = await scope.cluster.caches.store(gvr, scope.signal)
    for (const { name } of namespaces.withLabel(WORKSPACE_LABEL, workspace)) {
      const inside = attributes({ verb: 'list', resource: 'workloadtemplates', namespace: name })
      if (await scope.may(inside)) open.add(name)
    }
  }
  return { holds: ({ namespace }) => open.has(namespace) }
}

async function apply(
  scope: OperationScope,
  namespace: string,
  name: string,
  { metadata, stringData }: TemplateBody,
): Promise<StoredTemplate> {
  const { cluster, signal } = scope
  const labels = { ...metadata?.labels, [LABEL]: 'true' }
  const annotations = { ...metadata?.annotations }
  const at = { namespace, signal }
  const existing = await secretAt(scope, namespace, name)
  if (!existing) {
    const object = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { ...metadata, name, namespace, labels, annotations },
      type: TYPE,
      stringData: { ...stringData },
    }
    const created = await cluster.client.create<KubeObject>(SECRETS, object, at)
    await written(cluster, SECRETS, created)
    return { object: shown(created), created: true }
  }
  if (!isTemplate.holds(existing)) throw notFound('', 'Secret', name)
  const same =
    Object.keys(stringData ?? {}).length === 0 &&
    equal(existing.labels, labels) &&
    equal(existing.annotations, annotations)
  if (same) return { object: shown(existing.object), created: false }
  const object = {
    ...existing.object,
    metadata: { ...existing.object.metadata, labels, annotations },
    stringData: { ...stringData },
  }
  const updated = await cluster.client.update<KubeObject>(SECRETS, object, at)
  await written(cluster, SECRETS, updated)
  return {
    object: shown({ ...updated, kind: 'Secret', apiVersion: 'v1' }),
    created: false,
  }
}

function equal(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  const keys = Object.keys(a)
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key])
}
