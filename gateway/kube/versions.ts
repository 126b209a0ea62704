/**
 * Resource versions compared as the integers that they are in etcd (Kubernetes API concepts, "Resource versions"):
 * negative when `a` is older. The empty text is older than any.
 */
export function compareVersions(a: string, b: string): number {
  if (a === b) return 0
  return a.length - b.length || (a < b ? -1 : 1)
}

interface Waiter {
  readonly version: string
  readonly resolve: () => void
}

/** Those who wait for a store to reach a version. */
export class VersionWaiters {
  readonly #waiters = new Set<Waiter>()

  /** Rejects with `late()` after `ms`. */
  wait(version: string, ms: number, late: () => Error): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiters.delete(waiter)
        reject(late())
      }, ms)
      const waiter: Waiter = {
        version,
        resolve: () => {
          clearTimeout(timer)
          resolve()
        },
      }
      this.#waiters.add(waiter)
    })
  }

  release(reached: (version: string) => boolean): void {
    for (const waiter of this.#waiters) {
      if (!reached(waiter.version)) continue
      this.#waiters.delete(waiter)
      waiter.resolve()
    }
  }
}
