import type { Entry, Store } from '../../kube/api.ts'
import type { UserInfo } from '../operation.ts'
import type { RoleBinding } from './types.ts'

/** Entries of a store of role bindings, by what they say rather than by their labels: hand-made ones lack those. */
export interface BindingIndex {
  /** Bindings that name the user, or one of the groups, each once. */
  ofSubject(store: Store, user: Pick<UserInfo, 'name' | 'groups'>): Entry[]
  /** Bindings of a role. */
  ofRole(store: Store, roleKind: string, roleName: string): readonly Entry[]
}

interface Built {
  readonly revision: number
  readonly bySubject: ReadonlyMap<string, Entry[]>
  readonly byRole: ReadonlyMap<string, Entry[]>
}

/** An index that is rebuilt when its store has changed since the last question. */
export function createBindingIndex(): BindingIndex {
  const known = new WeakMap<Store, Built>()
  const fresh = (store: Store): Built => {
    const last = known.get(store)
    if (last?.revision === store.revision) return last
    const built = build(store)
    known.set(store, built)
    return built
  }
  return {
    ofSubject(store, user) {
      const { bySubject } = fresh(store)
      const found = new Set(bySubject.get(`User/${user.name}`))
      for (const group of user.groups) {
        for (const entry of bySubject.get(`Group/${group}`) ?? []) found.add(entry)
      }
      return [...found]
    },
    ofRole: (store, kind, name) => fresh(store).byRole.get(`${kind}/${name}`) ?? [],
  }
}

function build(store: Store): Built {
  const bySubject = new Map<string, Entry[]>()
  const byRole = new Map<string, Entry[]>()
  for (const entry of store.entries()) {
    const { subjects = [], roleRef } = entry.object as RoleBinding
    add(byRole, `${roleRef.kind}/${roleRef.name}`, entry)
    for (const { kind, name } of subjects) {
      if (kind === 'User' || kind === 'Group') add(bySubject, `${kind}/${name}`, entry)
    }
  }
  return { revision: store.revision, bySubject, byRole }
}

function add(to: Map<string, Entry[]>, key: string, entry: Entry): void {
  const entries = to.get(key)
  if (entries) entries.push(entry)
  else to.set(key, [entry])
}
