import type { KubeObject } from '../../../kube/types.ts'
import { clusterTemplates } from './cluster.ts'
import { globalTemplates } from './global.ts'
import { namespaceTemplates } from './namespace.ts'
import { roleTemplate } from './template.ts'
import { workspaceTemplates } from './workspace.ts'

/** The 65 role templates of the platform (objects-and-controllers.md §2.2). */
export function roleTemplates(): KubeObject[] {
  return [
    ...globalTemplates.map((row) => roleTemplate('global', row)),
    ...clusterTemplates.map((row) => roleTemplate('cluster', row)),
    ...workspaceTemplates.map((row) => roleTemplate('workspace', row)),
    ...namespaceTemplates.map((row) => roleTemplate('namespace', row)),
  ]
}
