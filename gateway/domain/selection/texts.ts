import type { KubeObject } from '../../kube/types.ts'
import { textOf, valueAt } from './fields.ts'
import type { Row } from './types.ts'

/** A text that objects have, by a name that no other has. */
export interface NamedText {
  readonly name: string
  /** Empty where the object has none. */
  readonly compute: (object: KubeObject) => string
}

/** The alias of an object, shown beside its name. */
export const ALIAS: NamedText = {
  name: 'alias',
  compute: ({ metadata }) => metadata.annotations?.['kubesphere.io/alias-name'] ?? '',
}

/** The status of a kind that has no words for it. */
export const PHASE: NamedText = {
  name: 'phase as it stands',
  compute: (object) => textOf(valueAt(object, ['status', 'phase'])),
}

/** Where rows have their texts: a watch cache keeps them beside its objects, once somebody has asked. */
export type Texts = (text: NamedText) => (row: Row) => string

/** Out of the objects themselves. */
export const textsOfObjects: Texts =
  ({ compute }) =>
  ({ object }) =>
    compute(object)

/** Of what some JSON writes in one way only, a slash, and a letter that no number has in it. */
const plain = /^[\w./-]+$/
const telling = /[a-df-z]/i

/**
 * Whether a row may have `text` in it somewhere: false only where its JSON says that it has not, which is found without
 * reading it. A text that JSON may write in several ways may be anywhere, and so may none.
 */
export function mention(text: string | undefined): (row: Row) => boolean {
  const parts =
    text !== undefined && plain.test(text)
      ? text.split('/').filter((part) => telling.test(part))
      : []
  const [longest] = parts.toSorted((a, b) => b.length - a.length)
  if (longest === undefined) return () => true
  return ({ json }) => json === undefined || json.includes(longest)
}
