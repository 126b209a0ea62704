import {
  getArgumentValues,
  getNamedType,
  isInterfaceType,
  isLeafType,
  isObjectType,
  Kind,
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type FieldNode,
} from 'graphql'

/** What some fields cost beside one for the object, as `Type.field`; a review changes it. */
export const surcharges: Readonly<Record<string, number>> = {
  'Mutation.*': 10,
  'Query._service': 50,
  'Query.table': 10,
  'ResourceKind.columns': 10,
}

/** What objects of some types cost beside that, wherever they are: each is asked of the API server. */
const surchargesOf: Readonly<Record<string, number>> = { Scale: 10 }

/** Items of a page of which no size is given. */
const usualSize = 50

/** What `clusters: ["*"]` counts as. */
const allClusters = 10

/** Costs beyond this are not told apart. */
const ceiling = 1e9

/** Fields of a page that hold its items. */
const itemFields = new Set(['nodes', 'edges', 'rows'])

type Args = Readonly<Record<string, unknown>>

function pageSize(args: Args): number {
  for (const name of ['first', 'last', 'limit']) {
    const value = args[name]
    if (typeof value === 'number') return Math.max(1, value)
  }
  return usualSize
}

function clustersOf({ clusters }: Args): number {
  if (!Array.isArray(clusters)) return 1
  return clusters.includes('*') ? allClusters : Math.max(1, clusters.length)
}

/** Items that a field is asked for one by one. */
function askedFor(args: Args): number {
  const { ids, representations } = args
  const asked = ids ?? representations
  return Array.isArray(asked) ? Math.max(1, asked.length) : 1
}

/** Whether a type is a page of a list, rather than a kind or a struct of that name. */
function isPageType(type: GraphQLNamedType): boolean {
  return isObjectType(type) && 'pageInfo' in type.getFields()
}

function fieldOf(type: GraphQLNamedType, name: string): GraphQLField<unknown, unknown> | undefined {
  return isObjectType(type) || isInterfaceType(type) ? type.getFields()[name] : undefined
}

/**
 * What an operation costs before it runs: one for each object that it may read, a page counted in full, `nodes` and
 * `edges` once. Introspection costs nothing: it is in memory. `variables` are as they were sent.
 */
export function costOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Args,
): number {
  const fragments = new Map<string, FragmentDefinitionNode>()
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION)
      fragments.set(definition.name.value, definition)
  }
  // The same fragment costs the same on a page of the same size.
  const known = new Map<string, number>()

  function ofFragment(name: string, size: number): number {
    const key = `${size} ${name}`
    const found = known.get(key)
    if (found !== undefined) return found
    known.set(key, 0)
    const fragment = fragments.get(name)
    const type = fragment && schema.getType(fragment.typeCondition.name.value)
    const cost = fragment && type ? ofSelections(fragment.selectionSet, type, size) : 0
    known.set(key, cost)
    return cost
  }

  function ofField(node: FieldNode, parent: GraphQLNamedType, size: number): number {
    const name = node.name.value
    const field = fieldOf(parent, name)
    if (!field || name.startsWith('__')) return 0
    const extra =
      surcharges[`${parent.name}.${name}`] ??
      (parent === schema.getMutationType() ? surcharges['Mutation.*'] : undefined) ??
      0
    const type = getNamedType(field.type)
    const own = surchargesOf[type.name] ?? 0
    if (isLeafType(type) || !node.selectionSet) return extra
    let args: Args = {}
    try {
      args = getArgumentValues(field, node, variables)
    } catch {
      // What is wrong with the arguments is said by the execution.
    }
    const isPage = isPageType(type)
    const inner = ofSelections(node.selectionSet, type, isPage ? pageSize(args) : 1)
    const items = isPageType(parent) && itemFields.has(name)
    const times = (items ? size : 1) * clustersOf(args) * askedFor(args)
    return Math.min(ceiling, extra + times * (1 + own + inner))
  }

  function ofSelections(set: SelectionSetNode, type: GraphQLNamedType, size: number): number {
    let total = 0
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) total += ofField(selection, type, size)
      else if (selection.kind === Kind.FRAGMENT_SPREAD)
        total += ofFragment(selection.name.value, size)
      else {
        const on = selection.typeCondition && schema.getType(selection.typeCondition.name.value)
        total += ofSelections(selection.selectionSet, on ?? type, size)
      }
    }
    return Math.min(ceiling, total)
  }

  const root = schema.getRootType(operation.operation)
  return root ? ofSelections(operation.selectionSet, root, 1) : 0
}
