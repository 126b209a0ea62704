import type { ApolloServerPlugin } from '@apollo/server'
import {
  defaultFieldResolver,
  getOperationAST,
  isObjectType,
  type DocumentNode,
  type GraphQLFieldResolver,
  type GraphQLSchema,
} from 'graphql'
import type { GraphqlContext } from '../../../resolvers/context.ts'
import { currentSpan, traced, tracedIfSlow, type SpanAttributes } from '../../telemetry/index.ts'
import type { Execute } from './introspection.ts'

/** Longest name of an operation that is told. */
const longestName = 100

/** What an operation is, without its text and its variables. */
export function operationAttributes(
  document: DocumentNode | undefined,
  operationName: string | null | undefined,
): SpanAttributes {
  const operation = document && getOperationAST(document, operationName)
  return {
    'graphql.operation.type': operation?.operation,
    'graphql.operation.name': operation?.name?.value.slice(0, longestName),
  }
}

/** Spans for what Apollo does before an operation is executed, where the request is traced. */
export function preparationSpans(): ApolloServerPlugin<GraphqlContext> {
  return {
    async requestDidStart() {
      const parent = currentSpan()
      if (!parent) return undefined
      const during = async (name: string) => {
        const span = parent.child(name)
        return async (mistakes?: Error | readonly Error[]) => {
          if (mistakes) span?.fail([mistakes].flat()[0])
          span?.end()
        }
      }
      return {
        parsingDidStart: () => during('graphql.parse'),
        validationDidStart: () => during('graphql.validate'),
      }
    },
  }
}

/** `execute` with a span for each operation, and for its fields that are waited for. */
export function tracedExecute(execute: Execute): Execute {
  const followFields = fieldSpans()
  return (args, text) => {
    if (!currentSpan()) return execute(args, text)
    followFields(args.schema)
    const attributes = operationAttributes(args.document, args.operationName)
    const name = String(attributes['graphql.operation.type'] ?? 'operation')
    return traced(name, { attributes }, () => execute(args, text))
  }
}

/**
 * Puts spans round the resolvers of a schema, once and in place: fields of the schemas of extensions and of those before and
 * after share their types. Called with the first request that is traced, so that without traces nothing is touched.
 */
function fieldSpans(): (schema: GraphQLSchema) => void {
  const known = new WeakSet<GraphQLSchema>()
  const ours = new WeakSet<GraphQLFieldResolver<unknown, unknown>>()
  return (schema) => {
    if (known.has(schema)) return
    known.add(schema)
    for (const type of Object.values(schema.getTypeMap())) {
      if (!isObjectType(type) || type.name.startsWith('__')) continue
      for (const field of Object.values(type.getFields())) {
        const { resolve } = field
        if (!resolve || resolve === defaultFieldResolver || ours.has(resolve)) continue
        const name = `${type.name}.${field.name}`
        field.resolve = (...args) =>
          tracedIfSlow<unknown>(name, { sparse: true }, () => resolve(...args))
        ours.add(field.resolve)
      }
    }
  }
}
