import type { Entry, GVR } from '../../../kube/api.ts'
import {
  GLOBAL_ROLE_BINDINGS,
  ROLE_BINDINGS,
  USERS,
  WORKSPACE_LABEL,
  WORKSPACE_ROLE_BINDINGS,
} from '../../names.ts'
import { columnOf, equals, field, fields, type FilterContext } from '../condition.ts'
import { defineKind, listAt, textAt, textsAt, type Fetched } from '../kind.ts'
import type { ListQuery } from '../types.ts'

const GROUPS = fields('user-groups', ({ spec }) => textsAt(spec, 'groups'))

interface Membership {
  readonly trigger: string
  readonly companion?: string
  readonly bindings: GVR
  readonly annotation: string
  /** Whether the parameter asks for this membership at all. */
  readonly asked?: (value: string) => boolean
  /** Bindings of the place that the parameter names. */
  entries(context: FilterContext, bindings: GVR, value: string): Promise<Iterable<Entry>>
}

const everywhere: Membership['entries'] = async ({ related }, bindings) =>
  (await related(bindings)).entries()

/** In this order; the first that is asked for counts (resources-tenant.md §4.8). */
const memberships: readonly Membership[] = [
  {
    trigger: 'namespace',
    companion: 'role',
    bindings: ROLE_BINDINGS,
    annotation: 'iam.kubesphere.io/role',
    entries: async ({ related }, bindings, value) => (await related(bindings)).entries(value),
  },
  {
    trigger: 'workspace',
    companion: 'workspacerole',
    bindings: WORKSPACE_ROLE_BINDINGS,
    annotation: 'iam.kubesphere.io/workspacerole',
    entries: async ({ related }, bindings, value) =>
      (await related(bindings)).withLabel(WORKSPACE_LABEL, value),
  },
  {
    // Members of workspaces, not of the cluster: what clients of this list get (resources-tenant.md §17-18).
    trigger: 'cluster',
    companion: 'clusterrole',
    bindings: WORKSPACE_ROLE_BINDINGS,
    annotation: 'iam.kubesphere.io/clusterrole',
    asked: (value) => value === 'true',
    entries: everywhere,
  },
  {
    trigger: 'globalrole',
    bindings: GLOBAL_ROLE_BINDINGS,
    annotation: 'iam.kubesphere.io/globalrole',
    entries: everywhere,
  },
]

async function members(context: FilterContext, query: ListQuery): Promise<Fetched | undefined> {
  const filters = query.filters ?? {}
  const membership = memberships.find(({ trigger, asked }) => {
    const value = filters[trigger] ?? ''
    return value !== '' && (asked?.(value) ?? true)
  })
  if (!membership) return undefined
  const { trigger, companion, bindings, annotation } = membership
  const value = filters[trigger] ?? ''
  const role = companion === undefined ? value : (filters[companion] ?? '')
  const entries: Entry[] = []
  const annotations = new Map<string, Record<string, string>>()
  for (const binding of await membership.entries(context, bindings, value)) {
    const { object } = binding
    const roleName = textAt(object, 'roleRef', 'name')
    if (role !== '' && roleName !== role) continue
    for (const subject of listAt(object, 'subjects')) {
      const name = textAt(subject, 'name')
      if (subject['kind'] !== 'User' || annotations.has(name)) continue
      const user = context.store.get('', name)
      if (!user) continue
      annotations.set(name, { [annotation]: roleName })
      entries.push(user)
    }
  }
  const consumed = companion === undefined ? [trigger] : [trigger, companion]
  return { entries, consumed, annotations }
}

export const users = defineKind({
  gvr: USERS,
  kind: 'User',
  namespaced: false,
  fetch: members,
  filters: {
    email: equals(field('user-email', ({ spec }) => textAt(spec, 'email'))),
    ingroup: equals(GROUPS, { filled: true }),
    notingroup: (value, { store }) => {
      const groups = columnOf(store, GROUPS)
      return { holds: (entry) => !groups.of(entry).split('\n').includes(value) || value === '' }
    },
  },
})
