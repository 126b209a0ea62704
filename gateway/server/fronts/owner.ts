import type { Answer, Answered, Call, FromFront } from './messages.ts'
import { createQuestions } from './questions.ts'

/** Bytes of answers that a front keeps. */
const MOST_BYTES = 16 * 1024 * 1024

/** Milliseconds that one is kept: a kind that is no longer served leaves its store as it was. */
const KEPT_MS = 10_000

/** A front's side of the owner. */
export interface Owner extends Disposable {
  /** The answer of a row. Throws where the owner could not make one, and ApiError 503 where it does not answer. */
  answer(call: Call): Promise<Answer>
  answered(answers: readonly Answered[]): void
}

/**
 * Asks the owner, all questions of a turn in one message; whoever wants what another is being told waits for that. An answer
 * that is good for everybody is kept until the counters of its stores move, so that nobody sees anything older than the
 * owner would have said.
 */
export function createOwner(
  send: (message: FromFront) => void,
  shared: SharedArrayBuffer,
  now: () => number,
): Owner {
  const counts = new Int32Array(shared)
  const kept = new Map<string, { readonly answer: Answer; readonly until: number }>()
  let bytes = 0
  const questions = createQuestions<Answer>(now)
  const open = new Map<string, Promise<Answer>>()
  let asked: (Call & { id: number })[] = []

  const stands = ({ versions = [] }: Answer): boolean =>
    versions.every(([slot, count]) => Atomics.load(counts, slot) === count)

  function drop(key: string): void {
    const old = kept.get(key)
    if (!old) return
    kept.delete(key)
    bytes -= sizeOf(key, old.answer)
  }

  function keep(key: string, answer: Answer): void {
    drop(key)
    if (!answer.versions || sizeOf(key, answer) > MOST_BYTES / 16) return
    kept.set(key, { answer, until: now() + KEPT_MS })
    bytes += sizeOf(key, answer)
    for (const oldest of kept.keys()) {
      if (bytes <= MOST_BYTES) break
      drop(oldest)
    }
  }

  function flush(): void {
    const calls = asked
    asked = []
    send({ kind: 'calls', calls })
  }

  async function ask(key: string, call: Call): Promise<Answer> {
    const { id, answer } = questions.ask()
    if (asked.push({ ...call, id }) === 1) setImmediate(flush)
    const told = await answer
    keep(key, told)
    return told
  }

  /** A question that others may wait for the answer of. */
  function first(key: string, call: Call): Promise<Answer> {
    const promise = ask(key, call)
    open.set(key, promise)
    const over = (): void => void (open.get(key) === promise && open.delete(key))
    promise.then(over, over)
    return promise
  }

  return {
    async answer(call) {
      const key = keyOf(call)
      const known = kept.get(key)
      if (known && known.until > now() && stands(known.answer)) return known.answer
      drop(key)
      const others = open.get(key)
      if (!others) return first(key, call)
      // Good for this caller only if it is for all, and if nothing has changed since it was made.
      const told = await others.catch(() => undefined)
      return told?.versions && stands(told) ? told : ask(key, call)
    },
    answered(answers) {
      for (const one of answers) {
        if ('error' in one) questions.failed(one.id, new Error(one.error))
        else questions.answered(one.id, one.answer)
      }
    },
    [Symbol.dispose]: () => questions[Symbol.dispose](),
  }
}

/** All that an answer that is good for everybody can depend on. */
function keyOf({ operation, params, query }: Call): string {
  return JSON.stringify([operation, Object.entries(params), query])
}

function sizeOf(key: string, { body }: Answer): number {
  return key.length + body.byteLength
}
