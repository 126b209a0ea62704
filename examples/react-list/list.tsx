import { createClient } from 'graphql-ws'
import { useEffect, useState } from 'react'

const document = `subscription Deployments($namespaces: [String!]) {
  change: appsDeploymentsChanged(namespaces: $namespaces, mode: ROWS, accessibleOnly: true) {
    rows(first: 50, orderBy: [{ by: NAME, direction: ASC }]) {
      totalCount
      nodes {
        id
        metadata { name namespace }
        spec { replicas }
        status { readyReplicas }
      }
    }
  }
}`

interface Page {
  readonly totalCount: number
  readonly nodes: readonly {
    readonly id: string
    readonly metadata: { readonly name: string; readonly namespace: string }
    readonly spec: { readonly replicas: number | null } | null
    readonly status: { readonly readyReplicas: number | null } | null
  }[]
}

/** Deployments, sorted by the server, as they are now: the page comes first and then again whenever it changes. */
export function DeploymentList(props: {
  readonly token: string
  readonly namespaces: readonly string[] | null
}) {
  const { token, namespaces } = props
  const [page, setPage] = useState<Page>()
  const [error, setError] = useState('')
  const names = namespaces?.join()
  useEffect(() => {
    const client = createClient({
      url: new URL('graphql', location.href).href.replace(/^http/, 'ws'),
      connectionParams: { authorization: `Bearer ${token}` },
      retryAttempts: Number.POSITIVE_INFINITY,
      shouldRetry: () => true,
    })
    client.subscribe<{ change: { rows: Page | null } }>(
      { query: document, variables: { namespaces: names?.split(',') ?? null } },
      {
        next({ data, errors }) {
          if (errors?.[0]) setError(errors[0].message)
          if (data?.change.rows) setPage(data.change.rows)
        },
        error: (reason) => setError(JSON.stringify(reason)),
        complete: () => {},
      },
    )
    return () => void client.dispose()
  }, [token, names])
  if (error) return <p role="alert">{error}</p>
  if (!page) return <p>Loading …</p>
  return (
    <>
      <p>{page.totalCount} deployments</p>
      <ul>
        {page.nodes.map(({ id, metadata, spec, status }) => (
          <li key={id}>
            {metadata.namespace}/{metadata.name}: {status?.readyReplicas ?? 0} of{' '}
            {spec?.replicas ?? 0}
          </li>
        ))}
      </ul>
    </>
  )
}
