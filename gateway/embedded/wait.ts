import { setTimeout as delay } from 'node:timers/promises'

/** Waits for `ms`; throws the reason of `signal` as it is when that aborts first. */
export async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted()
  try {
    await delay(ms, undefined, signal ? { signal } : {})
  } catch (error) {
    signal?.throwIfAborted()
    throw error
  }
}
