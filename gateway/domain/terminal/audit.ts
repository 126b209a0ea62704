import type { AuditFacts } from '../auditing/index.ts'
import type { Attributes } from '../operation.ts'
import type { TerminalCaller, TerminalEvent } from './types.ts'

const PREFIX = 'terminal.ks-facade/'

/**
 * A terminal's event as the audit trail records it. Its verb is `open`, `close`, `upload` or `download`, on what the
 * caller was let in by; what a request cannot say is in the annotations. `at` in epoch milliseconds.
 */
export function terminalFacts(
  event: TerminalEvent,
  caller: TerminalCaller,
  asked: Attributes,
  at: number,
): AuditFacts {
  const { type, session, target, path, sent, received, why, message } = event
  const said = { session, target, path, sent, received, why, message }
  const annotations: Record<string, string> = {}
  for (const [key, value] of Object.entries(said)) {
    if (value !== undefined && value !== '') annotations[PREFIX + key] = String(value)
  }
  return {
    user: caller.user,
    asked: { ...(caller.entry ?? asked), verb: type },
    sourceIP: caller.sourceIP,
    userAgent: caller.userAgent ?? '',
    receivedAt: at - (event.took ?? 0),
    completedAt: at,
    annotations,
  }
}
