import { clusters } from './clusters.ts'
import { nodes } from './node.ts'
import { resources } from './resources.ts'
import { roles } from './roles.ts'
import { scalars } from './scalars.ts'
import { users } from './users.ts'
import { workspaces } from './workspaces.ts'

const areas = [users, roles, workspaces, clusters, resources, nodes]

/** Every resolver of the graph: root fields of all areas in one map, types as the areas have them. */
export const resolvers = {
  ...Object.assign({}, ...areas),
  ...scalars,
  Query: Object.assign({}, ...areas.map((area) => area.Query)),
  Mutation: Object.assign(
    {},
    ...areas.map((area) => ('Mutation' in area ? area.Mutation : undefined)),
  ),
}
