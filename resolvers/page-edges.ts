/**
 * What a page of a connection is made of. Cursors are made when somebody asks for them: by classes, since an object literal
 * with a getter costs a hidden class of its own, for each edge of each page.
 */
export interface Edge<N> {
  readonly cursor: string
  readonly node: N
}

export class CursorEdge<N> implements Edge<N> {
  readonly node: N
  readonly #cursor: () => string

  constructor(node: N, cursor: () => string) {
    this.node = node
    this.#cursor = cursor
  }

  get cursor(): string {
    return this.#cursor()
  }
}

/** An edge of a list that may be of several clusters. */
export class ClusterEdge<N> extends CursorEdge<N> {
  readonly cluster: string

  constructor(cluster: string, node: N, cursor: () => string) {
    super(node, cursor)
    this.cluster = cluster
  }
}

/** The edges of a list of one cluster. */
export function inCluster<N>(cluster: string, edges: readonly Edge<N>[]): ClusterEdge<N>[] {
  return edges.map((edge) => new ClusterEdge(cluster, edge.node, () => edge.cursor))
}

export interface PageInfo {
  readonly hasNextPage: boolean
  readonly hasPreviousPage: boolean
  readonly startCursor: string | null
  readonly endCursor: string | null
}

export class EdgesInfo implements PageInfo {
  readonly hasNextPage: boolean
  readonly hasPreviousPage: boolean
  readonly #edges: readonly Edge<unknown>[]

  constructor(
    edges: readonly Edge<unknown>[],
    { hasNextPage, hasPreviousPage }: Pick<PageInfo, 'hasNextPage' | 'hasPreviousPage'>,
  ) {
    this.#edges = edges
    this.hasNextPage = hasNextPage
    this.hasPreviousPage = hasPreviousPage
  }

  get startCursor(): string | null {
    return this.#edges[0]?.cursor ?? null
  }

  get endCursor(): string | null {
    return this.#edges.at(-1)?.cursor ?? null
  }
}
