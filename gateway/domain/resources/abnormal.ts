import { attributes, type Operation } from '../operation.ts'
import { listKind } from './reads.ts'
import { kinds } from './kinds/index.ts'
import type { Kind } from './kind.ts'

/** Plural name and how many of the kind are not well. */
export type AbnormalWorkloads = Readonly<Record<string, number>>

/** What counts as not well, as a value of the filter `status`. */
const odd: readonly (readonly [resource: string, status: string])[] = [
  ['daemonsets', 'updating'],
  ['deployments', 'updating'],
  ['jobs', 'failed'],
  // Two words that no claim has at once: what clients know is always nothing (resources-tenant.md §17-20).
  ['persistentvolumeclaims', 'pending|lost'],
  ['statefulsets', 'updating'],
]

/** How many workloads of the cluster or of a namespace are not well: resources-tenant.md §9.6. */
export const abnormalWorkloads: Operation<{ namespace?: string | undefined }, AbnormalWorkloads> = {
  name: 'resources.abnormalWorkloads',
  needs: ({ namespace = '' }) =>
    attributes({
      verb: 'list',
      apiGroup: 'resources.kubesphere.io',
      apiVersion: 'v1alpha2',
      resource: 'abnormalworkloads',
      namespace,
    }),
  async run({ cluster, signal }, { namespace }) {
    const counts = await Promise.all(
      odd.map(async ([resource, status]) => {
        const kind = kinds.get(resource) as Kind
        const query = { filters: { status }, limit: 0 }
        const { totalItems } = await listKind(cluster, kind, { namespace, query, signal })
        return [resource, totalItems] as const
      }),
    )
    return Object.fromEntries(counts)
  },
}
