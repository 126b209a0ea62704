/** The thread that composes a supergraph and runs operations on it; whatever is to be fetched, it asks the server for. */
import { parentPort, workerData } from 'node:worker_threads'
import { GraphQLError, type ExecutionResult } from 'graphql'
import { composeGraphs } from './compose.ts'
import { createParser } from './documents.ts'
import type { FromThread, SubgraphRequest, ThreadData, ToThread } from './messages.ts'
import { createRuntime, type Runtime } from './runtime.ts'

if (!parentPort) throw new Error('this file is the start of a worker thread')
const port = parentPort
const say = (message: FromThread) => port.postMessage(message)

const { platform, extensions } = workerData as ThreadData
const composed = composeGraphs(platform, extensions)
const runtime = composed.supergraph ? await createRuntime(composed.supergraph) : undefined

// The runtime keeps a plan by the document, so that the same text must be the same document.
const documentOf = createParser()
const waiting = new Map<number, { operation: number; resolve: (result: ExecutionResult) => void }>()
let calls = 0

function ask(operation: number, request: SubgraphRequest): Promise<ExecutionResult> {
  const { promise, resolve } = Promise.withResolvers<ExecutionResult>()
  const call = ++calls
  waiting.set(call, { operation, resolve })
  say({ kind: 'ask', operation, call, request })
  return promise
}

function failed(error: unknown): ExecutionResult {
  const message = error instanceof Error ? error.message : String(error)
  return { data: null, errors: [new GraphQLError(message)] }
}

async function run(on: Runtime, message: Extract<ToThread, { kind: 'run' }>): Promise<void> {
  const { operation, query, operationName, mutates, variables } = message
  const result = await on
    .run({
      document: documentOf(query),
      operationName,
      mutates,
      variables,
      ask: (request) => ask(operation, request),
    })
    .catch(failed)
  say({ kind: 'done', operation, result: JSON.stringify(result) })
}

port.on('message', (message: ToThread) => {
  switch (message.kind) {
    case 'run':
      if (runtime) void run(runtime, message)
      break
    case 'answer': {
      const { resolve } = waiting.get(message.call) ?? {}
      waiting.delete(message.call)
      resolve?.(JSON.parse(message.result) as ExecutionResult)
      break
    }
    case 'there?':
      say({ kind: 'here' })
      break
    case 'abort':
      for (const [call, { operation, resolve }] of waiting) {
        if (operation !== message.operation) continue
        waiting.delete(call)
        resolve({ data: null })
      }
  }
})
say({
  kind: 'composed',
  additions: composed.supergraph === undefined ? undefined : composed.additions,
  refused: composed.refused,
})
