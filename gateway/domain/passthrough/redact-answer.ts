import type { KubeObject } from '../../kube/types.ts'
import { USERS } from '../names.ts'
import type { Attributes, OperationScope } from '../operation.ts'
import { redactorOf, type Redactor } from '../redact.ts'

/**
 * What is taken out of kube-apiserver's answers to this caller; undefined where all of it may be seen. Password hashes
 * are nobody's to see. Credentials that an object keeps for its own use are shown to whoever may replace them: without
 * them an update would lose them.
 */
export async function answerRedactor(
  scope: OperationScope,
  request: Attributes,
): Promise<Redactor | undefined> {
  const { apiGroup: group, resource } = request
  const redact = redactorOf({ group, resource })
  if (!redact || (group === USERS.group && resource === USERS.resource)) return redact
  const mayReplace = await scope.may({ ...request, verb: 'update', subresource: '' })
  return mayReplace ? undefined : redact
}

/**
 * An answer of kube-apiserver as `redact` leaves every object in it: one object, a list, a Table with objects, or a watch
 * event (`{type, object}`). What is no object comes back as it is.
 */
export function redactAnswer(value: unknown, redact: Redactor): unknown {
  if (!isObject(value)) return value
  const { items, rows, type, object } = value
  const inside = {
    ...(Array.isArray(items) ? { items: items.map((item) => redactAnswer(item, redact)) } : {}),
    ...(Array.isArray(rows) ? { rows: rows.map((row) => redactRow(row, redact)) } : {}),
    ...(typeof type === 'string' && isObject(object)
      ? { object: redactAnswer(object, redact) }
      : {}),
  }
  return redact({ ...value, ...inside } as unknown as KubeObject)
}

function redactRow(row: unknown, redact: Redactor): unknown {
  return isObject(row) ? { ...row, object: redactAnswer(row['object'], redact) } : row
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
