import { badRequest } from '../../gateway/lib/errors.ts'

/**
 * What Go's typed decoder makes of a decoded body: null leaves the zero value, another JSON type than the field's is an
 * error with Go's text (encoding/json `UnmarshalTypeError`). Handlers name the Go type where a recorded answer holds it.
 */

type Fields = Record<string, unknown>

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'array'
  return typeof value === 'boolean' ? 'bool' : typeof value
}

function mismatch(value: unknown, goType: string): Error {
  return badRequest(`json: cannot unmarshal ${kindOf(value)} into Go value of type ${goType}`)
}

/** The body as an object; null as an empty one. Throws ApiError 400. */
export function asStruct(body: unknown, goType: string): Fields {
  if (body === null || body === undefined) return {}
  if (typeof body !== 'object' || Array.isArray(body)) throw mismatch(body, goType)
  return body as Fields
}

/** The body as an array of objects; null stays null. Throws ApiError 400. */
export function asStructs(body: unknown, goType: string): Fields[] | null {
  if (body === null || body === undefined) return null
  if (!Array.isArray(body)) throw mismatch(body, `[]${goType}`)
  return body.map((item) => asStruct(item, goType))
}

/** The body as an array of strings. Throws ApiError 400. */
export function asStrings(body: unknown): string[] {
  if (body === null || body === undefined) return []
  if (!Array.isArray(body)) throw mismatch(body, '[]string')
  return body.map((item) => text(item, 'string'))
}

/** A string field; absent and null are the empty string. Throws ApiError 400. */
export function text(value: unknown, goType = 'string'): string {
  if (value === null || value === undefined) return ''
  if (typeof value !== 'string') throw mismatch(value, goType)
  return value
}

/**
 * The body as a Kubernetes object: metadata, spec and status are objects, labels and annotations maps of strings with
 * null as the empty string, groups of a User strings. Throws ApiError 400.
 */
export function asObject(body: unknown, goType: string): Fields {
  const object = { ...asStruct(body, goType) }
  for (const field of ['kind', 'apiVersion']) {
    if (field in object) object[field] = text(object[field])
  }
  for (const field of ['spec', 'status']) {
    if (field in object) object[field] = asStruct(object[field], goType)
  }
  if ('metadata' in object)
    object['metadata'] = metadata(asStruct(object['metadata'], 'v1.ObjectMeta'))
  return object
}

function metadata(of: Fields): Fields {
  const out = { ...of }
  for (const field of ['name', 'namespace', 'generateName', 'resourceVersion', 'uid']) {
    if (out[field] === null) delete out[field]
    else if (field in out) out[field] = text(out[field])
  }
  for (const field of ['labels', 'annotations']) {
    if (out[field] === null) delete out[field]
    else if (field in out) out[field] = stringMap(out[field])
  }
  return out
}

function stringMap(value: unknown): Record<string, string> {
  const map = asStruct(value, 'map[string]string')
  return Object.fromEntries(Object.entries(map).map(([key, item]) => [key, text(item)]))
}

/** A created object as the original shows it: without kind and apiVersion (iam-oauth.md §24.5). */
export function untyped(object: object): Fields {
  const { kind: _kind, apiVersion: _apiVersion, ...rest } = object as Fields
  return rest
}

/** An updated object with kind and apiVersion as the request body had them, absent if absent. */
export function typedAs(object: object, body: { kind?: string; apiVersion?: string }): Fields {
  return {
    ...(body.kind ? { kind: body.kind } : {}),
    ...(body.apiVersion ? { apiVersion: body.apiVersion } : {}),
    ...untyped(object),
  }
}

/** A boolean of a query as Go's strconv.ParseBool takes it; undefined for anything else. */
export function goBool(value: string): boolean | undefined {
  if (/^(1|t|T|TRUE|true|True)$/.test(value)) return true
  if (/^(0|f|F|FALSE|false|False)$/.test(value)) return false
  return undefined
}
