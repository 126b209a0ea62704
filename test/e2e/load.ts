/** One request; the status is a text where a number does not say it all. */
export type Request = () => Promise<{ status: number | string; text: string }>
export type Requests = Record<string, Request>

export interface Failure {
  name: string
  /** 0 when the connection broke. */
  status: number | string
  text: string
}

export interface Load extends AsyncDisposable {
  /** Resolves once each request was begun and answered at least this often from now on. */
  round(times: number): Promise<void>
  /** What happened since it was taken last: answers by request, and those that were not 200. */
  take(): { answered: Map<string, number>; failures: Failure[] }
}

/** Makes each of the requests over and over, one after the other, all of them side by side, until it is disposed. */
export function startLoad(requests: Requests): Load {
  const stop = new AbortController()
  let answered = new Map<string, number>()
  let failures: Failure[] = []
  const begun = new Map<string, number>()
  let waiting: { due: Map<string, number>; done: () => void }[] = []

  async function work(name: string, request: Request): Promise<void> {
    for (let turn = 1; !stop.signal.aborted; turn++) {
      begun.set(name, turn)
      const { status, text } = await request().catch((error: Error) => ({
        status: 0,
        text: error.message,
      }))
      answered.set(name, (answered.get(name) ?? 0) + 1)
      if (status !== 200) failures.push({ name, status, text })
      waiting = waiting.filter(({ due, done }) => {
        if (turn >= (due.get(name) ?? 0)) due.delete(name)
        if (due.size === 0) done()
        return due.size > 0
      })
      // Lets everything else of this process have its turn.
      await new Promise((next) => setImmediate(next))
    }
  }

  const workers = Object.entries(requests).map(([name, request]) => work(name, request))
  return {
    round(times) {
      const names = Object.keys(requests)
      const due = new Map(names.map((name) => [name, (begun.get(name) ?? 0) + times]))
      const { promise, resolve: done } = Promise.withResolvers<void>()
      waiting.push({ due, done })
      return promise
    },
    take() {
      const taken = { answered, failures }
      answered = new Map()
      failures = []
      return taken
    },
    async [Symbol.asyncDispose]() {
      stop.abort()
      await Promise.all(workers)
    },
  }
}
