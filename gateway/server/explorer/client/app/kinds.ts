export const kindsDocument = `query Kinds($cluster: String, $namespace: String) {
  kinds(cluster: $cluster, filter: { verb: "list", preferred: true }) {
    group
    version
    kind
    plural
    namespaced
    shortNames
    typeName
    listField
    watchField
    allowed(namespace: $namespace)
  }
}`

export interface Kind {
  readonly group: string
  readonly version: string
  readonly kind: string
  readonly plural: string
  readonly namespaced: boolean
  readonly shortNames: readonly string[]
  readonly typeName: string
  readonly listField: string | null
  readonly watchField: string | null
  readonly allowed: readonly string[]
}

/** A kind in an address: `group/version/plural`, with nothing before the first `/` for the core group. */
export const kindKey = ({ group, version, plural }: Kind): string => `${group}/${version}/${plural}`

/** Kinds that most people look for, under their headings; all others are "others". */
const sections = {
  workloads: [
    '/pods',
    'apps/deployments',
    'apps/statefulsets',
    'apps/daemonsets',
    'batch/jobs',
    'batch/cronjobs',
  ],
  network: ['/services', 'networking.k8s.io/ingresses', 'networking.k8s.io/networkpolicies'],
  storage: [
    '/configmaps',
    '/secrets',
    '/persistentvolumeclaims',
    '/persistentvolumes',
    'storage.k8s.io/storageclasses',
  ],
  clusterWide: ['/nodes', '/namespaces', '/events', 'tenant.kubesphere.io/workspacetemplates'],
} as const

export type SectionKey = keyof typeof sections | 'others'

export interface Section {
  readonly key: SectionKey
  readonly kinds: readonly Kind[]
}

function matches(kind: Kind, text: string): boolean {
  const words = [kind.kind, kind.plural, kind.group, ...kind.shortNames]
  return words.some((word) => word.toLowerCase().includes(text))
}

/** The kinds that the caller may list and whose names contain `text`, under their headings. */
export function sectionsOf(kinds: readonly Kind[], text: string): readonly Section[] {
  const wanted = text.trim().toLowerCase()
  const listed = kinds.filter((kind) => kind.allowed.includes('list') && matches(kind, wanted))
  const byPlace = new Map(listed.map((kind) => [`${kind.group}/${kind.plural}`, kind]))
  const curated = Object.entries(sections).map(([key, places]) => ({
    key: key as SectionKey,
    kinds: places.flatMap((place) => byPlace.get(place) ?? []),
  }))
  const taken = new Set(curated.flatMap((section) => section.kinds))
  const others = listed
    .filter((kind) => !taken.has(kind))
    .toSorted((a, b) => a.kind.localeCompare(b.kind) || a.group.localeCompare(b.group))
  return [...curated, { key: 'others' as const, kinds: others }].filter(
    (one) => one.kinds.length > 0,
  )
}
