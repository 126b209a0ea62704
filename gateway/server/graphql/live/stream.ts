/** The answers of one operation, one or many, pulled one by one. */
export interface ResultStream<T> extends AsyncIterableIterator<T, undefined, undefined> {
  /**
   * Ends it now, whatever it waits for: with `error` the reader hears of that first. What it was made of is told to stop
   * and not waited for.
   */
  end(error?: Error): void
  next(): Promise<IteratorResult<T, undefined>>
  return(): Promise<IteratorReturnResult<undefined>>
}

interface Source<T> {
  next(): Promise<IteratorResult<T, unknown>>
  return?(): unknown
}

/** What an operation has to say: a single answer, or a source of them. */
export type Started<T> = { readonly single: T } | { readonly source: Source<T> }

export interface StreamOptions<T> {
  /** Called when the first answer is asked for. */
  readonly start: () => Promise<Started<T>>
  /** Called once when it is over; `cut` = it was ended before it was complete. */
  readonly stop: (cut: boolean) => void
  /** What the reader gets for what was thrown. */
  readonly failure: (error: unknown) => Error
}

const done: IteratorReturnResult<undefined> = { done: true, value: undefined }

/** A stream that can be ended while it waits, which an async generator cannot. */
export function resultStream<T>({ start, stop, failure }: StreamOptions<T>): ResultStream<T> {
  let source: Source<T> | undefined
  let begun = false
  let over = false
  /** What ended it, while nobody has heard of it. */
  let untold: Error | undefined
  let waiting: PromiseWithResolvers<IteratorResult<T, undefined>> | undefined

  function finish(cut: boolean): void {
    if (over) return
    over = true
    stop(cut)
    release()
  }

  function release(): void {
    const left = source
    source = undefined
    // One that is in the middle of something gets round to it when that is over.
    void Promise.resolve(left?.return?.()).catch(() => {})
  }

  async function pull(): Promise<IteratorResult<T, undefined>> {
    try {
      if (!begun) {
        begun = true
        const started = await start()
        if ('single' in started) {
          finish(false)
          return { done: false, value: started.single }
        }
        source = started.source
        if (over) release()
      }
      const next = await source?.next()
      if (next && !next.done) return next
      source = undefined
      finish(false)
      return done
    } catch (error) {
      // Once it is over nobody waits for this.
      if (over) return done
      const told = failure(error)
      finish(false)
      throw told
    }
  }

  async function answerNext(answer: NonNullable<typeof waiting>): Promise<void> {
    try {
      answer.resolve(await pull())
    } catch (error) {
      answer.reject(error)
    }
    if (waiting === answer) waiting = undefined
  }

  function settle(): Promise<IteratorResult<T, undefined>> {
    const error = untold
    untold = undefined
    return error ? Promise.reject(error) : Promise.resolve(done)
  }

  return {
    [Symbol.asyncIterator]() {
      return this
    },
    next() {
      if (over) return settle()
      const answer = Promise.withResolvers<IteratorResult<T, undefined>>()
      waiting = answer
      void answerNext(answer)
      return answer.promise
    },
    end(error) {
      if (over) return
      untold = error && failure(error)
      finish(true)
      waiting?.resolve(settle())
    },
    async return() {
      this.end()
      return done
    },
  }
}
