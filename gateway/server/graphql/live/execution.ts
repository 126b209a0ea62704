import {
  createSourceEventStream,
  execute,
  type ExecutionArgs,
  type FormattedExecutionResult,
} from 'graphql'
import type { GraphqlContext } from '../../../../resolvers/context.ts'
import type { Execute } from '../introspection.ts'
import type { Wording } from './errors.ts'
import type { Started } from './stream.ts'

/** An operation that was checked, and what its answers are made of. */
export interface Execution {
  readonly args: Omit<ExecutionArgs, 'contextValue' | 'rootValue'>
  /** Text of the document. */
  readonly text: string
  /** A context with nothing remembered. */
  readonly context: () => GraphqlContext
  readonly requestId: string
  readonly wording: Wording
  /** Nobody waits for answers any more. */
  readonly ended: () => boolean
}

/** Begins a query or a mutation; its first resolvers are called before this returns. */
export async function startOnce(
  { args, text, context, requestId, wording, ended }: Execution,
  run: Execute,
): Promise<{ readonly single: FormattedExecutionResult }> {
  const result = await run({ ...args, contextValue: context() }, text)
  // What was given up fails in many ways that nobody needs to hear of.
  return { single: ended() ? {} : wording.answer(result, requestId) }
}

/** Begins a subscription. Throws OperationError where it cannot be had; what ends its source is thrown as it is. */
export async function startMany(execution: Execution): Promise<Started<FormattedExecutionResult>> {
  const { args, context, requestId, wording, ended } = execution
  const events = await createSourceEventStream({ ...args, contextValue: context() })
  if (!(Symbol.asyncIterator in events)) {
    throw wording.refusal(events.errors ?? [], requestId)
  }
  const source = events[Symbol.asyncIterator]()
  return {
    source: {
      async next() {
        const event = await source.next()
        if (event.done) return event
        // Loaders of its own for each event: one that lives for days must not remember for ever.
        const contextValue = context()
        const result = await execute({ ...args, rootValue: event.value, contextValue })
        return { done: false, value: ended() ? {} : wording.answer(result, requestId) }
      },
      return: () => source.return?.(),
    },
  }
}
