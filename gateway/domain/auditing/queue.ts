export interface QueueOptions<T> {
  /** Most items that wait. */
  readonly limit: number
  /** Most bytes that wait, by `sizeOf`. */
  readonly byteLimit: number
  readonly sizeOf: (item: T) => number
  readonly batchSize: number
  readonly intervalMs: number
  /** Batches under way at a time; more wait in the queue. */
  readonly senders: number
  /** Delivers one batch; must not reject. */
  readonly deliver: (batch: readonly T[]) => Promise<void>
}

export interface Queue<T> extends AsyncDisposable {
  readonly length: number
  /** False when there is no room: the item is not taken. */
  push(item: T): boolean
}

/** Milliseconds that what waits is given when the queue is closed. */
const CLOSING_MS = 5000

/**
 * Gathers items and delivers them in batches: when `batchSize` have come, or `intervalMs` after the first. Never waits
 * for a delivery, so that pushing costs nothing. Disposing delivers what waits, for five seconds at most.
 */
export function createQueue<T>(options: QueueOptions<T>): Queue<T> {
  const { batchSize, intervalMs, senders } = options
  let waiting: T[] = []
  let bytes = 0
  let timer: NodeJS.Timeout | undefined
  const underway = new Set<Promise<void>>()
  let closing = false

  function schedule(): void {
    if (waiting.length === 0 || underway.size >= senders) return
    if (waiting.length >= batchSize || closing) {
      clearTimeout(timer)
      timer = undefined
      send()
      schedule()
      return
    }
    timer ??= setTimeout(() => {
      timer = undefined
      if (underway.size < senders) send()
      schedule()
    }, intervalMs).unref()
  }

  function send(): void {
    const batch = waiting.slice(0, batchSize)
    waiting = waiting.slice(batchSize)
    for (const item of batch) bytes -= options.sizeOf(item)
    // On a turn of its own: whoever pushed is not to wait for what a delivery does first.
    const done = new Promise<void>((resolve) => void setImmediate(resolve))
      .then(() => options.deliver(batch))
      .finally(() => {
        underway.delete(done)
        schedule()
      })
    underway.add(done)
  }

  return {
    get length() {
      return waiting.length
    },
    push(item) {
      const size = options.sizeOf(item)
      if (closing || waiting.length >= options.limit || bytes + size > options.byteLimit)
        return false
      waiting.push(item)
      bytes += size
      schedule()
      return true
    },
    async [Symbol.asyncDispose]() {
      closing = true
      clearTimeout(timer)
      timer = undefined
      const late = Promise.withResolvers<void>()
      const deadline = setTimeout(late.resolve, CLOSING_MS)
      const all = (async () => {
        for (schedule(); underway.size > 0; schedule()) await Promise.all(underway)
      })()
      await Promise.race([all, late.promise])
      clearTimeout(deadline)
    },
  }
}
