import type { Entry } from '../../kube/api.ts'
import { badRequest, isAlreadyExists, isNotFound } from '../../lib/errors.ts'
import { removed, written } from '../settle.ts'
import { ROLE_REF, USER_REF, WORKSPACE_LABEL, isLabelValue } from '../names.ts'
import { bindingStore, roleAt, type Site } from './levels.ts'
import type { RoleBinding, Subject } from './types.ts'

/** First subject of kind User: the member that a binding stands for. */
export function userOf(binding: RoleBinding): string | undefined {
  return binding.subjects?.find((subject) => subject.kind === 'User')?.name
}

/** Throws ApiError 400 unless `name` can be looked up by label. */
export function demandLabelValue(name: string, what: string): void {
  if (!name || !isLabelValue(name)) throw badRequest(`invalid ${what} ${JSON.stringify(name)}`)
}

/**
 * The user's bindings at a site, newest first: those that carry the user-ref label *and* name the user as a subject.
 * A name that is no label value has none.
 */
export async function bindingsOf(site: Site, username: string): Promise<Entry[]> {
  if (!username || !isLabelValue(username)) return []
  const store = await bindingStore(site)
  const found: Entry[] = []
  for (const entry of store.withLabel(USER_REF, username, site.namespace || undefined)) {
    if (site.workspace && entry.labels[WORKSPACE_LABEL] !== site.workspace) continue
    const { subjects } = entry.object as RoleBinding
    if (subjects?.some((s) => s.kind === 'User' && s.name === username)) found.push(entry)
  }
  return found.sort((a, b) => b.created - a.created || (a.name < b.name ? 1 : -1))
}

/** Object name of the role that a binding entry refers to. */
export function roleRefOf(entry: Entry): string {
  return (entry.object as RoleBinding).roleRef.name
}

/**
 * Gives `username` exactly one role at a site: an equal binding stays, a missing one is created, then others go, so that
 * nobody is left without a role by an error. Throws ApiError 400 for a name that is no label value, 404 when the role is
 * not there, 409 when the binding's name is taken by another account's (iam-oauth.md §17.4).
 */
export async function assignRole(site: Site, username: string, roleRef: string): Promise<void> {
  demandLabelValue(username, 'username')
  await roleAt(site, roleRef)
  demandLabelValue(roleRef, 'role name')
  const held = await bindingsOf(site, username)
  const [same, ...equal] = held.filter((entry) => roleRefOf(entry) === roleRef && !isGoing(entry))
  if (!same) {
    // Its name is about to be used again.
    const going = held.filter((entry) => roleRefOf(entry) === roleRef)
    for (const entry of going) await deleteBinding(site, entry, true)
    await createBinding(site, username, roleRef)
  }
  const others = held.filter((entry) => roleRefOf(entry) !== roleRef)
  for (const entry of [...equal, ...others]) await deleteBinding(site, entry)
}

function isGoing({ object }: Entry): boolean {
  return object.metadata.deletionTimestamp !== undefined
}

async function createBinding(site: Site, username: string, roleRef: string): Promise<void> {
  const { cluster, level, signal } = site
  const at = { namespace: site.namespace || undefined, signal }
  const wanted = newBinding(site, username, roleRef)
  let stored: RoleBinding
  try {
    stored = await cluster.client.create<RoleBinding>(level.bindings, wanted, at)
  } catch (error) {
    if (!isAlreadyExists(error)) throw error
    // Somebody has asked the same at the same time, or two names run together: `a-b` with `c` and `a` with `b-c`.
    const name = wanted.metadata.name ?? ''
    stored = await cluster.client.get<RoleBinding>(level.bindings, name, at)
    if (userOf(stored) !== username || stored.roleRef.name !== roleRef) throw error
  }
  await written(cluster, level.bindings, stored)
}

/** Removes every binding of the user at a site; none is fine. */
export async function unassign(site: Site, username: string): Promise<void> {
  for (const entry of await bindingsOf(site, username)) await deleteBinding(site, entry)
}

/** `final`: wait for the finalizers too, because the name is about to be used again. */
async function deleteBinding(site: Site, entry: Entry, final = false): Promise<void> {
  try {
    await site.cluster.client.delete(site.level.bindings, entry.name, {
      namespace: site.namespace || undefined,
      signal: site.signal,
      preconditions: { uid: entry.uid },
    })
  } catch (error) {
    if (!isNotFound(error)) throw error
  }
  await removed(site.cluster, site.level.bindings, entry, final)
}

function newBinding(site: Site, username: string, roleRef: string): RoleBinding {
  const { level } = site
  const subjects: Subject[] = [{ kind: 'User', apiGroup: 'iam.kubesphere.io', name: username }]
  if (level.withServiceAccount) {
    subjects.push({
      kind: 'ServiceAccount',
      name: `kubesphere.users.${username}`,
      namespace: 'kubesphere-system',
    })
  }
  return {
    apiVersion: 'iam.kubesphere.io/v1beta1',
    kind: level.bindingKind,
    metadata: {
      name: `${username}-${roleRef}`,
      ...(site.namespace ? { namespace: site.namespace } : {}),
      labels: {
        [USER_REF]: username,
        [ROLE_REF]: roleRef,
        ...(site.workspace ? { [WORKSPACE_LABEL]: site.workspace } : {}),
      },
    },
    subjects,
    roleRef: { apiGroup: 'iam.kubesphere.io', kind: level.roleKind, name: roleRef },
  }
}
