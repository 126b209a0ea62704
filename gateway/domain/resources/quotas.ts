import {
  formatQuantity,
  parseQuantity,
  subtract,
  wholeQuantity,
  type Quantity,
} from '../../lib/quantity.ts'
import { attributes, type Operation, type OperationScope } from '../operation.ts'
import { at } from './kind.ts'

/** What a namespace, or the cluster, holds and may hold; quantities as Kubernetes writes them. */
export interface QuotaUse {
  readonly hard: Readonly<Record<string, string>>
  readonly used: Readonly<Record<string, string>>
  readonly left: Readonly<Record<string, string>>
}

const counted: readonly (readonly [key: string, group: string, resource: string])[] = [
  ['count/pods', '', 'pods'],
  ['count/daemonsets.apps', 'apps', 'daemonsets'],
  ['count/deployments.apps', 'apps', 'deployments'],
  ['count/ingresses.extensions', 'networking.k8s.io', 'ingresses'],
  ['count/services', '', 'services'],
  ['count/statefulsets.apps', 'apps', 'statefulsets'],
  ['persistentvolumeclaims', '', 'persistentvolumeclaims'],
  ['count/jobs.batch', 'batch', 'jobs'],
  ['count/cronjobs.batch', 'batch', 'cronjobs'],
]

type Quantities = Map<string, Quantity>

/** Quotas of the cluster (numbers in exponent style) or of a namespace: resources-tenant.md §9.2. */
export const quotaUse: Operation<{ namespace?: string | undefined }, QuotaUse> = {
  name: 'resources.quotas',
  needs: ({ namespace = '' }) =>
    attributes({
      verb: 'list',
      apiGroup: 'resources.kubesphere.io',
      apiVersion: 'v1alpha2',
      resource: 'quotas',
      namespace,
    }),
  async run(scope, { namespace }) {
    const hard: Quantities = new Map()
    const used: Quantities = new Map()
    if (namespace !== undefined) await readQuotas(scope, namespace, hard, used)
    const left: Quantities = new Map()
    for (const [key, limit] of hard) {
      const amount = used.get(key)
      if (!amount) continue
      const rest = subtract(limit, amount)
      left.set(key, rest.nanos < 0n ? { ...rest, nanos: 0n } : rest)
    }
    const format = namespace === undefined ? 'DecimalExponent' : 'DecimalSI'
    for (const [key, group, resource] of counted) {
      if (used.has(key)) continue
      const store = await scope.cluster.caches.store(
        { group, version: 'v1', resource },
        scope.signal,
      )
      used.set(key, wholeQuantity(store.count(namespace), format))
    }
    return { hard: texts(hard), used: texts(used), left: texts(left) }
  },
}

/** The least of each number over all quotas of the namespace. */
async function readQuotas(
  scope: OperationScope,
  namespace: string,
  hard: Quantities,
  used: Quantities,
): Promise<void> {
  const gvr = { group: '', version: 'v1', resource: 'resourcequotas' }
  const quotas = await scope.cluster.caches.store(gvr, scope.signal)
  for (const { object } of quotas.entries(namespace)) {
    for (const [into, member] of [
      [hard, 'hard'],
      [used, 'used'],
    ] as const) {
      const found = at(object, 'status', member) ?? {}
      for (const [key, text] of Object.entries(found as Record<string, unknown>)) {
        const quantity = parseQuantity(String(text))
        const known = into.get(key)
        if (quantity && (!known || quantity.nanos < known.nanos)) into.set(key, quantity)
      }
    }
  }
}

function texts(of: Quantities): Record<string, string> {
  const sorted = [...of].toSorted(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(sorted.map(([key, quantity]) => [key, formatQuantity(quantity)]))
}
