import type { Column, Entry, GVR, Store, ViewOf } from '../../kube/api.ts'
import type { KubeObject } from '../../kube/types.ts'
import type { NamedText } from '../selection/index.ts'

/** One condition of a list. */
export interface Condition {
  holds(entry: Entry): boolean
  /** A view of the store that holds exactly the entries for which the condition holds. */
  readonly view?: ViewOf | undefined
}

/** What filters may look at. */
export interface FilterContext {
  readonly store: Store
  /** The object as an answer may show it: no filter tells what an answer does not. */
  readonly object: (entry: Entry) => KubeObject
  /** The synced store of another resource of the same cluster. */
  readonly related: (gvr: GVR) => Promise<Store>
  /** One more condition, on objects as an answer may show them, where the query has filters. */
  readonly custom?:
    | ((
        objects: readonly KubeObject[],
        filters: Readonly<Record<string, string>>,
      ) => Promise<boolean[]>)
    | undefined
}

/** Makes the condition for one value of a query parameter. */
export type Filter = (value: string, context: FilterContext) => Condition | Promise<Condition>

export const never: Condition = { holds: () => false }

/** A column of the store: the texts that `compute` finds, one a line. */
export type Field = NamedText

export function field(name: string, compute: (object: KubeObject) => string): Field {
  return { name, compute }
}

/** A field with several texts. */
export function fields(name: string, compute: (object: KubeObject) => readonly string[]): Field {
  return { name, compute: (object) => compute(object).join('\n') }
}

export function columnOf(store: Store, { name, compute }: Field): Column {
  return store.column(name, compute)
}

/** Objects one of whose texts is the value; an empty value matches what has none, unless `filled`. */
export function equals(of: Field, { filled = false } = {}): Filter {
  return (value, { store }) => {
    if (filled && value === '') return never
    if (value.includes('\n')) return never
    const column = columnOf(store, of)
    return {
      holds: (entry) => {
        const text = column.of(entry)
        return text === value || (text.includes('\n') && text.split('\n').includes(value))
      },
      view: { column: { column, value } },
    }
  }
}

/** Objects whose texts as a whole pass a test. */
export function where(of: Field, test: (text: string, value: string) => boolean): Filter {
  return (value, { store }) => {
    const column = columnOf(store, of)
    return { holds: (entry) => test(column.of(entry), value) }
  }
}
