import type { Entry, Store } from '../../kube/api.ts'
import type { UserInfo } from '../operation.ts'

interface Subject {
  readonly kind: string
  readonly apiGroup?: string
  readonly name: string
  readonly namespace?: string
}

export interface Binding {
  readonly entry: Entry
  readonly roleRef: { readonly kind: string; readonly name: string }
  /** The first subject that is the user. */
  readonly subject: Subject
}

/** Finds the bindings of a user without looking at the others; follows its store. */
export interface BindingIndex extends Disposable {
  /** Newest first, ties by name descending. `place` is the workspace or namespace that bindings are grouped by, or "". */
  of(user: UserInfo, place: string): readonly Binding[]
}

/** Users in places whose bindings are remembered, until any binding changes. */
const MOST_FOUND = 10_000

/** `placeOf` groups bindings: by namespace, by workspace label, or all together with "". */
export function createBindingIndex(store: Store, placeOf: (entry: Entry) => string): BindingIndex {
  const byKey = new Map<string, Set<Entry>>()
  const keysOf = (entry: Entry): string[] =>
    subjectsOf(entry).flatMap((subject) => {
      const key = subjectKey(subject, entry.namespace)
      return key === undefined ? [] : [`${placeOf(entry)}\0${key}`]
    })
  const add = (entry: Entry) => {
    for (const key of keysOf(entry)) {
      const entries = byKey.get(key)
      if (entries) entries.add(entry)
      else byKey.set(key, new Set([entry]))
    }
  }
  const remove = (entry: Entry) => {
    for (const key of keysOf(entry)) {
      const entries = byKey.get(key)
      entries?.delete(entry)
      if (entries?.size === 0) byKey.delete(key)
    }
  }
  const found = new Map<string, readonly Binding[]>()
  const end = store.subscribe(({ type, entry, previous }) => {
    found.clear()
    remove(previous ?? entry)
    if (type !== 'DELETED') add(entry)
  })
  for (const entry of store.entries()) add(entry)
  return {
    of(user, place) {
      const keys = userKeys(user)
      const asked = JSON.stringify([place, ...keys])
      const known = found.get(asked)
      if (known) return known
      const entries = new Set(keys.flatMap((key) => [...(byKey.get(`${place}\0${key}`) ?? [])]))
      const bindings = [...entries]
        .toSorted(newestFirst)
        .flatMap((entry) => toBinding(entry, new Set(keys)))
      if (found.size >= MOST_FOUND) found.clear()
      found.set(asked, bindings)
      return bindings
    },
    [Symbol.dispose]: end,
  }
}

function subjectsOf(entry: Entry): readonly Subject[] {
  return (entry.object.subjects as Subject[] | null | undefined) ?? []
}

/** What a subject is looked up by; undefined for one that can match nobody. */
function subjectKey(subject: Subject, bindingNamespace: string): string | undefined {
  if (subject.kind === 'User') return `u:${subject.name}`
  if (subject.kind === 'Group') return `g:${subject.name}`
  if (subject.kind !== 'ServiceAccount') return undefined
  const namespace = subject.namespace || bindingNamespace
  const realm = REALM[subject.apiGroup ?? '']
  return namespace && realm ? `u:${realm}:serviceaccount:${namespace}:${subject.name}` : undefined
}

/** How service accounts of an API group are called as users; a subject without a group matches nobody. */
const REALM: Readonly<Record<string, string>> = {
  'kubesphere.io': 'kubesphere',
  'rbac.authorization.k8s.io': 'system',
}

function userKeys(user: UserInfo): string[] {
  return [`u:${user.name}`, ...user.groups.map((group) => `g:${group}`)]
}

function newestFirst(a: Entry, b: Entry): number {
  return b.created - a.created || (a.name < b.name ? 1 : a.name > b.name ? -1 : 0)
}

function toBinding(entry: Entry, keys: ReadonlySet<string>): Binding[] {
  const subject = subjectsOf(entry).find((candidate) => {
    const key = subjectKey(candidate, entry.namespace)
    return key !== undefined && keys.has(key)
  })
  const roleRef = entry.object.roleRef as Binding['roleRef'] | undefined
  return subject && roleRef ? [{ entry, roleRef, subject }] : []
}
