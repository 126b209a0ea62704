import { healthRoutes } from './health/index.ts'
import { openapiRoutes } from './openapi/index.ts'
import { defineRoutes } from './registry.ts'
import type { RouteRow } from './registry.ts'
import { versionRoutes } from './version/index.ts'

/** Every REST route of the server. Where two rows claim one method and path, the first answers. */
export const allRoutes: readonly RouteRow[] = defineRoutes([
  ...versionRoutes,
  ...healthRoutes,
  ...openapiRoutes(() => allRoutes),
])
