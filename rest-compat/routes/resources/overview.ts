import type { Component } from '../../../gateway/domain/resources/index.ts'
import { isNotFound } from '../../../gateway/lib/errors.ts'
import { json, textError } from '../../wire/index.ts'
import type { Reply, RouteRequest } from '../registry.ts'

/** @NOTE a Prometheus vector with numbers for values (resources-tenant.md §6). */
export async function metrics({ app, ctx, params }: RouteRequest): Promise<Reply> {
  const counts = await app.resources.overview.run(ctx, { namespace: params['namespace'] })
  const seconds = Math.floor(app.now() / 1000)
  return json({
    results: counts.map(({ name, value }) => ({
      metric_name: name,
      data: { resultType: 'vector', result: [{ value: [seconds, value] }] },
    })),
  })
}

function componentView({ name, namespace, selector, ...rest }: Component): object {
  return {
    name,
    namespace,
    selfLink: '',
    label: selector,
    startedAt: rest.startedAt,
    totalBackends: rest.totalBackends,
    healthyBackends: rest.healthyBackends,
  }
}

export async function listComponents({ app, ctx }: RouteRequest): Promise<Reply> {
  const components = await app.resources.components.list.run(ctx, {})
  return json(components.map(componentView))
}

/** @NOTE a name that is no component is a 500 (resources-tenant.md §7). */
export async function getComponent({ app, ctx, params }: RouteRequest): Promise<Reply> {
  try {
    const name = params['component'] ?? ''
    return json(componentView(await app.resources.components.get.run(ctx, { name })))
  } catch (error) {
    if (!isNotFound(error)) throw error
    return textError(error as Error, 500)
  }
}

export async function componentHealth({ app, ctx }: RouteRequest): Promise<Reply> {
  const health = await app.resources.components.health.run(ctx, {})
  return json({
    kubesphereStatus: health.components.map(componentView),
    nodeStatus: { totalNodes: health.totalNodes, healthyNodes: health.healthyNodes },
  })
}
