import { selector, type LabelSelector, type Requirement } from '../../gateway/lib/labels.ts'
import { itemsIn, textIn, valueIn } from './json.ts'

const operators: Readonly<Record<string, Requirement['operator']>> = {
  In: 'in',
  NotIn: 'notin',
  Exists: 'exists',
  DoesNotExist: 'absent',
}

function equalities(labels: unknown): Requirement[] {
  if (labels === null || typeof labels !== 'object') return []
  return Object.entries(labels).map(([key, value]) => ({
    key,
    operator: 'in',
    values: [String(value)],
  }))
}

/** A `LabelSelector` of meta/v1: undefined selects nothing, an empty one everything. */
export function labelSelectorOf(value: unknown): LabelSelector | undefined {
  if (value === null || typeof value !== 'object') return undefined
  const requirements = equalities(valueIn(value, 'matchLabels'))
  for (const expression of itemsIn(value, 'matchExpressions')) {
    const operator = operators[textIn(expression, 'operator')]
    // What cannot be read selects nothing rather than more than it says.
    if (!operator) return undefined
    const values = itemsIn(expression, 'values').map(String)
    requirements.push({ key: textIn(expression, 'key'), operator, values })
  }
  return selector(requirements)
}

/** A map of labels as a Service has it: an empty one selects nothing. */
export function labelMapOf(value: unknown): LabelSelector | undefined {
  const requirements = equalities(value)
  return requirements.length > 0 ? selector(requirements) : undefined
}

const inSpec = (object: unknown) => labelSelectorOf(valueIn(object, 'spec', 'selector'))
const mapInSpec = (object: unknown) => labelMapOf(valueIn(object, 'spec', 'selector'))

/** How kinds, as `group/resource`, say which pods they are about. */
export const podSelectors: Readonly<
  Record<string, ((object: unknown) => LabelSelector | undefined) | undefined>
> = {
  '/services': mapInSpec,
  '/replicationcontrollers': mapInSpec,
  'apps/deployments': inSpec,
  'apps/replicasets': inSpec,
  'apps/statefulsets': inSpec,
  'apps/daemonsets': inSpec,
  'batch/jobs': inSpec,
  'policy/poddisruptionbudgets': inSpec,
  'networking.k8s.io/networkpolicies': (object) =>
    labelSelectorOf(valueIn(object, 'spec', 'podSelector')),
}
