import type { GraphqlContext } from './context.ts'
import { coreTypeOf, roleKeyOf } from './core-ids.ts'
import { inputError } from './errors.ts'
import { demandId } from './ids.ts'
import { objectTypeName } from './kind-index.ts'
import { workspaceOf } from './metadata.ts'
import type { ResourceObject } from './models.ts'
import { isHere, loadObject } from './objects.ts'
import { applicationAt, categoryAt, releaseAt, repositoryAt, versionOf } from './store-reads.ts'
import type { Resolvers, ResolversTypes } from './types.generated.ts'

/** Most ids that `nodes` takes at a time. */
const mostIds = 100

type Found = Awaited<ResolversTypes['Node']>

/** What a global id leads to, with the name of its type: the union of the types has no mark of its own. */
const typed = <T extends object>(type: string, found: T | null): T | null =>
  found && Object.defineProperty({ ...found }, '__typename', { value: type, enumerable: false })

async function nodeOf(text: string, context: GraphqlContext): Promise<Found | null> {
  const { loaders } = context
  const id = demandId(text)
  if (!isHere(context, id.cluster)) return loadObject(context, id)
  const role = roleKeyOf(id)
  if (role) return typed('PlatformRole', await loaders.roles.load(role))
  switch (coreTypeOf(id)) {
    case 'User':
      return typed('User', await loaders.users.load(id.name))
    case 'Workspace':
      return typed('Workspace', await loaders.workspaces.load(id.name))
    case 'Cluster':
      return typed('Cluster', await loaders.clusters.load(id.name))
    case 'Application':
      return typed('Application', await applicationAt(context, id.name))
    case 'ApplicationVersion':
      return typed('ApplicationVersion', await versionOf(context, id.name))
    case 'ApplicationRelease':
      return typed('ApplicationRelease', await releaseAt(context, id.name))
    case 'ApplicationCategory':
      return typed('ApplicationCategory', await categoryAt(context, id.name))
    case 'ChartRepository':
      return typed('ChartRepository', await repositoryAt(context, id.name))
    case 'Project': {
      const project = await loaders.projects.load(id.name)
      if (project && workspaceOf(project)) return typed('Project', project)
      break
    }
  }
  return loadObject(context, id)
}

export const nodes: Pick<Resolvers, 'Query' | 'Node'> = {
  Query: {
    node: (_root, { id }, context) => nodeOf(id, context),
    nodes: (_root, { ids }, context) => {
      if (ids.length > mostIds) throw inputError(`at most ${mostIds} ids at a time`)
      return ids.map((id) => nodeOf(id, context) as Promise<Found>)
    },
  },
  Node: {
    __resolveType: (value, _context, { schema }) =>
      (value as { __typename?: 'User' }).__typename ??
      objectTypeName(schema, value as ResourceObject),
  },
}
