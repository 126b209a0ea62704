import type { KubeObject } from '../../kube/types.ts'
import { ApiError, notFound } from '../../lib/errors.ts'
import type { Operation } from '../operation.ts'
import { storeAttributes, type Place } from './names.ts'
import type { StoreDeps } from './stored.ts'

interface Schema {
  type?: string
  minimum?: number
  enum?: unknown[]
  properties?: Record<string, Schema>
  items?: Schema
}

interface Definition extends KubeObject {
  spec: {
    names: { kind: string; singular?: string }
    versions: {
      name: string
      served: boolean
      storage: boolean
      schema?: { openAPIV3Schema?: Schema }
    }[]
  }
}

const CRDS = {
  group: 'apiextensions.k8s.io',
  version: 'v1',
  resource: 'customresourcedefinitions',
}
const DEEPEST = 32

export type ExampleArgs = Place & { readonly app: string; readonly name: string }

/** An object of a kind with something in every member of its schema: a start for people who write one (§10.7). */
export function exampleObject(deps: StoreDeps): Operation<ExampleArgs, KubeObject> {
  return {
    name: 'application.example',
    needs: (args) => storeAttributes('get', 'apps', args, args.app, 'examplecr'),
    async run({ signal }, { name }) {
      const store = await deps.host.caches.store(CRDS, signal)
      const entry = store.get('', name)
      if (!entry) throw notFound(CRDS.group, 'CustomResourceDefinition', name)
      const { names, versions } = (entry.object as Definition).spec
      const version = versions.find(({ served, storage }) => served && storage)
      if (!version) throw new ApiError(500, 'InternalError', `${name} has no version to show`)
      const { spec, status } = version.schema?.openAPIV3Schema?.properties ?? {}
      return {
        apiVersion: version.name,
        kind: names.kind,
        metadata: { name: `${names.singular ?? ''}-set-your-own-name` },
        ...(spec ? { spec: example(spec, 0) } : {}),
        ...(status ? { status: example(status, 0) } : {}),
      }
    },
  }
}

function example(schema: Schema, depth: number): unknown {
  if (depth > DEEPEST) return null
  switch (schema.type) {
    case 'object': {
      const members = Object.entries(schema.properties ?? {})
      return Object.fromEntries(members.map(([key, of]) => [key, example(of, depth + 1)]))
    }
    case 'integer':
      return schema.minimum ?? 0
    case 'boolean':
      return false
    case 'array':
      return schema.items ? [example(schema.items, depth + 1)] : []
    case 'string': {
      const [first] = schema.enum ?? []
      return first === undefined ? '' : JSON.stringify(first)
    }
    default:
      return null
  }
}
