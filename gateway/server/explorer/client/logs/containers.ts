import type { Kind } from '../app/kinds.ts'
import { listAt, textAt } from '../table/row.ts'

/** Where the containers of kinds that have some are. */
const places: Readonly<Record<string, string>> = {
  '/pods': 'spec',
  'apps/deployments': 'spec.template.spec',
  'apps/replicasets': 'spec.template.spec',
  'apps/statefulsets': 'spec.template.spec',
  'apps/daemonsets': 'spec.template.spec',
  'batch/jobs': 'spec.template.spec',
  'batch/cronjobs': 'spec.jobTemplate.spec.template.spec',
}

const placeOf = ({ group, plural }: Kind): string | undefined => places[`${group}/${plural}`]

/** Whether objects of the kind have containers, and so logs. */
export const hasContainers = (kind: Kind): boolean => placeOf(kind) !== undefined

/** Names of an object's containers, those that start it last. */
export function containersOf(kind: Kind, object: unknown): readonly string[] {
  const place = placeOf(kind)
  if (!place) return []
  return ['containers', 'initContainers', 'ephemeralContainers']
    .flatMap((list) => listAt(object, `${place}.${list}`))
    .map((container) => textAt(container, 'name'))
}
