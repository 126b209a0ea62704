import type { GraphqlContext } from './context.ts'
import { inputError } from './errors.ts'
import type { Resolvers, SchemaVersion } from './types.generated.ts'

/** The schema now, and again after each change; changes that nobody waited for are told as one. */
async function* schemaVersions({ ctx, schemaState }: GraphqlContext): AsyncGenerator<{
  schemaChanged: SchemaVersion
}> {
  const { signal } = ctx
  let changed = Promise.withResolvers<void>()
  const wake = () => changed.resolve()
  const unsubscribe = schemaState.onChange(wake)
  signal.addEventListener('abort', wake)
  try {
    while (!signal.aborted) {
      changed = Promise.withResolvers()
      const { hash, kinds } = schemaState
      yield { schemaChanged: { hash, kinds } }
      if (!signal.aborted) await changed.promise
    }
  } finally {
    unsubscribe()
    signal.removeEventListener('abort', wake)
  }
}

export const session = {
  Subscription: {
    schemaChanged: { subscribe: (_parent, _args, context) => schemaVersions(context) },
  },
  Mutation: {
    async renewSession(_parent, { token }, { connection }) {
      if (!connection) throw inputError('only a connection that stays open can be renewed')
      const expires = await connection.renew(token)
      return { expiresAt: expires === undefined ? null : new Date(expires).toISOString() }
    },
  },
} satisfies Resolvers
