import type { Kind } from '../app/kinds.ts'
import type { ManagedFields } from './edit.ts'

/** Whom the fields belong to that somebody applies on this page. */
export const MANAGER = 'ks-facade-explorer'

const fields = `id
    yaml
    metadata {
      uid
      resourceVersion
      managedFields {
        manager
        operation
        subresource
        fieldsV1
      }
    }`

export const objectDocument = `query Object($ref: ObjectRef!) {
  resource(ref: $ref) {
    ${fields}
  }
}`

export interface Fetched {
  readonly id: string
  readonly yaml: string
  readonly metadata: {
    readonly uid: string
    readonly resourceVersion: string
    readonly managedFields: readonly ManagedFields[]
  }
}

export interface ObjectAnswer {
  readonly resource: Fetched | null
}

export const applyDocument = `mutation Apply($object: JSON!, $options: ApplyOptionsInput!) {
  applyResource(object: $object, options: $options) {
    changed
    warnings
    conflicts {
      field
      manager
      message
    }
    object {
      yaml
    }
  }
}`

export interface Applied {
  readonly applyResource: {
    readonly changed: boolean
    readonly warnings: readonly string[]
    readonly conflicts: readonly {
      readonly field: string
      readonly manager: string | null
      readonly message: string
    }[]
    readonly object: { readonly yaml: string } | null
  }
}

export const eventsDocument = `query Events($ref: ObjectRef!) {
  resource(ref: $ref) {
    events(first: 50) {
      nodes {
        id
        ... on Event {
          type
          reason
          message
          count
          lastTimestamp
        }
      }
    }
  }
}`

export interface EventsAnswer {
  readonly resource: {
    readonly events: {
      readonly nodes: readonly {
        readonly id: string
        readonly type?: string | null
        readonly reason?: string | null
        readonly message?: string | null
        readonly count?: number | null
        readonly lastTimestamp?: string | null
      }[]
    } | null
  } | null
}

/** The subscription that tells of changes of one object, or nothing where its kind cannot be watched. */
export function objectChangesDocument({ listField, watchField, allowed }: Kind): string {
  if (!allowed.includes('watch') || (listField && !watchField)) return ''
  return `subscription ObjectChanged(
  $kind: KindRef!
  $cluster: String
  $namespaces: [String!]
  $filter: ResourceFilter
) {
  change: resourcesChanged(
    kind: $kind
    cluster: $cluster
    namespaces: $namespaces
    filter: $filter
    initial: false
  ) {
    type
    object {
      metadata {
        resourceVersion
      }
    }
  }
}`
}
