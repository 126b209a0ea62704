import {
  Kind,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type SelectionSetNode,
} from 'graphql'

type Data = Readonly<Record<string, unknown>>

/**
 * As much of an answer as its document asks for. The runtime merges what an extension answers into what others said of the
 * same object: a member that nobody asked for could take the place of ours.
 */
export function projected(data: Data, document: DocumentNode): Data {
  const fragments = new Map<string, FragmentDefinitionNode>()
  for (const node of document.definitions) {
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node)
  }

  /** Selections by the member that holds their result; those of all fragments, whatever type they are on. */
  function membersOf(
    sets: readonly SelectionSetNode[],
    into = new Map<string, FieldNode[]>(),
  ): Map<string, FieldNode[]> {
    for (const selection of sets.flatMap(({ selections }) => selections)) {
      if (selection.kind === Kind.FIELD) {
        const key = selection.alias?.value ?? selection.name.value
        into.set(key, [...(into.get(key) ?? []), selection])
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        membersOf([selection.selectionSet], into)
      } else {
        const fragment = fragments.get(selection.name.value)
        if (fragment) membersOf([fragment.selectionSet], into)
      }
    }
    return into
  }

  function objectOf(value: Data, sets: readonly SelectionSetNode[]): Data {
    const members = Array.from(membersOf(sets), ([key, fields]): [string, unknown][] => {
      if (!Object.hasOwn(value, key)) return []
      const inner = fields.flatMap(({ selectionSet }) => selectionSet ?? [])
      return [[key, valueOf(value[key], inner)]]
    })
    return Object.fromEntries(members.flat())
  }

  function valueOf(value: unknown, sets: readonly SelectionSetNode[]): unknown {
    if (sets.length === 0) return value
    if (Array.isArray(value)) return value.map((item) => valueOf(item, sets))
    return typeof value === 'object' && value !== null ? objectOf(value as Data, sets) : null
  }

  const operations = document.definitions.flatMap((node) =>
    node.kind === Kind.OPERATION_DEFINITION ? [node.selectionSet] : [],
  )
  return objectOf(data, operations)
}
