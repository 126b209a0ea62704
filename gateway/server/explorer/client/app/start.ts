/** What the page asks before anything else: who is there, and where they may look. */
export const startDocument = `query Start {
  me {
    name
    memberships(level: NAMESPACE) {
      project {
        name
        workspaceName
      }
    }
  }
  clusters(first: 500) {
    nodes {
      name
      host
      ready
    }
  }
  workspaces(first: 100, orderBy: [{ by: NAME, direction: ASC }]) {
    nodes {
      name
      projects(first: 50) {
        nodes {
          name
        }
      }
    }
  }
  can(attributes: [{ verb: "list", resource: "pods" }]) {
    allowed
  }
}`

export interface Start {
  readonly me: {
    readonly name: string
    readonly memberships: readonly {
      readonly project: { readonly name: string; readonly workspaceName: string | null } | null
    }[]
  } | null
  readonly clusters: { readonly nodes: readonly { name: string; host: boolean; ready: boolean }[] }
  readonly workspaces: {
    readonly nodes: readonly {
      readonly name: string
      readonly projects: { readonly nodes: readonly { readonly name: string }[] }
    }[]
  }
  readonly can: readonly { readonly allowed: boolean }[]
}

export const namespacesDocument = `query Namespaces($cluster: String, $filter: ResourceFilter) {
  namespaces(
    cluster: $cluster
    first: 500
    filter: $filter
    orderBy: [{ by: NAME, direction: ASC }]
  ) {
    nodes {
      metadata {
        name
      }
    }
  }
}`

export interface Namespaces {
  readonly namespaces: {
    readonly nodes: readonly { readonly metadata: { readonly name: string } }[]
  }
}
