import { createHash } from 'node:crypto'
import type { GVR, KindInfo } from '../../gateway/kube/types.ts'

/** What a kind is called in the graph. */
export interface KindNames {
  readonly type: string
  readonly getField: string
  readonly listField: string
  /** Of `Subscription`. */
  readonly watchField: string
  readonly connection: string
  readonly change: string
  readonly edge: string
  readonly payload: string
  readonly input: string
}

/** The one kind whose own name belongs to Relay. */
const renamed: Readonly<Record<string, string>> = { '/Node': 'KubeNode' }

function pascal(text: string): string {
  return text
    .split(/[.-]/)
    .map((label) => label.charAt(0).toUpperCase() + label.slice(1))
    .join('')
}

/** `text` with nothing in it that a name may not have (GraphQL specification, "Names"). */
export function legalName(text: string): string {
  const legal = text.replaceAll(/[^_0-9A-Za-z]/g, '_').replace(/^_{2,}/, '_')
  return /^[0-9]/.test(legal) || legal === '' ? `_${legal}` : legal
}

/** What the names of a group's types begin with: a function of the group alone. */
export function groupPrefix(group: string): string {
  if (group === '') return ''
  if (group === 'kubesphere.io') return 'Ks'
  if (group.endsWith('.kubesphere.io'))
    return `Ks${pascal(group.slice(0, -'.kubesphere.io'.length))}`
  if (group.endsWith('.k8s.io')) return pascal(group.slice(0, -'.k8s.io'.length))
  return legalName(pascal(group))
}

export function lowerCamel(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1)
}

/** The plural in the letter case of the kind: `NetworkPolicy` + `networkpolicies` = `NetworkPolicies`. */
export function pluralOf(kind: string, plural: string): string {
  let shared = 0
  while (shared < kind.length && kind.charAt(shared).toLowerCase() === plural.charAt(shared)) {
    shared++
  }
  return kind.slice(0, shared) + plural.slice(shared)
}

/** Eight hexadecimal digits that tell clashing names apart. */
export function mark(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8)
}

export function kindKey({ group, version, resource }: GVR): string {
  return `${group}/${version}/${resource}`
}

/** Kinds of Kubernetes itself come first, so that nothing that is installed takes their names. */
function rank({ group }: KindInfo): number {
  return !group.includes('.') || group.endsWith('.k8s.io') ? 0 : 1
}

function byRank(a: KindInfo, b: KindInfo): number {
  const [left, right] = [a, b].map((kind) => `${rank(kind)} ${kindKey(kind)}`)
  return (left ?? '') < (right ?? '') ? -1 : 1
}

/** Names that are given once. */
export class Names {
  readonly #taken: Set<string>

  constructor(reserved: Iterable<string>) {
    this.#taken = new Set(reserved)
  }

  /** `wanted` where nobody has it, from now on taken; else `other`'s. */
  take(wanted: string, other: (wanted: string) => string): string {
    const name = this.#taken.has(wanted) ? other(wanted) : wanted
    this.#taken.add(name)
    return name
  }
}

/**
 * Names of all kinds, by `kindKey`. The name of a kind follows from its group, version, kind and plural; a clash with a
 * name of the hand-written schema or of a kind that comes earlier (Kubernetes' own, then by group) ends it in a mark of
 * the group, so that an installed kind never renames another. `types` and `fields` are taken from.
 */
export function nameKinds(
  kinds: readonly KindInfo[],
  types: Names,
  fields: Names,
): ReadonlyMap<string, KindNames> {
  const sorted = kinds.toSorted(byRank)
  const named = sorted.map((info) => {
    const { group, version, kind, resource, preferred } = info
    const own = renamed[`${group}/${kind}`]
    const prefix = own ? '' : groupPrefix(group)
    const called = own ?? legalName(kind)
    const suffix = preferred ? '' : `_${legalName(version)}`
    const single = `${prefix}${called}`
    const apart = (name: string) => `${name}_${mark(group)}`
    const type = types.take(single + suffix, apart)
    // Whatever set the type apart sets its fields apart.
    const end = type.slice(single.length)
    const plural = prefix + legalName(pluralOf(called, own ? `kube${resource}` : resource))
    const many = plural === single ? `${plural}List` : plural
    const getField = fields.take(lowerCamel(type), apart)
    const listField = fields.take(lowerCamel(many) + end, apart)
    const watchField = fields.take(`${listField}Changed`, apart)
    return { info, type, getField, listField, watchField }
  })
  // A kind goes before the companions of all others.
  return new Map(
    named.map(({ info, type, getField, listField, watchField }) => {
      const companion = (word: string) => types.take(`${type}${word}`, (name) => `${name}_`)
      const names: KindNames = {
        type,
        getField,
        listField,
        watchField,
        connection: companion('Connection'),
        edge: companion('Edge'),
        change: companion('Change'),
        payload: companion('Payload'),
        input: companion('Input'),
      }
      return [kindKey(info), names]
    }),
  )
}
