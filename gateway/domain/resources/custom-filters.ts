import type { ConfigDocument, ConfigSecret, ConfigSecrets } from '../config-secrets.ts'
import type { Store } from '../../kube/api.ts'
import type { KubeObject } from '../../kube/types.ts'
import type { CustomFilter, CustomFilters, OperationScope } from '../operation.ts'
import type { Policy, Rego } from '../rego/index.ts'
import type { FilterContext } from './condition.ts'
import type { ListQuery } from './types.ts'

const QUERY = 'data.filter.match'

interface Registered {
  readonly kind: string
  readonly text: string
  readonly policy: Policy
}

/**
 * Filters that extensions register for lists of a kind (engine B, resources-tenant.md §3.4): Secrets of the type
 * `config.kubesphere.io/custom-resource-filter` in kubesphere-system, so that nobody steers the lists of others from a
 * project. Where several name one kind, the one that was changed last counts. Followed from the first list on.
 */
export function createCustomFilters(deps: {
  readonly secrets: Pick<ConfigSecrets, 'follow'>
  readonly rego: Pick<Rego, 'policy'>
}): CustomFilters & Disposable {
  const bySecret = new Map<string, Registered>()
  let following: Promise<() => void> | undefined
  let closed = false

  function changed(secret: string, is: ConfigSecret | undefined): void {
    const before = bySecret.get(secret)
    bySecret.delete(secret)
    const wanted = is?.document && registration(is.document)
    if (!wanted) return
    const policy =
      before?.text === wanted.text
        ? before.policy
        : deps.rego.policy({ text: wanted.text, query: QUERY, use: 'filter', name: secret })
    bySecret.set(secret, { ...wanted, policy })
  }

  async function follow(): Promise<() => void> {
    const end = await deps.secrets.follow('custom-resource-filter', changed)
    if (closed) end()
    return end
  }

  return {
    async of({ apiVersion, kind }) {
      following ??= follow()
      try {
        await following
      } catch (error) {
        following = undefined
        throw error
      }
      const found = [...bySecret.values()].findLast(
        ({ kind: of }) => of === `${apiVersion} ${kind}`,
      )
      return found && filterBy(found.policy)
    },
    [Symbol.dispose]() {
      closed = true
      following?.then((end) => end()).catch(() => {})
    },
  }
}

/** What a list of a kind is filtered by beside its own conditions; without filters in the query nothing is asked. */
export async function customCondition(
  scope: Pick<OperationScope, 'customFilters' | 'signal'> | undefined,
  query: ListQuery,
  of: { readonly apiVersion: string; readonly kind: string },
): Promise<FilterContext['custom']> {
  if (!scope?.customFilters || Object.keys(query.filters ?? {}).length === 0) return undefined
  const filter = await scope.customFilters.of(of)
  return filter && ((objects, filters) => filter(objects, filters, scope.signal))
}

/** `apiVersion` and `kind` of what a store holds. */
export function typeOf({ gvr, kind }: Store): { apiVersion: string; kind: string } {
  return { apiVersion: gvr.group ? `${gvr.group}/${gvr.version}` : gvr.version, kind }
}

function registration({ resource, regoPolicy }: ConfigDocument) {
  const { group, version, kind } = (resource ?? {}) as Record<string, unknown>
  if (typeof version !== 'string' || typeof kind !== 'string') return undefined
  if (typeof regoPolicy !== 'string') return undefined
  const apiVersion = typeof group === 'string' && group !== '' ? `${group}/${version}` : version
  return { kind: `${apiVersion} ${kind}`, text: regoPolicy }
}

/** All filters of a list must hold; each looks only at what those before it left. */
function filterBy(policy: Policy): CustomFilter {
  return async (objects, filters, signal) => {
    let left = [...objects.keys()]
    for (const [field, value] of Object.entries(filters)) {
      const held = await policy.holds(
        left.map((at) => inputOf(field, value, objects[at] as KubeObject)),
        signal,
      )
      left = left.filter((_, index) => held[index])
    }
    const kept = new Set(left)
    return objects.map((_, at) => kept.has(at))
  }
}

function inputOf(field: string, value: string, object: KubeObject): string {
  return JSON.stringify({ filter: { field, value }, object })
}
