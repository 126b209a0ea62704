import { createHash } from 'node:crypto'
import type { Store } from '../../kube/api.ts'
import type { KindInfo } from '../../kube/types.ts'
import { objectAttributes } from '../objects/index.ts'
import type { WatchScope } from './types.ts'

/** What a subscriber may be told of, judged anew when rights changed. */
export interface WatchAccess {
  /** Throws ApiError 403 when the subscription has to end. */
  renew(): Promise<void>
  /** What the last judgement allows, as a text that is the same for the same; empty for everything that was asked for. */
  readonly sight: string
  /** By the last judgement; keeps its answers when there is another. */
  readonly allows: (namespace: string) => boolean
  /** Judges a namespace now; always true where one verdict holds for everything. */
  judge(namespace: string): Promise<boolean>
}

/** For who may watch every place that is asked for, or nothing. */
export function wholeAccess(
  scope: WatchScope,
  info: KindInfo,
  namespaces: readonly string[] | undefined,
): WatchAccess {
  const places = namespaces ?? ['']
  return {
    async renew() {
      for (const namespace of places) {
        await scope.demand(objectAttributes('watch', { info, namespace }))
      }
    },
    sight: '',
    allows: () => true,
    judge: async () => true,
  }
}

/**
 * For who may watch some namespaces: everything while they may watch everything, else namespace by namespace. `known`
 * gives the namespaces of the cluster.
 */
export function accessibleAccess(
  scope: WatchScope,
  info: KindInfo,
  namespaces: readonly string[] | undefined,
  known: Store,
): WatchAccess {
  const may = (namespace: string) => scope.may(objectAttributes('watch', { info, namespace }))
  let sight = ''
  let allows = (_namespace: string): boolean => false
  return {
    get sight() {
      return sight
    },
    get allows() {
      return allows
    },
    async renew() {
      if (await may('')) {
        sight = ''
        allows = () => true
        return
      }
      const asked = namespaces ?? Array.from(known.byName(), ({ name }) => name)
      const verdicts = await Promise.all(asked.map(may))
      const allowed = asked.filter((_name, index) => verdicts[index]).toSorted()
      const hash = createHash('sha256').update(JSON.stringify(allowed))
      sight = hash.digest('base64url').slice(0, 11)
      const set = new Set(allowed)
      allows = (namespace) => set.has(namespace)
    },
    judge: async (namespace) => (sight === '' && (await may(''))) || may(namespace),
  }
}
