import { ask } from '../e2e/http.ts'

export interface Held {
  readonly residentMiB: number
  readonly heapMiB: number
  readonly descriptors: number
  readonly handles: number
  /** Timers and what else Node counts. */
  readonly resources: number
  /** Upgraded connections and event streams. */
  readonly sockets: number
}

/** What a server says of itself. */
export async function heldBy(url: string): Promise<Held> {
  const { text } = await ask(`${url}/metrics`)
  const value = (name: string) =>
    [...text.matchAll(new RegExp(`^${name}(?:\\{[^}]*\\})? ([\\d.e+]+)$`, 'gm'))].reduce(
      (sum, [, number]) => sum + Number(number),
      0,
    )
  return {
    residentMiB: value('process_resident_memory_bytes') / 2 ** 20,
    heapMiB: value('nodejs_heap_size_used_bytes') / 2 ** 20,
    descriptors: value('process_open_fds'),
    handles: value('nodejs_active_handles_total'),
    resources: value('nodejs_active_resources_total'),
    sockets: value('ks_facade_open_sockets'),
  }
}
