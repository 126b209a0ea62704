import type { KubeObject } from '../../kube/types.ts'
import { empty, obj, str, type Fields } from './schema.ts'

/** A printer column: title, JSON path, type (`string` unless told). */
export type Column = readonly [name: string, jsonPath: string, type?: string]

export interface CrdVersion {
  readonly name: string
  /** Fields beside apiVersion, kind and metadata; a trailing `*` marks a required one. */
  readonly fields: Fields
  readonly columns?: readonly Column[]
  /** Served for old clients only; every other version is the stored one. */
  readonly old?: boolean
}

export interface CrdKind {
  readonly group: string
  readonly kind: string
  readonly plural: string
  /** One sentence for `kubectl explain`. */
  readonly about: string
  readonly namespaced?: boolean
  readonly shortNames?: readonly string[]
  readonly categories?: readonly string[]
  readonly labels?: Readonly<Record<string, string>>
  readonly annotations?: Readonly<Record<string, string>>
  /** Has a `/status` subresource. */
  readonly status?: boolean
  readonly versions: readonly CrdVersion[]
}

export const age: Column = ['Age', '.metadata.creationTimestamp', 'date']

/** A column that shows label `key`, its dots escaped as JSON paths want them. */
export function labelColumn(name: string, key: string): Column {
  return [name, `.metadata.labels.${key.replaceAll('.', '\\.')}`]
}

/** The CustomResourceDefinition (apiextensions.k8s.io/v1) of one row of the table. */
export function crd(row: CrdKind): KubeObject {
  const singular = row.kind.toLowerCase()
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: {
      name: `${row.plural}.${row.group}`,
      ...(row.labels && { labels: { ...row.labels } }),
      ...(row.annotations && { annotations: { ...row.annotations } }),
    },
    spec: {
      group: row.group,
      scope: row.namespaced ? 'Namespaced' : 'Cluster',
      names: {
        kind: row.kind,
        listKind: `${row.kind}List`,
        plural: row.plural,
        singular,
        ...(row.shortNames && { shortNames: row.shortNames }),
        ...(row.categories && { categories: row.categories }),
      },
      versions: row.versions.map((version) => versionOf(row, version)),
    },
  }
}

function versionOf(row: CrdKind, version: CrdVersion): object {
  const columns = version.columns ?? []
  return {
    name: version.name,
    served: true,
    storage: !version.old,
    ...(version.old && { deprecated: true }),
    ...(row.status && { subresources: { status: {} } }),
    ...(columns.length > 0 && {
      additionalPrinterColumns: columns.map(([name, jsonPath, type = 'string']) => ({
        name,
        jsonPath,
        type,
      })),
    }),
    schema: {
      openAPIV3Schema: obj(
        { apiVersion: str, kind: str, metadata: empty, ...version.fields },
        { description: row.about },
      ),
    },
  }
}
