import type { GraphQLSchema } from 'graphql'
import type { GVR } from '../gateway/kube/types.ts'
import type { ResourceObject } from './models.ts'
import type { KindNames } from './dynamic/names.ts'

/** Which kinds a schema has types for. */
export interface KindIndex {
  names(of: GVR): KindNames | undefined
  /** Why a served kind has no type. */
  error(of: GVR): string | undefined
}

const none: KindIndex = { names: () => undefined, error: () => undefined }

/** The kinds of a schema: whatever a request runs on, it sees those of its own. */
export function kindIndexOf({ extensions }: GraphQLSchema): KindIndex {
  return (extensions['kinds'] as KindIndex | undefined) ?? none
}

/** The name of the type that an object has in a schema. */
export function objectTypeName(schema: GraphQLSchema, { info }: ResourceObject): 'GenericObject' {
  // The generated types know the hand-written schema alone.
  return (kindIndexOf(schema).names(info)?.type ?? 'GenericObject') as 'GenericObject'
}
