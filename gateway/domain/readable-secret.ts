import type { KubeObject } from '../kube/types.ts'
import { forbidden, notFound } from '../lib/errors.ts'
import { attributes, type OperationScope } from './operation.ts'

const SECRETS = { group: '', version: 'v1', resource: 'secrets' }

/**
 * A Secret that the caller names, read with the caller's own right to get it. Throws ApiError 403 without that right,
 * whether the Secret is there or not, and 404 where it is not.
 */
export async function readableSecret(
  scope: OperationScope,
  { name, namespace }: { readonly name: string; readonly namespace: string },
): Promise<KubeObject> {
  const mayRead = await scope.may(
    attributes({
      verb: 'get',
      apiVersion: 'v1',
      resource: 'secrets',
      name,
      namespace,
      kubernetesRequest: true,
    }),
  )
  if (!mayRead) throw forbidden(`not allowed to read secret ${name}`)
  const secret = (await scope.cluster.caches.store(SECRETS, scope.signal)).get(namespace, name)
  if (!secret) throw notFound('', 'Secret', name)
  return secret.object
}
