import { goJson } from '../../gateway/lib/go-json.ts'
import type { Reply } from '../routes/registry.ts'

/** What go-restful writes on success: no charset. */
const JSON_TYPE = { 'content-type': 'application/json' }

/**
 * A handler's success: JSON with one space a level, Go escapes, no newline at the end (pipeline.md §3).
 * `undefined` and `null` are Go's nil: the status alone, no body, no Content-Type.
 */
export function json(value: unknown, status = 200): Reply {
  if (value === undefined || value === null) return { status }
  return { status, headers: JSON_TYPE, body: goJson(value, 1) }
}

/** Only a status line: what a handler that writes nil, or nothing, answers. */
export function empty(status = 200): Reply {
  return { status }
}

/** Family J of resources-tenant.md §1.2: `{"message": …}`. */
export function jsonMessage(status: number, message: string): Reply {
  return json({ message }, status)
}

/** Any reply with headers added (lower-case names). */
export function withHeaders(reply: Reply, headers: Record<string, string | string[]>): Reply {
  return { ...reply, headers: { ...reply.headers, ...headers } }
}
