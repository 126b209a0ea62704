import type { Logger } from 'pino'
import type { ClusterAccess } from '../../kube/api.ts'
import { badRequest, forbidden } from '../../lib/errors.ts'
import type { Guard } from '../guard.ts'
import {
  attributes,
  type Attributes,
  type Authorizer,
  type Operation,
  type OperationScope,
} from '../operation.ts'
import { PODS } from './open-log.ts'
import { demandOptions } from './options.ts'
import { containersOf, createPodBook, type Pod, type PodBook } from './pods.ts'
import { selectionOf } from './selection.ts'
import { ownStores, sharedStores, type Stores } from './stores.ts'
import { streamLogs, type StreamOptions } from './stream.ts'
import type { LogOptions, LogStream, PodLogArgs, PodsLogArgs } from './types.ts'

/** Milliseconds for a pod that is there to reach the watch cache. */
const FRESH_MS = 5000

export interface LogService {
  /**
   * The logs of a pod's containers until each run has ended. Throws ApiError 403, 404 for a pod that is not there, 400 for
   * a container that it does not have and for options that contradict each other.
   */
  readonly pod: Operation<PodLogArgs, LogStream>
  /**
   * The logs of pods of a namespace. When followed, later runs and pods are included, and it ends when no more can come.
   * The right to each pod's log is asked for by itself. Throws as `pod`.
   */
  readonly pods: Operation<PodsLogArgs, LogStream>
}

export interface LogDeps {
  /** The cluster whose logs are judged here; members judge their own. */
  readonly host: ClusterAccess
  readonly guard: Guard
  readonly authorizer: Authorizer
  readonly log: Logger
}

/** As the REST face judges the path of a log. */
function logAttributes(namespace: string, name: string): Attributes {
  return attributes({
    verb: 'get',
    apiVersion: 'v1',
    resource: 'pods',
    subresource: 'log',
    namespace,
    name,
    kubernetesRequest: true,
  })
}

function listAttributes(namespace: string): Attributes {
  const of = { apiVersion: 'v1', resource: 'pods', namespace, kubernetesRequest: true }
  return attributes({ verb: 'list', ...of })
}

/** Logs of pods, taken away with the right to them. */
export function createLogs({ host, guard, authorizer, log }: LogDeps): LogService {
  const isHost = ({ cluster }: OperationScope): boolean => cluster.caches === host.caches
  const storesOf = (scope: OperationScope): Stores =>
    isHost(scope) ? sharedStores(scope) : ownStores(scope.cluster, scope.signal, log)

  function rights(scope: OperationScope, namespace: string, alsoList: boolean) {
    return {
      may: (pod: string) => scope.may(logAttributes(namespace, pod)),
      watch(pod: string, onLost: (why: string) => void) {
        if (!isHost(scope)) return () => {}
        const checks = [logAttributes(namespace, pod)]
        if (alsoList) checks.push(listAttributes(namespace))
        return guard.watch({
          user: scope.user,
          token: undefined,
          checks: checks.map((asked) => ({ authorizer, attributes: asked })),
          what: 'these logs',
          onLost,
        })
      },
    } satisfies Pick<StreamOptions, 'may' | 'watch'>
  }

  return {
    pod: {
      name: 'logs.pod',
      ofCluster: true,
      needs: ({ namespace, pod }) => logAttributes(namespace, pod),
      async run(scope, { namespace, pod, containers, options }) {
        demandOptions(options)
        using opened = new DisposableStack()
        const stores = opened.use(storesOf(scope))
        const book = await bookOf(stores, namespace)
        const found = await present(scope, book, namespace, pod)
        const [missing] = missingOf(found, containers)
        if (missing !== undefined) {
          throw badRequest(`container ${missing} is not valid for pod ${pod}`)
        }
        opened.move()
        return streamLogs({
          ...rights(scope, namespace, false),
          scope,
          stores,
          namespace,
          book,
          options: plain(options),
          containers,
          first: [found],
        })
      },
    },
    pods: {
      name: 'logs.pods',
      ofCluster: true,
      needs: ({ namespace }) => listAttributes(namespace),
      async run(scope, args) {
        const { namespace, containers, options, workload } = args
        demandOptions(options)
        if (namespace === '') throw badRequest('a namespace is needed')
        const right = rights(scope, namespace, true)
        using opened = new DisposableStack()
        const stores = opened.use(storesOf(scope))
        const matches = await selectionOf(stores, args)
        const book = await bookOf(stores, namespace)
        const first = book.all().filter(matches)
        const allowed = await Promise.all(
          first.map(({ metadata }) => right.may(metadata.name ?? '')),
        )
        if (first.length > 0 && !allowed.includes(true)) {
          throw forbidden('none of these logs is yours to read')
        }
        const [missing] =
          containers?.filter((name) => first.every((pod) => !containersOf(pod, [name]).length)) ??
          []
        if (missing !== undefined && first.length > 0) {
          throw badRequest(`none of the pods has a container ${missing}`)
        }
        const store = workload && (await stores.open(workload.info, namespace))
        opened.move()
        return streamLogs({
          ...right,
          scope,
          stores,
          namespace,
          book,
          options: plain(options),
          containers,
          first,
          matches,
          workload: workload && store && { ...workload, store },
        })
      },
    },
  }
}

/** What is over cannot be followed. */
function plain(options: LogOptions): LogOptions {
  return { ...options, follow: options.follow && !options.previous }
}

async function bookOf(stores: Stores, namespace: string): Promise<PodBook> {
  return createPodBook(await stores.open(PODS, namespace), namespace)
}

function missingOf(pod: Pod, containers: readonly string[] = []): string[] {
  return containers.filter((name) => containersOf(pod, [name]).length === 0)
}

/** A pod that is there; one that the watch cache does not know yet is waited for. Throws ApiError 404. */
async function present(
  { cluster, signal }: OperationScope,
  book: PodBook,
  namespace: string,
  name: string,
): Promise<Pod> {
  const known = book.get(name)
  if (known) return known
  await cluster.client.get(PODS, name, { namespace, signal })
  const late = AbortSignal.any([signal, AbortSignal.timeout(FRESH_MS)])
  return book.until(() => book.get(name), late)
}
