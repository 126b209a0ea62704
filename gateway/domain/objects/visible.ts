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
  if (!redact) return entry
  return {
    namespace: entry.namespace,
    name: entry.name,
    uid: entry.uid,
    created: entry.created,
    labels: entry.labels,
    get annotations() {
      return redact(entry.object).metadata.annotations ?? {}
    },
    get object() {
      return redact(entry.object)
    },
  }
}

/** As `rowOfEntry`, of many. */
export function visibleRows(info: KindInfo, entries: Iterable<Entry>): Row[] {
  return Array.from(entries, (entry) => rowOfEntry(info, entry))
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
