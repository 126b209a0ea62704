const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration'

interface Loose {
  kind?: unknown
  items?: unknown
  metadata?: { annotations?: Record<string, string> }
  spec?: Record<string, unknown>
  [field: string]: unknown
}

/**
 * An answer of kube-apiserver about accounts without password hashes: one User, a list, a Table with objects, or a watch
 * event (`{type, object}`). What is no object of these comes back as it is. The argument is changed in place.
 */
export function redactUsers(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  const object = value as Loose
  if (Array.isArray(object.items)) for (const item of object.items) blank(item)
  if (Array.isArray(object['rows'])) {
    for (const row of object['rows'] as Loose[]) blank(row['object'])
  }
  if (typeof object['type'] === 'string' && object['object'] !== undefined) {
    redactUsers(object['object'])
  }
  blank(object)
  return value
}

function blank(value: unknown): void {
  if (typeof value !== 'object' || value === null) return
  const object = value as Loose
  if (object.spec && 'password' in object.spec) delete object.spec['password']
  const annotations = object.metadata?.annotations
  if (annotations && LAST_APPLIED in annotations) delete annotations[LAST_APPLIED]
}
