import { inspect } from 'node:util'
import { GraphQLError, GraphQLScalarType, Kind, valueFromASTUntyped, type ValueNode } from 'graphql'
import { parseLabelSelector } from '../gateway/lib/labels.ts'
import { wideDigits } from '../gateway/lib/wide-json.ts'

/** A scalar that is checked by `check` in both directions and otherwise passed on untouched. */
function scalar<T>(name: string, check: (value: unknown) => T, literal?: (node: ValueNode) => T) {
  return new GraphQLScalarType<T, T>({
    name,
    serialize: check,
    parseValue: check,
    parseLiteral: (node, variables) =>
      literal ? literal(node) : check(valueFromASTUntyped(node, variables)),
  })
}

function refuse(name: string, value: unknown): never {
  const shown = typeof value === 'string' ? value : inspect(value, { breakLength: Infinity })
  throw new GraphQLError(`${name} cannot represent ${shown.slice(0, 80)}`)
}

/** A scalar of text that `accepts` looks at on the way in; text of the server is passed on as it is. */
function text(name: string, accepts: (value: string) => boolean) {
  const checked = scalar<string>(name, (value) =>
    typeof value === 'string' && accepts(value) ? value : refuse(name, value),
  )
  checked.serialize = (value) => (typeof value === 'string' ? value : refuse(name, value))
  return checked
}

const rfc3339 =
  /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])[Tt](?:[01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|60)(?:\.\d+)?(?:[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/
const quantity = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[KMGTPE]i|[numkMGTPE]|[eE][+-]?\d+)?$/
const duration = /^[+-]?(?:0|(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)$/
const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

const int64 = { min: -(2n ** 63n), max: 2n ** 63n - 1n }

function readInt64(given: unknown): number | string {
  const input = wideDigits(given) ?? given
  if (typeof input === 'number' && Number.isSafeInteger(input)) return input
  const wide =
    typeof input === 'bigint'
      ? input
      : typeof input === 'string' && /^[+-]?\d{1,19}$/.test(input)
        ? BigInt(input)
        : refuse('Int64', input)
  if (wide < int64.min || wide > int64.max) refuse('Int64', input)
  const narrow = Number(wide)
  return Number.isSafeInteger(narrow) ? narrow : wide.toString()
}

function stringMap(input: unknown): Readonly<Record<string, string>> {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    return refuse('StringMap', input)
  }
  const odd = Object.values(input).find((item) => typeof item !== 'string')
  return odd === undefined ? (input as Record<string, string>) : refuse('StringMap', odd)
}

/** A literal that keeps integers beyond 2^53 as text, where the scalar reads text too. */
function wideLiteral(node: ValueNode): unknown {
  return node.kind === Kind.INT || node.kind === Kind.STRING ? node.value : undefined
}

/** Scalars of `schema/scalars.graphql`: strict on the way in, lossless both ways. */
export const scalars = {
  DateTime: text('DateTime', (input) => rfc3339.test(input)),
  Int64: scalar('Int64', readInt64, (node) => readInt64(wideLiteral(node))),
  IntOrString: scalar<number | string>('IntOrString', (input) =>
    typeof input === 'string' || Number.isSafeInteger(input) || wideDigits(input) !== undefined
      ? (input as number | string)
      : refuse('IntOrString', input),
  ),
  Quantity: text('Quantity', (input) => quantity.test(input)),
  StringMap: scalar('StringMap', stringMap),
  JSON: scalar<unknown>('JSON', (input) => input),
  Base64: text('Base64', (input) => base64.test(input)),
  Duration: text('Duration', (input) => duration.test(input)),
  Selector: text('Selector', (input) => parseLabelSelector(input) !== undefined),
}
