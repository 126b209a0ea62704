import { isDeepStrictEqual } from 'node:util'
import type { GVR, KubeObject } from '../kube/types.ts'
import { forbidden } from '../lib/errors.ts'
import { APP_RELEASES } from './names.ts'
import { attributes, type OperationScope } from './operation.ts'

const CREATOR = 'kubesphere.io/creator'

/**
 * Application releases are installed with the rights of the account that they name as their creator, so nobody may name
 * another one but who holds everything. Throws ApiError 403 for a release that does, unless what is installed stays as it
 * was; other kinds pass.
 */
export async function demandOwnCreator(
  scope: Pick<OperationScope, 'user' | 'may'>,
  { group, resource }: Pick<GVR, 'group' | 'resource'>,
  next: KubeObject,
  previous?: KubeObject,
): Promise<void> {
  if (group !== APP_RELEASES.group || resource !== APP_RELEASES.resource) return
  const creator = next.metadata.annotations?.[CREATOR]
  if (creator === scope.user.name) return
  if (previous && isDeepStrictEqual(installed(previous), installed(next))) return
  const everything = attributes({ verb: '*', apiGroup: '*', resource: '*', scope: 'Global' })
  if (await scope.may(everything)) return
  throw forbidden(`a release is written by the account that its annotation ${CREATOR} names`)
}

function installed(release: KubeObject): object {
  const { labels, annotations } = release.metadata
  return { spec: release['spec'], labels: labels ?? {}, creator: annotations?.[CREATOR] }
}
