import { startThread, type Thread } from '../../lib/thread.ts'
import type { Evaluated } from './instance.ts'

export type Question = { readonly id: number; readonly forget: readonly number[] } & (
  | { readonly ask: 'prepare'; readonly query: string; readonly text: string }
  | { readonly ask: 'evaluate'; readonly inputs: readonly string[] }
)

export interface Answer {
  readonly error?: string | undefined
  readonly results?: readonly Evaluated[]
}

export type RegoThread = Thread<Question, Answer>

/** Starts a thread. JavaScript's own heap is bounded here; the memory of the module has its end in itself. */
export function startRegoThread(module: WebAssembly.Module): Promise<RegoThread> {
  return startThread(new URL('worker.ts', import.meta.url), {
    workerData: module,
    resourceLimits: { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 16, stackSizeMb: 8 },
  })
}
