/**
 * A small language for structural schemas (apiextensions.k8s.io/v1 `openAPIV3Schema`). Everything here is plain
 * data: a schema is a JSON object, and a key that ends in `*` in `obj` is a required field.
 */
export type Schema = Readonly<Record<string, unknown>>
export type Fields = Readonly<Record<string, Schema>>

export const str: Schema = { type: 'string' }
export const int: Schema = { type: 'integer' }
export const int32: Schema = { type: 'integer', format: 'int32' }
export const bool: Schema = { type: 'boolean' }
/** RFC 3339 text. */
export const time: Schema = { type: 'string', format: 'date-time' }
/** Base64 text. */
export const bytes: Schema = { type: 'string', format: 'byte' }
/** An object without known fields: whatever is in it is pruned. */
export const empty: Schema = { type: 'object' }
/** An object that keeps every field. */
export const free: Schema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true }
/** A whole Kubernetes object inside another one. */
export const embedded: Schema = { ...free, 'x-kubernetes-embedded-resource': true }

/** An object of the given fields; `extra` holds further schema keywords. */
export function obj(fields: Fields, extra: Schema = {}): Schema {
  const properties: Record<string, Schema> = {}
  const required: string[] = []
  for (const [key, schema] of Object.entries(fields)) {
    const name = key.replace(/\*$/, '')
    properties[name] = schema
    if (name !== key) required.push(name)
  }
  return { type: 'object', properties, ...(required.length > 0 && { required }), ...extra }
}

/** An object that is replaced as a whole by a patch. */
export function atom(fields: Fields): Schema {
  return obj(fields, { 'x-kubernetes-map-type': 'atomic' })
}

export function list(items: Schema, extra: Schema = {}): Schema {
  return { type: 'array', items, ...extra }
}

/** A list that is replaced as a whole by a patch. */
export function atoms(items: Schema): Schema {
  return list(items, { 'x-kubernetes-list-type': 'atomic' })
}

/** A list without duplicates. */
export function set(items: Schema): Schema {
  return list(items, { 'x-kubernetes-list-type': 'set' })
}

/** A list of objects told apart by `key`. */
export function listMap(key: string, items: Schema): Schema {
  return list(items, { 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': [key] })
}

export function map(values: Schema): Schema {
  return { type: 'object', additionalProperties: values }
}

/** Text by language, such as `displayName`. */
export const locales: Schema = map(str)

/** `metav1.LabelSelector`. */
export const labelSelector: Schema = atom({
  matchExpressions: atoms(obj({ 'key*': str, 'operator*': str, values: atoms(str) })),
  matchLabels: map(str),
})

/** `metav1.Condition`; the patterns are those of its Kubernetes definition. */
export const conditions: Schema = list(
  obj({
    'type*': {
      ...str,
      maxLength: 316,
      pattern:
        '^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])$',
    },
    'status*': { ...str, enum: ['True', 'False', 'Unknown'] },
    observedGeneration: { type: 'integer', format: 'int64', minimum: 0 },
    'lastTransitionTime*': time,
    'reason*': {
      ...str,
      minLength: 1,
      maxLength: 1024,
      pattern: '^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$',
    },
    'message*': { ...str, maxLength: 32768 },
  }),
)

/** `corev1.ObjectReference`. */
export const objectReference: Fields = {
  apiVersion: str,
  fieldPath: str,
  kind: str,
  name: str,
  namespace: str,
  resourceVersion: str,
  uid: str,
}

/** A Kubernetes quantity: number or text. */
export const quantity: Schema = {
  anyOf: [{ type: 'integer' }, { type: 'string' }],
  'x-kubernetes-int-or-string': true,
  pattern:
    '^(\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))))?$',
}
