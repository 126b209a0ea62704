import {
  isTypeDefinitionNode,
  isTypeExtensionNode,
  Kind,
  parse,
  visit,
  type DirectiveNode,
  type DocumentNode,
  type FieldNode,
  type FieldDefinitionNode,
  type InputValueDefinitionNode,
  type TypeDefinitionNode,
  type TypeExtensionNode,
} from 'graphql'

/** What one type of the platform's graph consists of, as far as others could touch it. */
export interface TypeSurface {
  /** Fields, input fields or enum values, with the arguments of those that have some. */
  readonly members: Map<string, readonly string[]>
  /** Members that another subgraph may resolve, too: in a key, or marked as shareable. */
  readonly shared: Set<string>
  readonly interfaces: Set<string>
}

export type Surface = ReadonlyMap<string, TypeSurface>

export type TypeNode = TypeDefinitionNode | TypeExtensionNode

/** The types of a document, definitions and extensions alike. */
export function typesOf(document: DocumentNode): TypeNode[] {
  return document.definitions.filter((node): node is TypeNode => {
    return isTypeDefinitionNode(node) || isTypeExtensionNode(node)
  })
}

/** Fields of a type, or input fields; none for other types. */
export function fieldsOf(
  type: TypeNode,
): readonly (FieldDefinitionNode | InputValueDefinitionNode)[] {
  return 'fields' in type ? (type.fields ?? []) : []
}

function membersOf(type: TypeNode): [string, readonly string[]][] {
  if ('values' in type) return (type.values ?? []).map(({ name }) => [name.value, []])
  return fieldsOf(type).map((field) => [
    field.name.value,
    'arguments' in field ? (field.arguments ?? []).map(({ name }) => name.value) : [],
  ])
}

const named = (directives: readonly DirectiveNode[] | undefined, name: string) =>
  (directives ?? []).filter((directive) => directive.name.value === name)

/** Text of an argument of a directive; undefined where it has none of that name. */
export function argumentOf(directive: DirectiveNode, name: string): string | undefined {
  const value = directive.arguments?.find((argument) => argument.name.value === name)?.value
  if (!value) return undefined
  return value.kind === Kind.STRING || value.kind === Kind.ENUM
    ? value.value
    : value.kind === Kind.BOOLEAN
      ? String(value.value)
      : ''
}

function keyFields(type: TypeNode): string[] {
  return named(type.directives, 'key').flatMap((key) => {
    const { definitions } = parse(`{ ${argumentOf(key, 'fields') ?? '__typename'} }`)
    return definitions
      .flatMap((node) => ('selectionSet' in node ? node.selectionSet.selections : []))
      .filter((selection): selection is FieldNode => selection.kind === Kind.FIELD)
      .map(({ name }) => name.value)
  })
}

/** What the subgraph of the platform has; `document` names the federation's directives as they are. */
export function surfaceOf(document: DocumentNode): Surface {
  const surface = new Map<string, TypeSurface>()
  for (const type of typesOf(document)) {
    const name = type.name.value
    const of = surface.get(name) ?? {
      members: new Map<string, readonly string[]>(),
      shared: new Set<string>(),
      interfaces: new Set<string>(),
    }
    surface.set(name, of)
    for (const [member, args] of membersOf(type)) of.members.set(member, args)
    for (const field of keyFields(type)) of.shared.add(field)
    const whole = named(type.directives, 'shareable').length > 0
    for (const field of fieldsOf(type)) {
      if (whole || named(field.directives, 'shareable').length > 0) of.shared.add(field.name.value)
    }
    if ('interfaces' in type)
      for (const one of type.interfaces ?? []) of.interfaces.add(one.name.value)
  }
  return surface
}

/** A document without descriptions, which composing has no use for and which are most of its text. */
export function undescribed(document: DocumentNode): DocumentNode {
  return visit(document, {
    enter: (node) =>
      'description' in node && node.description ? { ...node, description: undefined } : undefined,
  })
}
