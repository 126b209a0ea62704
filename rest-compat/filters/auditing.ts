import { attributesOf } from '../../gateway/context/index.ts'
import type { RequestInfo } from '../../gateway/context/types.ts'
import { REQUEST_ID } from '../../gateway/domain/auditing/index.ts'
import type { AuditLevel, Auditor } from '../../gateway/domain/auditing/index.ts'
import { parseQuery } from '../../gateway/lib/go-url.ts'
import { tapResponse, type BodyTap } from './body-tap.ts'
import { header } from './exchange.ts'
import type { Exchange, Layer } from './exchange.ts'

/**
 * Layer 5 (pipeline.md §11): what passed authorization is recorded once it is over. The body of a request is looked at
 * where the level asks for it, for the name of what is created and for the state of an account.
 */
export function auditingLayer(auditor: Auditor): Layer {
  return {
    name: 'auditing',
    run(x) {
      const { info, user } = x.ctx
      if (isDryRun(x, info)) return undefined
      const answered = auditor.level === 'RequestResponse' && x.res ? tapResponse(x.res) : undefined
      const wanted = wantsBody(auditor.level, info) ? x.body : undefined
      x.body = undefined
      // Taken now: a proxy may change what the exchange says later.
      const asked = attributesOf(info)
      x.whenOver(() =>
        auditor.record({
          user,
          asked,
          sourceIP: info.sourceIP,
          userAgent: info.userAgent,
          receivedAt: x.receivedAt,
          completedAt: x.app.now(),
          status: statusOf(x),
          requestBody: wanted?.bytes(),
          responseBody: jsonOf(x, answered),
          annotations: x.scope && { [REQUEST_ID]: x.scope.id },
        }),
      )
      return undefined
    },
  }
}

/** Whether a body that is on its way may be of interest later. */
export function mayBeAudited(x: Exchange): boolean {
  return x.app.auditor !== undefined && Number(header(x.headers, 'content-length')) > 0
}

function wantsBody(level: AuditLevel, info: RequestInfo): boolean {
  if (level !== 'Metadata' || info.verb === 'create') return true
  return info.verb === 'update' && info.resource === 'users'
}

function isDryRun(x: Exchange, info: RequestInfo): boolean {
  if (!info.isKubernetesRequest || !x.rawQuery.includes('dryRun')) return false
  return parseQuery(x.rawQuery).some(([key, value]) => key === 'dryRun' && value !== '')
}

function statusOf(x: Exchange): number | undefined {
  if (x.upgrade) return x.socketStatus || undefined
  return x.res?.headersSent ? x.res.statusCode : undefined
}

/** What was answered, where it is plain JSON: a compressed body or a stream of events is left out. */
function jsonOf(x: Exchange, tap: BodyTap | undefined): Uint8Array | undefined {
  if (!tap || !x.res || x.res.getHeader('content-encoding')) return undefined
  return tap.bytes()
}
