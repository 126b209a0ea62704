import { useQuery } from '../graph/hooks.ts'
import { namespacesDocument, type Namespaces, type Start } from './start.ts'

/**
 * Names of the namespaces that the caller may look into: those of the cluster, or of one workspace in it. Who may not
 * list namespaces sees the projects of their workspaces.
 */
export function useNamespaces(
  { can, workspaces }: Start,
  cluster: string | undefined,
  workspace: string | undefined,
): readonly string[] {
  const every = can[0]?.allowed ?? false
  const filter = workspace ? { labelSelector: `kubesphere.io/workspace=${workspace}` } : null
  const listed = useQuery<Namespaces>(every ? namespacesDocument : '', { cluster, filter })
  if (every) return listed.data?.namespaces.nodes.map(({ metadata }) => metadata.name) ?? []
  return workspaces.nodes
    .filter(({ name }) => !workspace || name === workspace)
    .flatMap(({ projects }) => projects.nodes.map(({ name }) => name))
}
