import { applicationRoutes } from './application/v2.ts'
import { clusterRoutes } from './cluster/v1alpha1.ts'
import { configRoutes } from './config/index.ts'
import { gatewayRoutes } from './gateway/index.ts'
import { debugRoutes } from './debug/index.ts'
import { healthRoutes } from './health/index.ts'
import { iamRoutes } from './iam/v1beta1.ts'
import { oauthRoutes } from './oauth/index.ts'
import { openapiRoutes } from './openapi/index.ts'
import { operationRoutes } from './operations/index.ts'
import { packageRoutes } from './package/index.ts'
import { defineRoutes } from './registry.ts'
import type { RouteRow } from './registry.ts'
import { resourcesV1alpha2Routes } from './resources/v1alpha2.ts'
import { resourcesV1alpha3Routes } from './resources/v1alpha3.ts'
import { staticRoutes } from './static/index.ts'
import { tenantV1alpha3Routes } from './tenant/v1alpha3.ts'
import { tenantRoutes } from './tenant/v1beta1.ts'
import { terminalRoutes } from './terminal/v1alpha2.ts'
import { versionRoutes } from './version/index.ts'
import { workloadTemplateRoutes } from './workloadtemplate/index.ts'

/** Every REST route of the server. Where two rows claim one method and path, the first answers. */
export const allRoutes: readonly RouteRow[] = defineRoutes([
  ...configRoutes,
  ...tenantV1alpha3Routes,
  ...tenantRoutes,
  ...clusterRoutes,
  ...applicationRoutes,
  ...iamRoutes,
  ...resourcesV1alpha3Routes,
  ...resourcesV1alpha2Routes,
  ...operationRoutes,
  ...workloadTemplateRoutes,
  ...oauthRoutes,
  ...versionRoutes,
  ...terminalRoutes,
  ...packageRoutes,
  ...gatewayRoutes,
  ...staticRoutes,
  ...healthRoutes,
  ...debugRoutes,
  ...openapiRoutes(() => allRoutes),
])
