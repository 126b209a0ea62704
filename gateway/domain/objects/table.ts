import { resourcePath } from '../../kube/types.ts'
import { ApiError } from '../../lib/errors.ts'
import type { Operation } from '../operation.ts'
import { demandPlace, objectAttributes } from './address.ts'
import type { LivePageArgs } from './live.ts'

/** A column that the API server shows of a kind (metav1.TableColumnDefinition). */
export interface TableColumn {
  readonly name: string
  readonly type: string
  readonly format: string
  readonly description: string
  /** 0 for what is always shown; the more, the sooner it is left out. */
  readonly priority: number
}

export interface TableRow {
  readonly namespace: string
  readonly name: string
  /** One for each column: text, number, boolean or null. */
  readonly cells: readonly unknown[]
}

export interface Table {
  readonly columns: readonly TableColumn[]
  readonly rows: readonly TableRow[]
  readonly resourceVersion: string
  /** Empty text on the last page. */
  readonly continue: string
  /** Rows behind this page, where the API server knows. */
  readonly remaining: number | undefined
}

/** `meta.k8s.io/v1` Table as far as it is read. */
interface SentTable {
  readonly kind?: string
  readonly metadata?: { resourceVersion?: string; continue?: string; remainingItemCount?: number }
  readonly columnDefinitions?: readonly Partial<TableColumn>[]
  readonly rows?: readonly {
    readonly cells: readonly unknown[]
    readonly object?: {
      readonly metadata?: { readonly namespace?: string; readonly name?: string }
    }
  }[]
}

const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io'

/**
 * Objects as the rows that the API server makes of them for those who know nothing of the kind (Kubernetes API concepts,
 * "Receiving resources as Tables"). Throws ApiError 406 where the kind has no such form, 410 for a token that is too old.
 */
export const table: Operation<LivePageArgs, Table> = {
  name: 'objects.table',
  ofCluster: true,
  needs: (args) => objectAttributes('list', args),
  async run({ cluster, signal }, args) {
    demandPlace(args, true)
    const { info, namespace, limit, labelSelector, fieldSelector } = args
    if (!info.verbs.includes('list')) {
      throw new ApiError(405, 'MethodNotAllowed', `objects of kind ${info.kind} have no list`)
    }
    const sent = await cluster.client.json<SentTable>({
      path: resourcePath(info, { namespace: namespace || undefined }),
      query: { limit, labelSelector, fieldSelector, continue: args.continue },
      headers: { accept },
      signal,
    })
    if (sent.kind !== 'Table') {
      throw new ApiError(406, 'NotAcceptable', `objects of kind ${info.kind} have no table`)
    }
    const { metadata = {}, columnDefinitions = [], rows = [] } = sent
    return {
      columns: columnDefinitions.map(
        ({ name = '', type = 'string', format = '', description = '', priority = 0 }) => ({
          name,
          type,
          format,
          description,
          priority,
        }),
      ),
      rows: rows.map(({ cells, object }) => ({
        namespace: object?.metadata?.namespace ?? '',
        name: object?.metadata?.name ?? '',
        cells,
      })),
      resourceVersion: metadata.resourceVersion ?? '',
      continue: metadata.continue ?? '',
      remaining: metadata.remainingItemCount,
    }
  },
}
