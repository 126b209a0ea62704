import { access } from './access.ts'
import { applicationMutations } from './application-mutations.ts'
import { applications } from './applications.ts'
import { clusterMutations } from './cluster-mutations.ts'
import { clusters } from './clusters.ts'
import { exec } from './exec.ts'
import { logs } from './logs.ts'
import { live } from './live/index.ts'
import { platformWatches } from './live/platform.ts'
import { graphExtensions } from './graph-extensions.ts'
import { members } from './members.ts'
import { nodes } from './node.ts'
import { platform } from './platform.ts'
import { repositories } from './repositories.ts'
import { resources } from './resources.ts'
import { roleMutations } from './role-mutations.ts'
import { roleTemplates } from './role-templates.ts'
import { roles } from './roles.ts'
import { scalars } from './scalars.ts'
import { scales } from './scales.ts'
import { session } from './session.ts'
import { storeMutations } from './store-mutations.ts'
import { tables } from './tables.ts'
import { userMutations } from './user-mutations.ts'
import { users } from './users.ts'
import { workspaces } from './workspaces.ts'

const areas = [
  users,
  userMutations,
  members,
  access,
  roles,
  roleMutations,
  roleTemplates,
  workspaces,
  clusters,
  clusterMutations,
  applications,
  applicationMutations,
  repositories,
  storeMutations,
  platform,
  graphExtensions,
  logs,
  exec,
  resources,
  scales,
  tables,
  nodes,
  session,
  live,
  platformWatches,
]

/** Every resolver of the graph: root fields of all areas in one map, types as the areas have them. */
export const resolvers = {
  ...Object.assign({}, ...areas),
  ...scalars,
  Query: Object.assign({}, ...areas.map((area) => ('Query' in area ? area.Query : undefined))),
  Mutation: Object.assign(
    {},
    ...areas.map((area) => ('Mutation' in area ? area.Mutation : undefined)),
  ),
  Subscription: Object.assign(
    {},
    ...areas.map((area) => ('Subscription' in area ? area.Subscription : undefined)),
  ),
}
