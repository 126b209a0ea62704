export type { Address, Place } from './address.ts'
export type { LivePage } from './live.ts'
export type { ObjectList } from './reads.ts'
export type { Owner, Related } from './related.ts'
export { isCached } from './reads.ts'
export { listAllowed, type AllowedList } from './allowed.ts'
export { demandPlace, objectAttributes } from './address.ts'
export { objectOfEntry, objectOfRow, rowOfEntry } from './visible.ts'
export { objectFrom } from './object-from.ts'
export type { ApplyConflict } from './conflicts.ts'
export type { Table, TableColumn } from './table.ts'
export type { Scale } from './scale.ts'
export type { WriteArgs, Written } from './writes.ts'

import { livePage } from './live.ts'
import { many } from './many.ts'
import { get, list } from './reads.ts'
import { related } from './related.ts'
import { rescale, scale } from './scale.ts'
import { table } from './table.ts'
import { apply, create, patch, remove, update } from './writes.ts'

/** Objects of any kind that discovery knows, as plain objects of the cluster in scope. */
export const objects = {
  list,
  livePage,
  get,
  many,
  related,
  table,
  create,
  update,
  apply,
  patch,
  remove,
  scale,
  rescale,
} as const
