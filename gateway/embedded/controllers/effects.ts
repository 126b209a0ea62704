import type { Effects } from '../../domain/effects.ts'
import { NAMESPACES, WORKSPACE_TEMPLATES } from '../../domain/names.ts'
import type { KubeObject } from '../../kube/types.ts'
import { isDeleting, type Kit } from './kit.ts'
import type { WorkQueue } from './queue.ts'
import { aggregated, roleKey, roleResource, settleRole } from './roles.ts'
import { settleNamespace } from './namespaces.ts'
import { cleanUpAfterUser } from './user-cleanup.ts'
import { userToWrite } from './users.ts'
import { removeWorkspace, settleWorkspace, type Leaving } from './workspaces.ts'

/** How long a template counts as leaving when the deletion that was announced does not come, in milliseconds. */
const announcedMs = 30_000

/**
 * The reconcilers as write handlers call them: in the queue of each, so that a handler and the watch never work on the
 * same object at once.
 */
export function embeddedEffects(
  kit: Kit,
  queue: (name: string) => WorkQueue,
  leaving: Leaving,
): Effects {
  return {
    mode: 'embedded',
    userToWrite: (user, previous) => userToWrite(kit, user, previous),
    userDeleted: (name) =>
      queue('user').run(`/${name}`, (signal) => cleanUpAfterUser(kit, name, signal)),
    workspaceTemplateWritten: (template) =>
      queue('workspace').run(`/${template.metadata.name}`, async (signal) => {
        const settled = await settleWorkspace(kit, template, signal)
        await kit.visible(WORKSPACE_TEMPLATES, settled)
        return settled
      }),
    async workspaceTemplateDeleting(template, propagation) {
      const { name = '', uid = '' } = template.metadata
      leaving.add(uid)
      setTimeout(() => {
        if (leaving.delete(uid)) queue('workspace').add(`/${name}`)
      }, announcedMs).unref()
      await queue('workspace').run(`/${name}`, (signal) =>
        removeWorkspace(kit, name, propagation || 'Orphan', signal),
      )
    },
    namespaceWritten: (namespace) =>
      queue('namespace').run(`/${namespace.metadata.name}`, async (signal) => {
        const settled = await settleNamespace(kit, namespace, signal)
        await kit.visible(NAMESPACES, settled)
        return settled
      }),
    roleWritten: (role) => roleWritten(kit, queue('role'), role),
  }
}

async function roleWritten(kit: Kit, queue: WorkQueue, role: KubeObject): Promise<KubeObject> {
  const gvr = roleResource(role)
  const { name = '', namespace = '', uid } = role.metadata
  if (!gvr || isDeleting(role)) return role
  // Not stored yet: the caller writes what it gets.
  if (uid === undefined) return aggregated(kit, role)
  return queue.run(roleKey(gvr, { name, namespace }), (signal) =>
    settleRole(kit, gvr, role, signal),
  )
}
