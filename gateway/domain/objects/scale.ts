import { resourcePath, type KubeObject } from '../../kube/types.ts'
import type { Operation } from '../operation.ts'
import { demandAddress, demandPart, objectAttributes, type Address } from './address.ts'
import { demandUnguarded, write, type Write } from './writes.ts'

/** How many copies of something are wanted, and how many there are (Kubernetes API reference, autoscaling/v1 Scale). */
export interface Scale {
  readonly wanted: number
  readonly current: number
  /** Of what is counted, as text; null where the object does not say. */
  readonly selector: string | null
}

export interface RescaleArgs extends Address {
  readonly replicas: number
  readonly options: Write
}

export interface Rescaled {
  readonly scale: Scale
  /** What the API server warns of. */
  readonly warnings: readonly string[]
}

function scaleOf({ spec, status }: KubeObject): Scale {
  const { replicas: wanted = 0 } = (spec ?? {}) as { replicas?: number }
  const { replicas: current = 0, selector = '' } = (status ?? {}) as {
    replicas?: number
    selector?: string
  }
  return { wanted, current, selector: selector || null }
}

/** The scale of an object, as the API server works it out of the object. Throws ApiError 404, and 405 for a kind without. */
export const scale: Operation<Address, Scale> = {
  name: 'objects.scale',
  ofCluster: true,
  needs: (address) => objectAttributes('get', address, address.name, 'scale'),
  async run({ cluster, signal }, address) {
    demandAddress(address)
    const { info, namespace, name } = address
    demandPart(info, 'scale', 'get')
    const path = resourcePath(info, {
      namespace: namespace || undefined,
      name,
      subresource: 'scale',
    })
    return scaleOf(await cluster.client.json<KubeObject>({ path, signal }))
  },
}

/** Says how many copies are wanted. Throws ApiError 404, and 405 for a kind without a scale. */
export const rescale: Operation<RescaleArgs, Rescaled> = {
  name: 'objects.rescale',
  ofCluster: true,
  needs: (args) => objectAttributes('patch', args, args.name, 'scale'),
  async run(scope, args) {
    demandAddress(args)
    const { info, name, replicas, options } = args
    demandPart(info, 'scale', 'patch')
    await demandUnguarded(scope, info)
    const { object, warnings } = await write(scope, args, options, (at) =>
      scope.cluster.client.patch<KubeObject>(
        info,
        name,
        { spec: { replicas } },
        { ...at, type: 'merge', subresource: 'scale' },
      ),
    )
    return { scale: scaleOf(object ?? { metadata: {} }), warnings }
  },
}
