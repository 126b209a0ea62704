import type { Cluster } from '../../../gateway/domain/cluster/index.ts'
import { empty } from '../../wire/index.ts'
import { asObject, asStruct, asStructs, text } from '../../wire/typed.ts'
import type { Reply, RouteRequest } from '../registry.ts'
import { always400 } from './errors.ts'

export function validateCluster(rq: RouteRequest): Promise<Reply> {
  return always400(async () => {
    const cluster = asObject(await rq.entity(), 'v1alpha1.Cluster') as Partial<Cluster>
    await rq.app.cluster.validate.run(rq.ctx, { cluster })
    return empty()
  })
}

export function updateKubeconfig(rq: RouteRequest): Promise<Reply> {
  return always400(async () => {
    const body = asStruct(await rq.entity(), 'v1alpha1.UpdateClusterRequest')
    await rq.app.cluster.updateKubeconfig.run(rq.ctx, {
      name: rq.params['cluster'] ?? '',
      kubeconfig: text(body['kubeconfig'], '[]uint8'),
    })
    return empty()
  })
}

export function grantCluster(rq: RouteRequest): Promise<Reply> {
  return always400(async () => {
    const bodies = asStructs(await rq.entity(), 'v1alpha1.UpdateVisibilityRequest') ?? []
    await rq.app.cluster.grant.run(rq.ctx, {
      name: rq.params['cluster'] ?? '',
      requests: bodies.map((body) => ({
        op: text(body['op']),
        workspace: text(body['workspace']),
      })),
    })
    return empty()
  })
}
