import type { KubeObject } from '../kube/types.ts'

/**
 * What a controller does after a write, called inline so that the caller reads its own write back settled.
 * In drop-in mode ks-controller-manager does this work and every method is the identity; embedded mode plugs in
 * its reconcilers (objects-and-controllers.md §3.9). Every method is idempotent and takes the object as stored.
 */
export interface Effects {
  readonly mode: 'external' | 'embedded'
  /** Before the create/update goes out: validates and hashes a plain password, sets the state of a new user. */
  userToWrite(user: KubeObject, previous: KubeObject | undefined): Promise<KubeObject>
  userDeleted(name: string): Promise<void>
  workspaceTemplateWritten(template: KubeObject): Promise<KubeObject>
  workspaceTemplateDeleting(template: KubeObject, propagation: string): Promise<void>
  namespaceWritten(namespace: KubeObject): Promise<KubeObject>
  /** GlobalRole, WorkspaceRole, ClusterRole or Role of iam.kubesphere.io: aggregation of role templates. */
  roleWritten(role: KubeObject): Promise<KubeObject>
}

/** Drop-in mode: another process reconciles. */
export const externalEffects: Effects = {
  mode: 'external',
  userToWrite: async (user) => user,
  userDeleted: async () => {},
  workspaceTemplateWritten: async (template) => template,
  workspaceTemplateDeleting: async () => {},
  namespaceWritten: async (namespace) => namespace,
  roleWritten: async (role) => role,
}
