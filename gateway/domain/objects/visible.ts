import type { Entry } from '../../kube/api.ts'
import { hasWideInteger, parseWide } from '../../lib/wide-json.ts'
import type { KindInfo, KubeObject } from '../../kube/types.ts'
import { redactorOf } from '../redact.ts'
import type { Row } from '../selection/index.ts'

/** The object without password hashes and credentials of clusters. The argument is left as it is. */
export function visible(info: KindInfo, object: KubeObject): KubeObject {
  return redactorOf(info)?.(object) ?? object
}

/** A row that shows what may be shown, to filters and sort keys too: nobody finds out a hash by asking for it. */
export function rowOfEntry(info: KindInfo, entry: Entry): Row {
  const redact = redactorOf(info)
  return redact ? new RedactedRow(entry, redact) : entry
}

class RedactedRow implements Row {
  readonly namespace: string
  readonly name: string
  readonly uid: string
  readonly created: number
  readonly labels: Readonly<Record<string, string>>
  readonly #entry: Entry
  readonly #redact: (object: KubeObject) => KubeObject

  constructor(entry: Entry, redact: (object: KubeObject) => KubeObject) {
    this.namespace = entry.namespace
    this.name = entry.name
    this.uid = entry.uid
    this.created = entry.created
    this.labels = entry.labels
    this.#entry = entry
    this.#redact = redact
  }

  get annotations(): Readonly<Record<string, string>> {
    return this.object.metadata.annotations ?? {}
  }

  get object(): KubeObject {
    return this.#redact(this.#entry.object)
  }
}

/** As `rowOfEntry`, of many. */
export function visibleRows(info: KindInfo, entries: Iterable<Entry>): Row[] {
  const redact = redactorOf(info)
  return redact ? Array.from(entries, (entry) => new RedactedRow(entry, redact)) : [...entries]
}

/** The object of an entry as it may be shown, with every digit of its integers. Shared and not to be changed. */
export function objectOfEntry(info: KindInfo, entry: Entry): KubeObject {
  return visible(info, whole(entry))
}

/** An object of a watch cache with every digit of its integers. Shared and not to be changed. */
export function whole(entry: Entry): KubeObject {
  return (entry.wide ?? hasWideInteger(entry.json))
    ? (parseWide(entry.json) as KubeObject)
    : entry.object
}

/** The object of a row that a list of this kind gave, with every digit of its integers. */
export function objectOfRow(row: Row): KubeObject {
  return 'json' in row ? whole(row as Row & Entry) : row.object
}
