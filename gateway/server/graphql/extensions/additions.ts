import {
  Kind,
  type ConstDirectiveNode,
  type DefinitionNode,
  type DocumentNode,
  type FieldDefinitionNode,
} from 'graphql'
import { fieldsOf, surfaceOf, typesOf, type Surface } from './surface.ts'

/** Directives that a client may see. */
const shown = new Set(['deprecated', 'specifiedBy', 'oneOf'])

const visible = (directives: readonly ConstDirectiveNode[] | undefined) =>
  (directives ?? []).filter(({ name }) => shown.has(name.value))

/** `Type` and `Type.member` of the platform that an API does not have, arguments as `Type.field(argument)`. */
export function missingFrom(api: DocumentNode, platform: Surface): string[] {
  const there = surfaceOf(api)
  const missing: string[] = []
  for (const [name, { members }] of platform) {
    const of = there.get(name)
    if (!of) {
      missing.push(name)
      continue
    }
    for (const [member, args] of members) {
      const has = of.members.get(member)
      if (!has) missing.push(`${name}.${member}`)
      else {
        const gone = args.filter((arg) => !has.includes(arg))
        missing.push(...gone.map((arg) => `${name}.${member}(${arg})`))
      }
    }
  }
  return missing
}

/**
 * What an API has beyond the platform's graph, as definitions and extensions. Subscriptions are the platform's alone, and
 * enums and inputs of the platform stay as they are.
 */
export function additionsTo(api: DocumentNode, platform: Surface): DocumentNode {
  const definitions = typesOf(api).flatMap((type): DefinitionNode[] => {
    const name = type.name.value
    if (name === 'Subscription') return []
    const of = platform.get(name)
    if (!of) return [{ ...type, directives: visible(type.directives) }]
    if (type.kind !== Kind.OBJECT_TYPE_DEFINITION && type.kind !== Kind.INTERFACE_TYPE_DEFINITION) {
      return []
    }
    const fields = fieldsOf(type)
      .filter((field) => !of.members.has(field.name.value))
      .map((field) => ({ ...field, directives: visible(field.directives) }) as FieldDefinitionNode)
    const interfaces = (type.interfaces ?? []).filter((one) => !of.interfaces.has(one.name.value))
    if (fields.length === 0 && interfaces.length === 0) return []
    return [
      {
        kind:
          type.kind === Kind.OBJECT_TYPE_DEFINITION
            ? Kind.OBJECT_TYPE_EXTENSION
            : Kind.INTERFACE_TYPE_EXTENSION,
        name: type.name,
        fields,
        interfaces,
      },
    ]
  })
  return { kind: Kind.DOCUMENT, definitions }
}
