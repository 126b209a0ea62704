import type { Readable } from 'node:stream'
import type { KubeClient } from '../../kube/api.ts'
import { readBytes } from '../../kube/body.ts'
import { failure } from '../../kube/client.ts'
import { resourcePath, type GVR } from '../../kube/types.ts'
import type { ContainerAddress, LogOptions } from './types.ts'

export const PODS: GVR = { group: '', version: 'v1', resource: 'pods' }

const ERROR_BYTES = 64 * 1024

/**
 * The log of a container as kube-apiserver sends it, each line behind its time. Throws the server's ApiError: 400 for a
 * container that has not run, 404 for a pod that is not there; 503 when it cannot be reached.
 */
export async function openLog(
  client: Pick<KubeClient, 'stream'>,
  { namespace, pod, container }: ContainerAddress,
  options: LogOptions,
  signal: AbortSignal,
): Promise<Readable> {
  const { follow, previous, tailLines, sinceSeconds, sinceTime } = options
  const { status, body } = await client.stream({
    path: resourcePath(PODS, { namespace, name: pod, subresource: 'log' }),
    query: {
      container,
      timestamps: true,
      follow: follow || undefined,
      previous: previous || undefined,
      tailLines,
      sinceSeconds,
      sinceTime,
    },
    headers: { accept: '*/*' },
    signal,
    // Of a log that is followed the kubelet says nothing before its first line.
    ...(follow && { headersTimeout: 0 }),
  })
  if (status >= 400) throw failure(status, (await readBytes(body, ERROR_BYTES)).toString())
  return body
}
