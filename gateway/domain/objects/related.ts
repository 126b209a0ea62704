import type { Store, View } from '../../kube/api.ts'
import { ApiError } from '../../lib/errors.ts'
import type { LabelSelector } from '../../lib/labels.ts'
import type { Operation } from '../operation.ts'
import {
  OWNER_UIDS,
  OWNERS,
  ownersIn,
  rowOf,
  type NamedText,
  type Row,
} from '../selection/index.ts'
import { demandPlace, objectAttributes, type Place } from './address.ts'
import { listWhole } from './live.ts'
import { isCached, type Reading } from './reads.ts'
import { visibleRows } from './visible.ts'

/** An owner, and the namespace of what it owns: its own, unless it has none. */
export interface Owner {
  readonly apiVersion: string
  readonly kind: string
  readonly name: string
  readonly uid: string
  readonly namespace: string
}

/** An owner with the uids of those objects of a place that name it. */
interface Owning extends Owner {
  readonly owns: readonly string[]
}

/** Objects of one kind in one place, found by what they have to do with others. */
export interface Related {
  all(): Row[]
  /** Whatever one of these owns. */
  ownedBy(...uids: readonly string[]): Promise<Row[]>
  /** Whom the objects name as owners, each once. */
  owners(): Promise<Owning[]>
  /** Whom one of the objects names; nobody where it is gone. */
  ownersOf(object: Pick<Owner, 'namespace' | 'name' | 'uid'>): Owner[]
  /** Events about an object. */
  about(uid: string): Promise<Row[]>
  /** Pods on a node. */
  onNode(name: string): Promise<Row[]>
  selectedBy(selector: LabelSelector): Row[]
}

function ownersAt(text: string, namespace: string): Owner[] {
  return ownersIn(text).map((owner) => ({ ...owner, namespace }))
}

/** What of an object tells whom it belongs to; `owners` as of `OWNERS`. */
interface Owned {
  readonly owners: string
  readonly namespace: string
  readonly uid: string
}

/** Each owner once. The same text in the same namespace is read once. */
function owningAll(objects: Iterable<Owned>): Owning[] {
  const places = new Map<string, Map<string, string[][]>>()
  const found = new Map<string, Owning & { readonly owns: string[] }>()
  const listsFor = (text: string, namespace: string): string[][] =>
    ownersAt(text, namespace).map((owner) => {
      const known = found.get(owner.uid) ?? { ...owner, owns: [] }
      found.set(owner.uid, known)
      return known.owns
    })
  for (const { owners, namespace, uid } of objects) {
    if (!owners) continue
    const texts = places.get(namespace) ?? new Map<string, string[][]>()
    places.set(namespace, texts)
    const lists = texts.get(owners) ?? listsFor(owners, namespace)
    texts.set(owners, lists)
    for (const owns of lists) owns.push(uid)
  }
  return [...found.values()]
}

const SUBJECT: NamedText = {
  name: 'subject uid',
  compute({ involvedObject, regarding }) {
    const subject = (involvedObject ?? regarding) as { uid?: unknown } | undefined
    return typeof subject?.uid === 'string' ? subject.uid : ''
  },
}

const NODE: NamedText = {
  name: 'node',
  compute({ spec }) {
    const node = (spec as { nodeName?: unknown } | undefined)?.nodeName
    return typeof node === 'string' ? node : ''
  },
}

/** Looks in the indexes of a watch cache. */
function inStore(store: Store, { info, namespace }: Place): Related {
  const here = (view: View) => {
    const rows = visibleRows(info, view.scan('created', true))
    return namespace ? rows.filter((row) => row.namespace === namespace) : rows
  }
  const by =
    ({ name, compute }: NamedText) =>
    async (...values: readonly string[]) => {
      const column = store.column(name, compute)
      await column.filled()
      return values.flatMap((value) =>
        value ? here(store.view({ column: { column, value } })) : [],
      )
    }
  const owners = () => store.column(OWNERS.name, OWNERS.compute)
  return {
    all: () => here(store.view({ namespace: namespace || undefined })),
    ownedBy: by(OWNER_UIDS),
    async owners() {
      const text = owners()
      await text.filled()
      const entries = store.view({ namespace: namespace || undefined }).scan('created')
      return owningAll(
        Iterator.from(entries).map((entry) => ({
          owners: text.of(entry),
          namespace: entry.namespace,
          uid: entry.uid,
        })),
      )
    },
    ownersOf({ namespace: at, name, uid }) {
      const entry = store.get(info.namespaced ? at : '', name)
      return entry?.uid === uid ? ownersAt(owners().of(entry), entry.namespace) : []
    },
    about: by(SUBJECT),
    onNode: by(NODE),
    selectedBy(selector) {
      const wanted = store.view({ namespace: namespace || undefined })
      return here(wanted).filter(({ labels }) => selector.matches(labels))
    },
  }
}

/** Looks through objects that were read once. */
function amongRows(rows: readonly Row[]): Related {
  const by = ({ compute }: NamedText) => {
    let index: Map<string, Row[]> | undefined
    return async (...values: readonly string[]) => {
      if (!index) {
        index = new Map()
        for (const row of rows) {
          for (const key of compute(row.object).split('\n')) {
            const found = index.get(key)
            if (found) found.push(row)
            else index.set(key, [row])
          }
        }
      }
      const found = index
      return values.flatMap((value) => (value && found.get(value)) || [])
    }
  }
  let byUid: Map<string, Row> | undefined
  return {
    all: () => [...rows],
    ownedBy: by(OWNER_UIDS),
    owners: async () =>
      owningAll(
        rows.map(({ object, namespace, uid }) => ({
          owners: OWNERS.compute(object),
          namespace,
          uid,
        })),
      ),
    ownersOf({ uid }) {
      byUid ??= new Map(rows.map((row) => [row.uid, row]))
      const row = byUid.get(uid)
      return row ? ownersAt(OWNERS.compute(row.object), row.namespace) : []
    },
    about: by(SUBJECT),
    onNode: by(NODE),
    selectedBy: (selector) => rows.filter(({ labels }) => selector.matches(labels)),
  }
}

/** What objects of a kind in a place have to do with others: one list at most, however many ask. */
export const related: Operation<Place & Reading, Related> = {
  name: 'objects.related',
  ofCluster: true,
  needs: (args) => objectAttributes('list', args),
  async run(scope, args) {
    demandPlace(args, true)
    const { info, live } = args
    if (!info.verbs.includes('list')) {
      throw new ApiError(405, 'MethodNotAllowed', `objects of kind ${info.kind} have no list`)
    }
    if (isCached(info) && !live) {
      return inStore(await scope.cluster.caches.store(info, scope.signal), args)
    }
    const { items } = await listWhole(scope, args)
    return amongRows(items.map(rowOf))
  },
}
