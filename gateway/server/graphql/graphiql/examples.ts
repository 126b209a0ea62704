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
  {
    query: `subscription PodsChanged($namespaces: [String!]) {
  podsChanged(namespaces: $namespaces) {
    type
    object { metadata { name } status { phase podIP } }
  }
}
`,
    variables: '{ "namespaces": ["demo-project"] }',
  },
  {
    query: `subscription DeploymentsPage($namespaces: [String!]) {
  appsDeploymentsChanged(namespaces: $namespaces, mode: ROWS) {
    rows(first: 10, orderBy: [{ by: NAME, direction: ASC }]) {
      totalCount
      nodes { metadata { name } spec { replicas } status { readyReplicas } }
    }
  }
}
`,
    variables: '{ "namespaces": ["demo-project"] }',
  },
  {
    query: `subscription Counts($namespaces: [String!]) {
  resourceCounts(
    kinds: [{ resource: "pods" }, { group: "apps", resource: "deployments" }]
    namespaces: $namespaces
  ) {
    kind { kind }
    count
  }
}
`,
    variables: '{ "namespaces": ["demo-project"] }',
  },
  {
    query: `subscription Log($workload: ObjectRef!) {
  workloadLogs(workload: $workload, tailLines: 20) {
    pod
    container
    event
    lines { time text }
  }
}
`,
    variables: `{
  "workload": {
    "group": "apps", "resource": "deployments", "namespace": "demo-project", "name": "hello"
  }
}`,
  },
]
