import type { Logger } from 'pino'
import type { Config } from '../../config/index.ts'
import type { KubeClient } from '../../kube/api.ts'
import { badRequest } from '../../lib/errors.ts'
import { attributes, type Attributes } from '../operation.ts'
import { kubectlPod, nodePod, type Pod } from './helper-pods.ts'
import { renewLease } from './leases.ts'
import { HELPER_NAMESPACE, kubectlPodName, nodePodName } from './names.ts'
import type { CommandTarget } from './remote-command.ts'
import { shellsFor } from './shells.ts'
import type { FileTarget, TerminalCaller, TerminalTarget } from './types.ts'

const RENEW_MS = 27_000

/** Where the shell of a terminal runs. */
export interface Place {
  readonly at: CommandTarget
  /** `pods/<namespace>/<name>`, `nodes/<name>`. */
  readonly label: string
  /** Tried in this order. */
  readonly shells: readonly string[]
  /** To be awaited before the first shell: makes the helper pod and holds it. Throws ApiError. */
  prepare(signal: AbortSignal): Promise<void>
  /** Lets the helper pod go. */
  release(): void
}

interface PlaceOptions {
  readonly client: KubeClient
  readonly config: Config['terminal']
  readonly log: Logger
  /** Epoch milliseconds. */
  readonly now: () => number
}

/** The place of a terminal; nothing is made or asked for before `prepare`. */
export function placeOf(
  { client, config, log, now }: PlaceOptions,
  caller: TerminalCaller,
  target: TerminalTarget,
): Place {
  let renewal: NodeJS.Timeout | undefined
  const hold = async (pod: Pod, signal: AbortSignal): Promise<void> => {
    const renew = () => renewLease(client, pod, now(), signal)
    await renew()
    if (signal.aborted) return
    renewal = setInterval(() => {
      renew().catch((error: unknown) => log.warn({ err: error }, 'lease of a helper pod'))
    }, RENEW_MS).unref()
  }
  const release = () => clearInterval(renewal)
  switch (target.kind) {
    case 'pod': {
      const { namespace, pod, container } = target
      return {
        at: { namespace, pod, container },
        label: labelOf(target),
        shells: shellsFor(target.shell),
        prepare: async () => demandNames(namespace, pod, container),
        release,
      }
    }
    case 'kubectl': {
      const { name } = caller.user
      const at = { namespace: HELPER_NAMESPACE, pod: kubectlPodName(name), container: 'kubectl' }
      const prepare = async (signal: AbortSignal) => {
        demandNames(HELPER_NAMESPACE, at.pod, '')
        const { image } = config.kubectl
        await hold(await kubectlPod({ client, signal, image }, name), signal)
      }
      return { at, label: labelOf(at), shells: ['bash'], prepare, release }
    }
    case 'node': {
      const { node } = target
      const at = { namespace: HELPER_NAMESPACE, pod: nodePodName(node), container: 'nsenter' }
      const prepare = async (signal: AbortSignal) => {
        demandNames(HELPER_NAMESPACE, node, '')
        const { image, timeout } = config.node
        await hold(await nodePod({ client, signal, image }, node, timeout), signal)
      }
      return { at, label: `nodes/${node}`, shells: ['sh'], prepare, release }
    }
    default:
      return target satisfies never
  }
}

/** How the log and the audit trail name a pod. */
export function labelOf({ namespace, pod }: Pick<CommandTarget, 'namespace' | 'pod'>): string {
  return `pods/${namespace}/${pod}`
}

/** What exec needs: create of `pods/exec` or `nodes/exec` in the core group (platform-apis.md §9). */
export function needs(caller: TerminalCaller, target: TerminalTarget | FileTarget): Attributes {
  const exec = { verb: 'create', apiVersion: 'v1', subresource: 'exec' }
  const onPod = (namespace: string, name: string) =>
    attributes({ ...exec, resource: 'pods', namespace, name })
  if (!('kind' in target)) return onPod(target.namespace, target.pod)
  switch (target.kind) {
    case 'pod':
      return onPod(target.namespace, target.pod)
    case 'kubectl':
      return onPod(HELPER_NAMESPACE, kubectlPodName(caller.user.name))
    case 'node':
      return attributes({ ...exec, resource: 'nodes' })
    default:
      return target satisfies never
  }
}

/** A name that is none must not become another path of the API server. Throws ApiError 400. */
export function demandNames(namespace: string, name: string, container: string): void {
  const valid = /^[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?$/
  for (const text of [namespace, name]) {
    if (!valid.test(text) || text.length > 253 || text.includes('..')) {
      throw badRequest(`${JSON.stringify(text)} is not a valid name`)
    }
  }
  if (container !== '' && !valid.test(container)) {
    throw badRequest(`${JSON.stringify(container)} is not a valid container name`)
  }
}
