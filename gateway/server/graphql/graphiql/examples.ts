/** Documents that a first visit finds in the tabs. */
export const examples = [
  {
    query: `query Me {
  me {
    name
    email
    globalRole { name displayName }
    memberships { level roleName workspace { name } project { name } }
  }
}
`,
  },
  {
    query: `query Users($first: Int!, $after: String) {
  users(first: $first, after: $after, orderBy: [{ by: NAME, direction: ASC }]) {
    totalCount
    nodes { name email status lastLoginTime }
    pageInfo { hasNextPage endCursor }
  }
}
`,
    variables: '{ "first": 10 }',
  },
  {
    query: `query Workspaces {
  workspaces(first: 10) {
    nodes {
      name
      clusters { name ready }
      projects(first: 10) { totalCount nodes { name phase } }
      members(first: 10) { nodes { username roleName } }
    }
  }
}
`,
  },
  {
    query: `query Pods($namespace: String!) {
  resources(kind: { resource: "pods" }, namespace: $namespace, first: 10) {
    totalCount
    nodes { metadata { name creationTimestamp } owner { kind metadata { name } } yaml }
  }
}
`,
    variables: '{ "namespace": "demo-project" }',
  },
]
