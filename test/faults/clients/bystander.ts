import { ask, bearer } from '../../e2e/http.ts'

/** How others were served for a while. */
export interface Served {
  readonly count: number
  /** Milliseconds. */
  readonly p50: number
  readonly p99: number
  readonly failures: readonly string[]
}

/** Milliseconds between two requests. */
const restMs = 20
const path = '/kapis/iam.kubesphere.io/v1beta1/users?limit=3'

/** Somebody who behaves, and asks one thing after the other. */
export function startBystander(url: string, token: string) {
  let times: number[] = []
  let failures: string[] = []
  const stop = new AbortController()

  async function run(): Promise<void> {
    while (!stop.signal.aborted) {
      const began = performance.now()
      try {
        const { status } = await ask(`${url}${path}`, { headers: bearer(token) })
        if (status !== 200) failures.push(String(status))
      } catch (error) {
        failures.push(String(error))
      }
      times.push(performance.now() - began)
      await new Promise((resolve) => setTimeout(resolve, restMs))
    }
  }
  const running = run()
  return {
    /** What happened since it was asked last, at least `count` requests of it. */
    async served(count: number): Promise<Served> {
      while (times.length < count) await new Promise((resolve) => setTimeout(resolve, restMs))
      const sorted = times.toSorted((a, b) => a - b)
      const at = (share: number) => sorted[Math.floor(sorted.length * share)] ?? 0
      const told = { count: sorted.length, p50: at(0.5), p99: at(0.99), failures }
      times = []
      failures = []
      return told
    },
    async [Symbol.asyncDispose]() {
      stop.abort()
      await running
    },
  }
}
