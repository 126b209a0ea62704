import type { Plane } from '../../../gateway/embedded/index.ts'
import { seed } from '../../../gateway/embedded/seeds/index.ts'
import { createKubeClient, type PooledClient } from '../../../gateway/kube/client.ts'
import { loadKubeconfig } from '../../../gateway/kube/kubeconfig.ts'
import { startTestPlane } from '../../env/plane.ts'

export const password = 'Pa55word-of-tests'

/** A control plane with the seeds, whose administrator has `password`, and a client that may do anything there. */
export interface SeededPlane extends AsyncDisposable {
  readonly plane: Plane
  readonly client: PooledClient
}

/** etcd and kube-apiserver, and what else is named. */
export async function startSeededPlane(
  ...others: readonly 'kube-controller-manager'[]
): Promise<SeededPlane> {
  await using stack = new AsyncDisposableStack()
  const components = ['etcd', 'kube-apiserver', ...others] as const
  const plane = stack.use(await startTestPlane({ components }))
  const client = stack.use(
    createKubeClient({ credentials: await loadKubeconfig({ path: plane.kubeconfigPath }) }),
  )
  await seed(client, { demo: false, adminPassword: password })
  const owned = stack.move()
  return { plane, client, [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose]() }
}
