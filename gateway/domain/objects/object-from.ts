import type { KubeObject } from '../../kube/types.ts'
import { badRequest } from '../../lib/errors.ts'

/** An object out of a JSON value. Throws ApiError 400 for anything else. */
export function objectFrom(value: unknown): KubeObject & { apiVersion: string; kind: string } {
  const object = value as Partial<KubeObject> | null
  if (typeof object !== 'object' || object === null || Array.isArray(object)) {
    throw badRequest('an object is needed')
  }
  const { apiVersion, kind, metadata } = object
  if (typeof apiVersion !== 'string' || typeof kind !== 'string' || !apiVersion || !kind) {
    throw badRequest('the object needs apiVersion and kind')
  }
  if (typeof metadata !== 'object' || metadata === null || Array.isArray(metadata)) {
    throw badRequest('the object needs metadata')
  }
  for (const key of ['name', 'namespace'] as const) {
    const text: unknown = metadata[key]
    if (text !== undefined && typeof text !== 'string')
      throw badRequest(`metadata.${key} is no text`)
  }
  return { ...object, apiVersion, kind, metadata }
}
