import type { Entry, Store } from '../../kube/api.ts'
import type { UserInfo } from '../operation.ts'
import type { RoleBinding } from './types.ts'

/** Binding entries by subject, for stores of role bindings. */
export interface SubjectIndex {
  /** Bindings that name the user, or one of the groups, each once. */
  bindingsFor(store: Store, user: Pick<UserInfo, 'name' | 'groups'>): Entry[]
}

type Index = { revision: number; bySubject: Map<string, Entry[]> }

/** An index that is rebuilt when its store has changed since the last question. */
export function createSubjectIndex(): SubjectIndex {
  const indexes = new WeakMap<Store, Index>()
  const fresh = (store: Store): Index => {
    const known = indexes.get(store)
    if (known?.revision === store.revision) return known
    const built = { revision: store.revision, bySubject: build(store) }
    indexes.set(store, built)
    return built
  }
  return {
    bindingsFor(store, user) {
      const { bySubject } = fresh(store)
      const found = new Set(bySubject.get(`User/${user.name}`))
      for (const group of user.groups) {
        for (const entry of bySubject.get(`Group/${group}`) ?? []) found.add(entry)
      }
      return [...found]
    },
  }
}

function build(store: Store): Map<string, Entry[]> {
  const bySubject = new Map<string, Entry[]>()
  for (const entry of store.entries()) {
    for (const subject of (entry.object as RoleBinding).subjects ?? []) {
      if (subject.kind !== 'User' && subject.kind !== 'Group') continue
      const key = `${subject.kind}/${subject.name}`
      const entries = bySubject.get(key)
      if (entries) entries.push(entry)
      else bySubject.set(key, [entry])
    }
  }
  return bySubject
}
