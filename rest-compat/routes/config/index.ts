import { ApiError, badRequest } from '../../../gateway/lib/errors.ts'
import { CONFIG_SECRET_PREFIX, type ConfigObject } from '../../../gateway/domain/platform/index.ts'
import { json } from '../../wire/json.ts'
import { missingByResource, routerError } from '../../wire/errors.ts'
import { asStruct, text } from '../../wire/typed.ts'
import { defineRoutes } from '../registry.ts'
import type { Reply, RouteHandler, RouteRequest, RouteRow } from '../registry.ts'

const BASE = '/kapis/config.kubesphere.io/v1alpha2'
const PLATFORM = `${BASE}/platformconfigs`
const CONNECTIONS = `${BASE}/clusterconnectionconfigurations`

/** @NOTE Routes that only the host has do not exist on members: they are not forbidden but missing. */
function hostOnly(handler: RouteHandler): RouteHandler {
  return (rq) => (rq.app.platform.isHost ? handler(rq) : routerError(404))
}

function nullable(value: unknown): Reply {
  return value === undefined
    ? { status: 200, headers: { 'content-type': 'application/json' }, body: 'null' }
    : json(value)
}

const setTheme: RouteHandler = async (rq) => {
  const body = Object.entries(asStruct(await rq.entity(), 'map[string]string'))
  const theme = Object.fromEntries(body.map(([key, value]) => [key, text(value)]))
  try {
    await rq.app.platform.setTheme(theme, rq.ctx.signal)
  } catch (error) {
    if (error instanceof ApiError)
      throw new ApiError(500, 'InternalError', error.message, { cause: error })
    throw error
  }
  // A map of Go prints its keys sorted.
  return json(Object.fromEntries(Object.entries(theme).toSorted(([a], [b]) => (a < b ? -1 : 1))))
}

const nameOf = (rq: RouteRequest): string => rq.params['config'] ?? ''

async function entityObject(rq: RouteRequest): Promise<Partial<ConfigObject>> {
  const entity = await rq.entity<Partial<ConfigObject> | null>()
  if (typeof entity !== 'object' || Array.isArray(entity)) {
    throw badRequest(
      'json: cannot unmarshal into Go value of type v1alpha2.GenericPlatformConfiguration',
    )
  }
  return entity ?? {}
}

function row(
  method: RouteRow['method'],
  path: string,
  operation: string,
  summary: string,
  handler: RouteHandler,
  more: Partial<RouteRow> = {},
): RouteRow {
  const sample = path.replace('{config}', 'telemetry')
  return {
    method,
    path,
    operation,
    summary,
    tags: ['Platform Configuration'],
    sample,
    handler,
    ...more,
  }
}

/** config.kubesphere.io/v1alpha2: platform-apis.md §5. */
export const configRoutes = defineRoutes([
  row('GET', `${BASE}/configs/configz`, 'getConfigz', 'Options that clients need', ({ app }) =>
    json({ multicluster: app.platform.multicluster() }),
  ),
  row(
    'GET',
    `${BASE}/configs/oauth`,
    'getOAuthConfig',
    'How to log in',
    hostOnly(async ({ app }) => json(await app.platform.oauth())),
  ),
  row(
    'GET',
    `${BASE}/configs/theme`,
    'getTheme',
    'The look of the console',
    hostOnly(async ({ app }) => nullable(await app.platform.theme())),
  ),
  row(
    'PUT',
    `${BASE}/configs/theme`,
    'updateTheme',
    'Replace the look of the console',
    hostOnly(setTheme),
  ),
  row(
    'GET',
    CONNECTIONS,
    'listClusterConnectionConfigurations',
    'Ways to connect clusters',
    hostOnly(async ({ app, ctx }) => json(await app.platform.configs.connections(ctx.signal))),
  ),
  row(
    'GET',
    `${CONNECTIONS}/{config}`,
    'getClusterConnectionConfiguration',
    'One way to connect clusters',
    hostOnly(async (rq) =>
      json(await rq.app.platform.configs.connection(nameOf(rq), rq.ctx.signal)),
    ),
  ),
  row(
    'POST',
    PLATFORM,
    'createPlatformConfig',
    'Create a configuration',
    hostOnly(async (rq) =>
      json(await rq.app.platform.configs.create(await entityObject(rq), rq.ctx.signal)),
    ),
  ),
  row(
    'DELETE',
    `${PLATFORM}/{config}`,
    'deletePlatformConfig',
    'Delete a configuration',
    hostOnly(async (rq) => {
      try {
        await rq.app.platform.configs.delete(nameOf(rq), rq.ctx.signal)
      } catch (error) {
        throw missingByResource(error, 'secrets', CONFIG_SECRET_PREFIX + nameOf(rq))
      }
      return json({ message: 'success' })
    }),
  ),
  row(
    'PUT',
    `${PLATFORM}/{config}`,
    'updatePlatformConfig',
    'Replace a configuration',
    hostOnly(async (rq) =>
      json(await rq.app.platform.configs.update(nameOf(rq), await entityObject(rq), rq.ctx.signal)),
    ),
  ),
  row(
    'PATCH',
    `${PLATFORM}/{config}`,
    'patchPlatformConfig',
    'Change the data of a configuration',
    hostOnly(async (rq) =>
      json(await rq.app.platform.configs.patch(nameOf(rq), await entityObject(rq), rq.ctx.signal)),
    ),
    { consumes: ['application/merge-patch+json'] },
  ),
  row(
    'GET',
    `${PLATFORM}/{config}`,
    'getPlatformConfig',
    'One configuration',
    hostOnly(async (rq) => json(await rq.app.platform.configs.get(nameOf(rq), rq.ctx.signal))),
  ),
])
