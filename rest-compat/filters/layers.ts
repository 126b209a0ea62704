import type { App } from '../../gateway/context/app.ts'
import type { ExtensionDocuments } from '../../gateway/domain/extensions/index.ts'
import type { Router } from '../router.ts'
import { routerError } from '../wire/errors.ts'
import { apiServiceLayer } from './api-service.ts'
import type { Extensions } from './api-service.ts'
import { auditingLayer } from './auditing.ts'
import { authentication } from './authentication.ts'
import { authorization } from './authorization.ts'
import { containerLayer } from './container.ts'
import { dynamicLayer } from './dynamic.ts'
import type { Layer } from './exchange.ts'
import { fairness } from './fairness.ts'
import { globalWrapper } from './global.ts'
import { jsBundleLayer } from './js-bundle.ts'
import { kubeApiLayer } from './kube-api.ts'
import { createGuardedWrites } from './kube-guarded-writes.ts'
import { multicluster } from './multicluster.ts'
import { requestInfoLayer } from './request-info.ts'
import { reverseProxyLayer } from './reverse-proxy.ts'

/** The chain of pipeline.md §2, outermost first, and fairness, which is ours. The order is the contract: nothing that answers stands before 2 and 4. */
export function createLayers(
  app: App,
  router: Router,
  extensions: Extensions,
  documents: ExtensionDocuments,
): readonly Layer[] {
  return [
    globalWrapper,
    requestInfoLayer,
    authentication,
    fairness(app),
    multicluster,
    authorization,
    ...(app.auditor ? [auditingLayer(app.auditor)] : []),
    jsBundleLayer(extensions),
    reverseProxyLayer(extensions),
    apiServiceLayer(extensions),
    kubeApiLayer(createGuardedWrites(app)),
    containerLayer(router, documents),
    dynamicLayer,
    { name: 'not-found', run: () => routerError(404) },
  ]
}
