import type { ListOptions } from '../../kube/api.ts'
import { groupVersion, type KubeList, type KubeObject } from '../../kube/types.ts'
import { badRequest } from '../../lib/errors.ts'
import type { Operation, OperationScope } from '../operation.ts'
import { demandPlace, objectAttributes, type Place } from './address.ts'
import { visible } from './visible.ts'

/** Most objects of one chunk of a list. */
const chunk = 500

/** Most chunks of a list that is read whole. */
const mostChunks = 20

export interface LivePageArgs extends Place {
  readonly limit: number
  readonly labelSelector?: string | undefined
  readonly fieldSelector?: string | undefined
  /** The API server's token of where the last page ended. */
  readonly continue?: string | undefined
}

/** A page as the API server cut it. */
export interface LivePage {
  readonly items: readonly KubeObject[]
  readonly resourceVersion: string
  /** Empty text on the last page. */
  readonly continue: string
  /** Items behind this page, where the API server knows. */
  readonly remaining: number | undefined
}

async function readPage(
  { cluster, signal }: OperationScope,
  { info, namespace, limit, labelSelector, fieldSelector, continue: token }: LivePageArgs,
): Promise<LivePage> {
  const options: ListOptions = {
    namespace: namespace || undefined,
    limit,
    ...(labelSelector ? { labelSelector } : {}),
    ...(fieldSelector ? { fieldSelector } : {}),
    ...(token ? { continue: token } : {}),
    signal,
    wide: true,
  }
  const { items, metadata }: KubeList = await cluster.client.list(info, options)
  const stamp = { apiVersion: groupVersion(info), kind: info.kind }
  return {
    items: items.map((item) => visible(info, { ...stamp, ...item })),
    resourceVersion: metadata.resourceVersion ?? '',
    continue: metadata.continue ?? '',
    remaining: metadata.remainingItemCount,
  }
}

/** Every object of a place, in chunks. Throws ApiError 400 where there are more than 10 000. */
export async function listWhole(
  scope: OperationScope,
  at: Omit<LivePageArgs, 'limit' | 'continue'>,
): Promise<LivePage> {
  const items: KubeObject[] = []
  let token = ''
  for (let count = 0; count < mostChunks; count++) {
    const page = await readPage(scope, { ...at, limit: chunk, continue: token })
    items.push(...page.items)
    token = page.continue
    if (!token) return { ...page, items }
  }
  throw badRequest(
    `there are more than ${mostChunks * chunk} objects of kind ${at.info.kind}: name a namespace`,
  )
}

/** One page of a list, straight from the API server. Throws ApiError 410 for a token that is too old. */
export const livePage: Operation<LivePageArgs, LivePage> = {
  name: 'objects.livePage',
  ofCluster: true,
  needs: (args) => objectAttributes('list', args),
  async run(scope, args) {
    demandPlace(args, true)
    return readPage(scope, args)
  },
}
