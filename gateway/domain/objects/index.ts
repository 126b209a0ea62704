export type { Address, Place } from './address.ts'
export type { ObjectList } from './reads.ts'
export { objectAttributes } from './address.ts'
export { objectFrom } from './writes.ts'
export type { Applied, ApplyConflict } from './writes.ts'

import { get, list } from './reads.ts'
import { apply, create, patch, remove } from './writes.ts'

/** Objects of any kind that discovery knows, as plain objects of the cluster in scope. */
export const objects = { list, get, create, apply, patch, remove } as const
