import {
  buildASTSchema,
  Kind,
  OperationTypeNode,
  parse,
  print,
  type DefinitionNode,
  type DocumentNode,
  type ExecutionResult,
  type GraphQLSchema,
} from 'graphql'
import type { SubgraphRequest } from './messages.ts'
import { typesOf } from './surface.ts'

export interface Planned {
  readonly document: DocumentNode
  readonly operationName: string | undefined
  readonly mutates: boolean
  readonly variables: Readonly<Record<string, unknown>>
  /** Sends a request to a subgraph; never rejects. */
  readonly ask: (request: SubgraphRequest) => Promise<ExecutionResult>
}

/** A federation runtime for one supergraph. */
export interface Runtime {
  run(planned: Planned): Promise<ExecutionResult>
}

// As a variable: the package's types would bring those of a browser into the whole project.
const runtimePackage: string = '@graphql-hive/router-runtime'

/** As much of a request of the runtime as is used here. */
interface RuntimeRequest {
  readonly document: DocumentNode
  readonly operationType: OperationTypeNode
  readonly operationName?: string
  readonly variables?: Planned['variables']
  readonly context: Planned
}

interface HandlerOptions {
  unifiedGraph: GraphQLSchema
  readonly getUnifiedGraphSDL: () => string
  readonly onSubgraphExecute: (
    subgraph: string,
    request: RuntimeRequest,
  ) => Promise<ExecutionResult>
}

interface RuntimePackage {
  readonly unifiedGraphHandler: (options: HandlerOptions) => Promise<{
    readonly executor: (request: RuntimeRequest) => ExecutionResult | Promise<ExecutionResult>
  }>
}

function schemaOf(document: DocumentNode): GraphQLSchema {
  return buildASTSchema(document, { assumeValid: true, assumeValidSDL: true })
}

/** A supergraph with the names of the subgraphs and one field, and nothing else. */
function namesOnly(supergraph: DocumentNode): DocumentNode {
  const graphs = typesOf(supergraph).find(({ name }) => name.value === 'join__Graph')
  const names = graphs && 'values' in graphs ? (graphs.values ?? []) : []
  const each = (text: (name: string) => string) =>
    names.map(({ name }) => text(name.value)).join(' ')
  const query = parse(
    `type Query ${each((name) => `@join__type(graph: ${name})`)} {
       named: Boolean ${each((name) => `@join__field(graph: ${name})`)}
     }`,
    { noLocation: true },
  )
  const kept = supergraph.definitions.flatMap((node): DefinitionNode[] => {
    if (node.kind === Kind.SCHEMA_DEFINITION) {
      const operationTypes = node.operationTypes.filter(
        ({ operation }) => operation === OperationTypeNode.QUERY,
      )
      return [{ ...node, operationTypes }]
    }
    const name = 'name' in node ? (node.name?.value ?? '') : ''
    return /^(?:join|link)(?:__|$)/.test(name) ? [node] : []
  })
  return { ...query, definitions: [...kept, ...query.definitions] }
}

/** Makes Hive's router runtime (a query planner in Rust, the execution in JavaScript) for a supergraph's SDL. */
export async function createRuntime(sdl: string): Promise<Runtime> {
  const supergraph = parse(sdl, { noLocation: true })
  const options: HandlerOptions = {
    unifiedGraph: schemaOf(supergraph),
    getUnifiedGraphSDL: () => sdl,
    onSubgraphExecute: (subgraph, request) => {
      const { document, operationType, operationName, variables = {}, context } = request
      const mutates = operationType === OperationTypeNode.MUTATION
      return context.ask({ subgraph, query: print(document), mutates, operationName, variables })
    },
  }
  const { unifiedGraphHandler } = (await import(runtimePackage)) as RuntimePackage
  const { executor } = await unifiedGraphHandler(options)
  // With the first request the runtime builds a second, stitched schema to look for transforms that we do not have: two
  // seconds and 190 MB for all kinds of a cluster, nothing for this.
  options.unifiedGraph = schemaOf(namesOnly(supergraph))
  return {
    async run(planned) {
      const { document, operationName, mutates, variables } = planned
      return executor({
        document,
        variables,
        ...(operationName === undefined ? {} : { operationName }),
        operationType: mutates ? OperationTypeNode.MUTATION : OperationTypeNode.QUERY,
        context: planned,
      })
    },
  }
}
