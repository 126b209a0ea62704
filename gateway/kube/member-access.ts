import type { Logger } from 'pino'
import { ApiError } from '../lib/errors.ts'
import type { ClusterAccess } from './api.ts'
import { clientOf } from './client.ts'
import type { ClusterRoute } from './clusters.ts'
import { createDiscovery } from './discovery.ts'

/** Path of ks-apiserver behind a member's kube-apiserver. */
export const SERVICE_PROXY =
  '/api/v1/namespaces/kubesphere-system/services/:ks-apiserver:/proxy' as const

export interface MemberAccessOptions {
  readonly route: Extract<ClusterRoute, { kind: 'member' }>
  /** The header by which the caller said who he is. */
  readonly authorization: string
  readonly log: Logger
  readonly now: () => number
  /** Milliseconds until the headers of an answer to a read must have come. */
  readonly readTimeout: number
}

/**
 * A member as one caller has it: each request goes to the member's ks-apiserver with the caller's own credentials, so
 * that the member judges what he may do (pipeline.md §9). It has no watch caches: what they hold, nobody has judged.
 * Nothing is asked yet, and disposal ends nothing.
 */
export function memberAccess(options: MemberAccessOptions): ClusterAccess {
  const { route, authorization, now, readTimeout } = options
  const { name, target, serviceProxy } = route
  const log = options.log.child({ cluster: name })
  const client = clientOf({
    origin: target.origin,
    dispatcher: target.dispatcher,
    connect: (signal) => target.connect(signal),
    headers: async () =>
      serviceProxy
        ? { 'x-kubesphere-authorization': authorization, ...(await target.authHeaders()) }
        : { authorization },
    ...(serviceProxy && {
      // The proxy of kube-apiserver takes `dryRun` for its own.
      targetOf: (path) => SERVICE_PROXY + path.replace(/([?&])dryRun=/, '$1dryrun='),
    }),
    readTimeout,
  })
  const caches: ClusterAccess['caches'] = {
    store: () =>
      Promise.reject(new ApiError(500, 'InternalError', `cluster ${name} has no watch caches`)),
    peek: () => undefined,
    status: () => [],
    async [Symbol.asyncDispose]() {},
  }
  return {
    name,
    client,
    caches,
    discovery: createDiscovery({ client, log, now, watch: false }),
    async [Symbol.asyncDispose]() {},
  }
}
