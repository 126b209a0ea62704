import {
  identityHeaders,
  upstreamOf,
  withoutIdentity,
} from '../../gateway/domain/extensions/index.ts'
import type {
  ExtensionRegistry,
  Upstream,
  Upstreams,
} from '../../gateway/domain/extensions/index.ts'
import { ApiError } from '../../gateway/lib/errors.ts'
import { internalError, rawStatus } from '../wire/errors.ts'
import type { Layer } from './exchange.ts'
import { outgoing, proxy, withoutBasic } from './proxy.ts'

export interface Extensions {
  readonly registry: ExtensionRegistry
  readonly upstreams: Upstreams
}

/**
 * Layer 8 (pipeline.md §14): resource requests of a group and version that an extension serves. The caller's identity
 * goes along as X-Remote-*, on upgrades too; what the client sent under these names never does.
 */
export function apiServiceLayer({ registry, upstreams }: Extensions): Layer {
  return {
    name: 'api-service',
    async run(x) {
      const { info, user } = x.ctx
      if (!info.isResourceRequest || info.isKubernetesRequest) return undefined
      let service
      try {
        service = await registry.apiService(info.apiGroup, info.apiVersion)
      } catch (error) {
        x.app.log.warn({ err: error }, 'API services cannot be listed')
        return internalError(x.target, 'Internal error occurred: failed to list api services')
      }
      if (!service) return undefined
      if (service.status?.state !== 'Available') {
        const name = service.metadata.name ?? ''
        return rawStatus(503, 'ServiceUnavailable', `apiService ${name} is not available`)
      }
      let upstream: Upstream
      try {
        upstream = upstreamOf(service.spec ?? {}, 'double')
      } catch (error) {
        if (!(error instanceof ApiError)) throw error
        return rawStatus(503, 'ServiceUnavailable', error.message)
      }
      return proxy(x, {
        kind: 'apiservice',
        target: upstreams.target(upstream),
        path: outgoing(x.path, x.rawQuery),
        headers: { ...withoutIdentity(withoutBasic(x.headers)), ...identityHeaders(user) },
      })
    },
  }
}
