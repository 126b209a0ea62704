import { forbidden } from '../../lib/errors.ts'
import { NAMESPACES } from '../names.ts'
import type { Operation, OperationScope } from '../operation.ts'
import { objectAttributes } from './address.ts'
import { list, type ListArgs, type ObjectList } from './reads.ts'

export interface AllowedList extends ObjectList {
  /** Namespaces that were read; null where all were. */
  readonly namespaces: readonly string[] | null
}

/** Who asks, with the door that judges each operation. */
interface Caller extends OperationScope {
  call<A, R>(operation: Operation<A, R>, args: A): Promise<R>
}

/** Questions to the authorizer at a time. */
const together = 16

/**
 * As `list`, but where the caller may not list everywhere, the objects of those namespaces that he may list. Throws
 * ApiError 403 for a place that he may not list at all.
 */
export async function listAllowed(caller: Caller, args: ListArgs): Promise<AllowedList> {
  const { info, namespace } = args
  if (namespace || !info.namespaced || (await caller.may(objectAttributes('list', args)))) {
    return Object.assign(await caller.call(list, args), { namespaces: null })
  }
  const store = await caller.cluster.caches.store(NAMESPACES, caller.signal)
  const queue = Array.from(store.byName(), ({ name }) => name).values()
  const namespaces: string[] = []
  const worker = async () => {
    for (const name of queue) {
      const may = await caller.may(objectAttributes('list', { info, namespace: name }))
      if (may) namespaces.push(name)
    }
  }
  await Promise.all(Array.from({ length: together }, worker))
  namespaces.sort()
  const lists = await Promise.all(
    namespaces.map((name) => caller.call(list, { ...args, namespace: name })),
  )
  const [first] = lists
  if (!first) throw forbidden(`you may list ${info.resource} in no namespace`)
  const { resourceVersion, fresh, texts } = first
  return { rows: lists.flatMap(({ rows }) => rows), resourceVersion, fresh, texts, namespaces }
}
