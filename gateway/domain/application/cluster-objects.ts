import type { ClusterAccess, GVR } from '../../kube/api.ts'
import { resourcePath, type KubeList, type KubeObject } from '../../kube/types.ts'
import { badRequest, notFound } from '../../lib/errors.ts'
import { CLUSTERS } from '../names.ts'
import type { Operation, OperationScope } from '../operation.ts'
import { redactorOf } from '../redact.ts'
import { selectB, type ListQuery, type Paged } from '../resources/index.ts'
import { RELEASE_NAME, storeAttributes, type Place } from './names.ts'
import type { StoreDeps } from './stored.ts'

export interface ObjectDeps extends StoreDeps {
  /** Own access to a cluster. Throws ApiError where it cannot be reached. */
  access(cluster: string): Promise<ClusterAccess>
}

type OfRelease = Place & {
  readonly application: string
  readonly cluster: string
  readonly gvr: GVR
}
type OneObject = OfRelease & {
  readonly name: string
  /** Empty for a kind without namespaces. */
  readonly objectNamespace: string
}

/** Objects that operators installed from the store manage, in any cluster, with the rights of the caller. */
export interface ClusterObjectOperations {
  readonly list: Operation<OfRelease & { readonly query: ListQuery }, Paged<KubeObject>>
  readonly get: Operation<OneObject, KubeObject>
  readonly apply: Operation<OfRelease & { readonly object: KubeObject }, void>
  readonly delete: Operation<OneObject, void>
}

const FIELD_MANAGER = 'applicationOperator'
/** Most objects of one list. */
const LONGEST = 5000

const needs = (verb: string, of: OfRelease) =>
  storeAttributes(verb, 'applications', of, of.application, 'cr')

/** platform-apis.md §10.7, "cr routes". Throws ApiError 404 for a missing cluster and what its API server answers. */
export function clusterObjectOperations(deps: ObjectDeps): ClusterObjectOperations {
  return {
    list: {
      name: 'application.objects.list',
      needs: (args) => needs('get', args),
      async run(scope, { cluster, gvr, query }) {
        const { labelSelector = '' } = query
        const { items } = await askAsCaller<KubeList>(deps, scope, cluster, () => ({
          path: resourcePath(checked(gvr)),
          query: { limit: LONGEST, ...(labelSelector ? { labelSelector } : {}) },
        }))
        return selectB(
          items.map((item) => shownAs(gvr, item)),
          query,
        )
      },
    },
    get: {
      name: 'application.objects.get',
      needs: (args) => needs('get', args),
      run: async (scope, args) =>
        shownAs(
          args.gvr,
          await askAsCaller<KubeObject>(deps, scope, args.cluster, () => ({ path: pathOf(args) })),
        ),
    },
    apply: {
      name: 'application.objects.apply',
      needs: (args) => needs('create', args),
      async run(scope, { cluster, gvr, object, application }) {
        const { managedFields: _managed, ...metadata } = object.metadata
        const labels = { ...metadata.labels, [RELEASE_NAME]: application }
        const { name = '', namespace } = metadata
        if (name === '') throw badRequest('metadata.name is required')
        await askAsCaller<KubeObject>(deps, scope, cluster, () => ({
          method: 'PATCH',
          path: resourcePath(checked(gvr), { name, namespace }),
          query: { fieldManager: FIELD_MANAGER },
          headers: { 'content-type': 'application/apply-patch+yaml' },
          body: JSON.stringify({ ...object, metadata: { ...metadata, labels } }),
        }))
      },
    },
    delete: {
      name: 'application.objects.delete',
      needs: (args) => needs('delete', args),
      async run(scope, args) {
        await askAsCaller<KubeObject>(deps, scope, args.cluster, () => ({
          method: 'DELETE',
          path: pathOf(args),
        }))
      },
    },
  }
}

function pathOf({ gvr, name, objectNamespace }: OneObject): string {
  return resourcePath(checked(gvr), { name, namespace: objectNamespace || undefined })
}

interface Question {
  readonly method?: string
  readonly path: string
  readonly query?: Record<string, string | number>
  readonly headers?: Record<string, string>
  readonly body?: string
}

/** Asks the API server of a cluster in the name of the caller; `question` is looked at once the cluster is known. */
export async function askAsCaller<T>(
  deps: ObjectDeps,
  { user, signal }: Pick<OperationScope, 'user' | 'signal'>,
  cluster: string,
  question: () => Question,
): Promise<T> {
  const clusters = await deps.host.caches.store(CLUSTERS, signal)
  if (!clusters.get('', cluster)) throw notFound(CLUSTERS.group, 'Cluster', cluster)
  const { client } = await deps.access(cluster)
  const asked = question()
  const headers = { ...asked.headers, 'impersonate-user': user.name }
  return client.json<T>({ ...asked, headers, signal })
}

/** Group, version and resource go into a path. Throws ApiError 400 for what they cannot be. */
function checked(gvr: GVR): GVR {
  const { group, version, resource } = gvr
  const fits = /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/
  if ((group === '' || fits.test(group)) && fits.test(version) && fits.test(resource)) return gvr
  throw badRequest('group, version and resource must name a kind')
}

/** An object as its cluster gave it, without what nobody is shown: password hashes, credentials of clusters. */
export function shownAs(gvr: Pick<GVR, 'group' | 'resource'>, object: KubeObject): KubeObject {
  const { managedFields: _managed, ...metadata } = object.metadata
  const plain = { ...object, metadata }
  return redactorOf(gvr)?.(plain) ?? plain
}
