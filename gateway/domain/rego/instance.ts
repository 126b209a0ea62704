import { createWasi } from './wasi.ts'
import { instantiateModule } from './webassembly.ts'

/** Answers of the exported functions of `opa/main.go`. */
const FAILED = -1
/** Most bytes of a message: OPA quotes the policy in it. */
const LONGEST_MESSAGE = 500

interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer }
  _initialize(): void
  reserve(size: number): number
  prepare(id: number, queryLength: number): number
  evaluate(id: number): number
  forget(id: number): void
  message_address(): number
  message_size(): number
}

/** What one evaluation came to; `undefined` with the reason in `error` where it failed. */
export interface Evaluated {
  readonly holds: boolean | undefined
  readonly error?: string
}

/**
 * One running evaluator. What throws here has stopped in the middle of something: the instance is not to be used again.
 */
export interface Instance {
  /** Compiles a policy under a number; answers with the reason why it cannot be, or undefined. */
  prepare(id: number, query: string, text: string): string | undefined
  /** Whether the query of a prepared policy is exactly `true` for an input, a JSON text. */
  evaluate(id: number, input: string): Evaluated
  forget(id: number): void
}

/** Starts the module of `opa/`. */
export async function instantiate(module: WebAssembly.Module): Promise<Instance> {
  const wasi = createWasi(() => exports.memory.buffer)
  const started = await instantiateModule(module, {
    wasi_snapshot_preview1: wasi.imports,
  })
  const exports = started.exports as Exports
  exports._initialize()

  const put = (bytes: Uint8Array): void => {
    // The address is a signed number to WebAssembly.
    const at = exports.reserve(bytes.length) >>> 0
    new Uint8Array(exports.memory.buffer, at, bytes.length).set(bytes)
  }
  const message = (): string =>
    Buffer.from(
      exports.memory.buffer,
      exports.message_address() >>> 0,
      Math.min(exports.message_size(), LONGEST_MESSAGE),
    ).toString()
  /** Go says on its error output why it stops. */
  const call = (run: () => number): number => {
    try {
      return run()
    } catch (error) {
      const [why = 'unknown'] = wasi.written().split('\n')
      throw new Error(`the evaluator stopped: ${why}`, { cause: error })
    }
  }
  return {
    prepare(id, query, text) {
      const head = Buffer.from(query)
      put(Buffer.concat([head, Buffer.from(text)]))
      return call(() => exports.prepare(id, head.length)) === FAILED ? message() : undefined
    },
    evaluate(id, input) {
      put(Buffer.from(input))
      const answer = call(() => exports.evaluate(id))
      return answer === FAILED ? { holds: undefined, error: message() } : { holds: answer === 1 }
    },
    forget: (id) => exports.forget(id),
  }
}
