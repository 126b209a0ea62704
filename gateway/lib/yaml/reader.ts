import { unavailable } from '../errors.ts'
import { Overtime, startThread, type Thread } from '../thread.ts'
import { parseDocuments, YamlError, type YamlOptions } from './parse.ts'

/** Reads YAML that callers wrote. */
export interface YamlReader extends AsyncDisposable {
  /**
   * The documents of a text, `undefined` for none. Throws YamlError, also for a text that takes too long, ApiError 503
   * while too many texts wait, and the reason of `signal`.
   */
  documents(text: string, options: YamlOptions, signal?: AbortSignal): Promise<unknown[]>
}

export interface YamlQuestion {
  readonly text: string
  readonly options: YamlOptions
}

export type YamlAnswer =
  { readonly documents: unknown[] } | { readonly document: number; readonly message: string }

/** Characters of a text that is read at once, whatever is in it: that takes milliseconds. */
const SHORT = 16 * 1024
const DEFAULTS = { ms: 5000, waiting: 50 }

/**
 * A reader with a thread of its own for long texts, made when it is first needed: a few hundred kilobytes of YAML can be
 * written so that they are read for minutes. One text at a time has `ms` milliseconds; `waiting` may wait for their turn.
 */
export function createYamlReader({ ms, waiting } = DEFAULTS): YamlReader {
  let thread: Promise<Thread<YamlQuestion, YamlAnswer>> | undefined
  let last: Promise<unknown> = Promise.resolve()
  let open = 0

  async function ask(question: YamlQuestion): Promise<unknown[]> {
    thread ??= startThread(new URL('worker.ts', import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: 256 },
    })
    const mine = thread
    let answer: YamlAnswer
    try {
      answer = await (await mine).ask(question, ms)
    } catch (error) {
      if (thread === mine) thread = undefined
      if (error instanceof Overtime) throw new YamlError(0, 'it takes too long to be read')
      throw new YamlError(0, 'it cannot be read')
    }
    if ('message' in answer) throw new YamlError(answer.document, answer.message)
    return answer.documents
  }

  return {
    async documents(text, options, signal) {
      signal?.throwIfAborted()
      if (text.length <= SHORT) return parseDocuments(text, options)
      if (open > waiting) throw unavailable('too much YAML waits to be read')
      open++
      const turn = last.then(() => {
        signal?.throwIfAborted()
        return ask({ text, options })
      })
      last = turn.catch(() => undefined).finally(() => open--)
      return turn
    },
    async [Symbol.asyncDispose]() {
      const ending = thread
      thread = undefined
      await (await ending?.catch(() => undefined))?.[Symbol.asyncDispose]()
    },
  }
}
