import { Session } from 'node:inspector/promises'
import { setTimeout as delay } from 'node:timers/promises'

export type ProfileKind = 'cpu' | 'heap'

/** Takes profiles of this process, one at a time. */
export interface Profiler {
  /**
   * What the process did, or kept, during `seconds`, as JSON for the developer tools of Chromium: `cpu` is a .cpuprofile,
   * `heap` a .heapprofile of sampled allocations, with no values in it. Undefined while another is being taken.
   * Ends early, by throwing its reason, when `signal` aborts.
   */
  take(kind: ProfileKind, seconds: number, signal: AbortSignal): Promise<string | undefined>
}

export function createProfiler(): Profiler {
  let busy = false
  async function during(kind: ProfileKind, seconds: number, signal: AbortSignal): Promise<object> {
    const session = new Session()
    session.connect()
    try {
      const wait = () => delay(seconds * 1000, undefined, { signal })
      if (kind === 'cpu') {
        await session.post('Profiler.enable')
        await session.post('Profiler.start')
        await wait()
        return (await session.post('Profiler.stop')).profile
      }
      await session.post('HeapProfiler.startSampling')
      await wait()
      return (await session.post('HeapProfiler.stopSampling')).profile
    } finally {
      session.disconnect()
    }
  }
  return {
    async take(kind, seconds, signal) {
      if (busy) return undefined
      busy = true
      try {
        return JSON.stringify(await during(kind, seconds, signal))
      } finally {
        busy = false
      }
    },
  }
}
