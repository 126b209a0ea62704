import {
  isObjectType,
  Kind,
  visit,
  type DocumentNode,
  type GraphQLSchema,
  type OperationTypeNode,
} from 'graphql'

/** Fields whose answers depend on which kinds have types, beside those that are only there with them. */
const aware = new Set(['__schema', '__type', '_service', 'kinds'])

const roots: Readonly<Record<OperationTypeNode, string>> = {
  query: 'Query',
  mutation: 'Mutation',
  subscription: 'Subscription',
}

/** Whether a document says anything that the hand-written schema alone does not have. */
export function needsKinds(document: DocumentNode, core: GraphQLSchema): boolean {
  let found = false
  const knows = (root: string, field: string): boolean => {
    const type = core.getType(root)
    return isObjectType(type) && Object.hasOwn(type.getFields(), field)
  }
  visit(document, {
    NamedType({ name }) {
      if (!core.getType(name.value)) found = true
    },
    Field({ name }) {
      if (aware.has(name.value)) found = true
    },
    OperationDefinition({ operation, selectionSet }) {
      const root = roots[operation]
      for (const selection of selectionSet.selections) {
        if (selection.kind !== Kind.FIELD || selection.name.value.startsWith('__')) continue
        if (!knows(root, selection.name.value)) found = true
      }
    },
    FragmentDefinition({ typeCondition, selectionSet }) {
      const on = typeCondition.name.value
      if (!Object.values(roots).includes(on)) return
      for (const selection of selectionSet.selections) {
        if (selection.kind === Kind.FIELD && !knows(on, selection.name.value)) found = true
      }
    },
  })
  return found
}
