import { useQuery } from '../graph/hooks.ts'
import { namespacesDocument, type Namespaces, type Start } from './start.ts'

/** Names of the projects that the caller has a role in, or that a workspace shows them. */
function projectsOf({ me, workspaces }: Start, workspace: string | undefined): readonly string[] {
  const shown = workspaces.nodes
    .filter(({ name }) => !workspace || name === workspace)
    .flatMap(({ projects }) => projects.nodes.map(({ name }) => name))
  const own = (me?.memberships ?? []).flatMap(({ project }) =>
    project && (!workspace || project.workspaceName === workspace) ? [project.name] : [],
  )
  return [...new Set([...shown, ...own])].toSorted((a, b) => a.localeCompare(b))
}

/**
 * Names of the namespaces that the caller may look into: those of the cluster, or of one workspace in it. Who may not
 * list namespaces sees their projects.
 */
export function useNamespaces(
  start: Start,
  cluster: string | undefined,
  workspace: string | undefined,
): readonly string[] {
  const every = start.can[0]?.allowed ?? false
  const filter = workspace ? { labelSelector: `kubesphere.io/workspace=${workspace}` } : null
  const listed = useQuery<Namespaces>(every ? namespacesDocument : '', { cluster, filter })
  if (every) return listed.data?.namespaces.nodes.map(({ metadata }) => metadata.name) ?? []
  return projectsOf(start, workspace)
}
