import { json } from '../../wire/json.ts'
import { defineRoutes } from '../registry.ts'
import type { RouteHandler } from '../registry.ts'

const version: RouteHandler = async ({ app, ctx }) => json(await app.platform.version(ctx.signal))

/** platform-apis.md §1. The second path is the older name; only the first is open to everybody. */
export const versionRoutes = defineRoutes([
  {
    method: 'GET',
    path: '/version',
    operation: 'getVersion',
    summary: 'Versions of the platform and of the host cluster',
    tags: ['NonResource APIs'],
    sample: '/version',
    handler: version,
  },
  {
    method: 'GET',
    path: '/kapis/version',
    operation: 'getVersionLegacy',
    summary: 'Versions of the platform and of the host cluster',
    tags: ['NonResource APIs'],
    sample: '/kapis/version',
    deprecated: true,
    handler: version,
  },
])
