import type { IncomingMessage, ServerResponse } from 'node:http'
import { forward } from '../../../gateway/kube/forward.ts'
import type { ForwardTarget } from '../../../gateway/kube/forward-target.ts'
import type { KubeObject } from '../../../gateway/kube/types.ts'
import { httpServer } from '../../kube/support.ts'

export interface CrowdOptions {
  /** The API server that answers everything but the list and the watch of all pods. */
  target: ForwardTarget
  /** A pod as that server wrote it; the crowd is made of its likes. */
  like: KubeObject
  count: number
  namespaceOf: (index: number) => string
}

export interface Crowd extends AsyncDisposable {
  readonly url: string
  /** Watches of all pods that are open, and that there ever were. */
  readonly watches: { readonly open: number; readonly made: number }
  /** Changes the next pod, for every watch there is. `note` takes the place of its annotation. */
  change(note?: string): void
}

/**
 * An API server with as many pods as one likes, which change as often as one likes: a real one with one list replaced,
 * since etcd on two cores takes minutes for the first and cannot do the second.
 */
export async function startCrowd({
  target,
  like,
  count,
  namespaceOf,
}: CrowdOptions): Promise<Crowd> {
  const versions = new Uint32Array(count).fill(1)
  const watches = new Set<ServerResponse>()
  let version = count + 1_000_000
  let next = 0
  let made = 0
  const text = JSON.stringify(like)
  const podText = (index: number) =>
    text
      .replace(`"name":"${like.metadata.name}"`, `"name":"pod-${index}"`)
      .replace(`"namespace":"${like.metadata.namespace}"`, `"namespace":"${namespaceOf(index)}"`)
      .replace(/"uid":"[^"]*"/, `"uid":"${String(index).padStart(36, '0')}"`)
      .replace(/"resourceVersion":"\d+"/, `"resourceVersion":"${versions[index]}"`)
      .replace(/"app":"[^"]*"/, `"app":"app-${index % 97}"`)

  function list(url: URL, res: ServerResponse): void {
    const from = Number(url.searchParams.get('continue') ?? 0)
    const to = Math.min(count, from + Number(url.searchParams.get('limit') ?? count))
    const more = to < count ? `,"continue":"${to}"` : ''
    res.setHeader('content-type', 'application/json')
    res.write(
      `{"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"${version}"${more}},"items":[`,
    )
    for (let index = from; index < to; index++)
      res.write((index > from ? ',' : '') + podText(index))
    res.end(']}')
  }

  function watch(res: ServerResponse): void {
    res.setHeader('content-type', 'application/json')
    res.flushHeaders()
    made++
    watches.add(res)
    res.once('close', () => watches.delete(res))
  }

  async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const url = new URL(req.url ?? '/', 'http://crowd')
    if (req.method !== 'GET' || url.pathname !== '/api/v1/pods') {
      return forward(req, res, target, { path: req.url ?? '/', headers: req.headersDistinct })
    }
    if (url.searchParams.get('watch') === 'true') watch(res)
    else list(url, res)
  }

  const server = await httpServer((req, res) => {
    answer(req, res).catch(() => res.destroy())
  })
  return {
    url: server.url.origin,
    get watches() {
      return { open: watches.size, made }
    },
    change(note) {
      const index = next++ % count
      versions[index] = ++version
      const pod = podText(index)
      const noted = note === undefined ? pod : pod.replace(/"note":"[^"]*"/, `"note":"${note}"`)
      const line = `{"type":"MODIFIED","object":${noted}}\n`
      for (const res of watches) res.write(line)
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}
