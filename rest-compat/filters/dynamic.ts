import { part, resourceTemplate } from '../../gateway/telemetry/index.ts'
import { answer } from './container.ts'
import { dynamicResource } from './dynamic-resource.ts'
import type { Layer } from './exchange.ts'
import { RoutedRequest } from './routed-request.ts'

/** Layer 11 (pipeline.md §17): kinds without a handler of their own, after a 404 of the router. */
export const dynamicLayer: Layer = {
  name: 'dynamic-resource',
  run(x) {
    const { info } = x.ctx
    if (!info.isResourceRequest || info.isKubernetesRequest) return undefined
    x.routed(() => resourceTemplate(x.path))
    return answer(() => part('operation', () => dynamicResource(new RoutedRequest(x, {}))))
  },
}
