import { setTimeout as sleep } from 'node:timers/promises'
import type { KubeClient } from '../../kube/api.ts'
import type { KubeObject } from '../../kube/types.ts'
import { ApiError, isAlreadyExists, isNotFound, unavailable } from '../../lib/errors.ts'
import { HELPER_NAMESPACE, kubectlPodName, nodePodName, NODES, PODS, SECRETS } from './names.ts'

/** Milliseconds until a helper pod must be ready. */
const READY_MS = 60_000
const POLL_MS = 500

export interface Pod extends KubeObject {
  spec?: { containers?: { name: string }[] }
  status?: { phase?: string; conditions?: { type: string; status: string }[] }
}

interface Helper {
  readonly client: KubeClient
  readonly signal: AbortSignal
  readonly image: string
}

/**
 * The kubectl pod of a user, made when absent and waited for. Throws ApiError 404 without a kubeconfig of that user, 503
 * when it is not ready within a minute (platform-apis.md §9.5).
 */
export async function kubectlPod(helper: Helper, user: string): Promise<Pod> {
  const { client, signal } = helper
  const name = kubectlPodName(user)
  const make = async (): Promise<void> => {
    const secret = `kubeconfig-${user}`
    await client.get(SECRETS, secret, { namespace: HELPER_NAMESPACE, signal })
    await create(helper, kubectlPodObject(name, secret, helper.image))
  }
  return until(helper, name, make, (pod) =>
    Boolean(
      pod.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True'),
    ),
  )
}

/**
 * The shell pod of a node, made when absent or over. Throws ApiError 404 for an unknown node, 503 for one that is not
 * Ready or a pod that does not run within a minute (platform-apis.md §9.6). `timeout` in seconds, 0 = for ever.
 */
export async function nodePod(helper: Helper, node: string, timeout: number): Promise<Pod> {
  const { client, signal } = helper
  const found = await client.get<Pod>(NODES, node, { signal })
  const ready = found.status?.conditions?.find(({ type }) => type === 'Ready')
  if (ready?.status !== 'True') throw unavailable(`node ${node} is not ready`)
  const name = nodePodName(node)
  const make = () => create(helper, nodePodObject(name, node, helper.image, timeout))
  const over = ({ status }: Pod) => status?.phase === 'Succeeded' || status?.phase === 'Failed'
  const before = await present(helper, name)
  if (before && over(before)) await remove(helper, before)
  const pod = await until(helper, name, make, (one) => one.status?.phase === 'Running' || over(one))
  if (over(pod)) throw unavailable(`pod ${name} ended before it could be used`)
  return pod
}

async function until(
  helper: Helper,
  name: string,
  make: () => Promise<void>,
  ready: (pod: Pod) => boolean,
): Promise<Pod> {
  const deadline = performance.now() + READY_MS
  for (;;) {
    const pod = await present(helper, name)
    if (!pod) await make()
    else if (!pod.metadata.deletionTimestamp && ready(pod)) return pod
    if (performance.now() > deadline) throw unavailable(`pod ${name} is not ready`)
    await sleep(POLL_MS, undefined, { signal: helper.signal })
  }
}

async function present({ client, signal }: Helper, name: string): Promise<Pod | undefined> {
  try {
    return await client.get<Pod>(PODS, name, { namespace: HELPER_NAMESPACE, signal })
  } catch (error) {
    if (isNotFound(error)) return undefined
    throw error
  }
}

async function create({ client, signal }: Helper, pod: object): Promise<void> {
  try {
    await client.create(PODS, pod, { namespace: HELPER_NAMESPACE, signal })
  } catch (error) {
    // Another session of the same user was faster.
    if (!isAlreadyExists(error)) throw error
  }
}

async function remove({ client, signal }: Helper, pod: Pod): Promise<void> {
  const { name = '', uid = '' } = pod.metadata
  const of = { namespace: HELPER_NAMESPACE, gracePeriodSeconds: 0, preconditions: { uid }, signal }
  try {
    await client.delete(PODS, name, of)
  } catch (error) {
    const gone = isNotFound(error) || (error instanceof ApiError && error.code === 409)
    if (!gone) throw error
  }
}

function kubectlPodObject(name: string, secretName: string, image: string): object {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: HELPER_NAMESPACE },
    spec: {
      containers: [
        {
          name: 'kubectl',
          image,
          imagePullPolicy: 'IfNotPresent',
          volumeMounts: [
            { name: 'host-time', mountPath: '/etc/localtime' },
            { name: 'kubeconfig', mountPath: '/root/.kube/' },
          ],
        },
      ],
      volumes: [
        { name: 'host-time', hostPath: { path: '/etc/localtime' } },
        { name: 'kubeconfig', secret: { secretName } },
      ],
    },
  }
}

function nodePodObject(name: string, nodeName: string, image: string, timeout: number): object {
  const wait = timeout > 0 ? ['sleep', String(timeout)] : ['tail', '-f', '/dev/null']
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: HELPER_NAMESPACE },
    spec: {
      nodeName,
      hostPID: true,
      hostNetwork: true,
      restartPolicy: 'Never',
      containers: [
        {
          name: 'nsenter',
          image,
          command: ['nsenter', '-m', '-u', '-i', '-n', '-p', '-t', '1'],
          args: wait,
          stdin: true,
          tty: true,
          securityContext: { privileged: true },
        },
      ],
    },
  }
}
