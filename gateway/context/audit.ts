import { REQUEST_ID } from '../domain/auditing/index.ts'
import type { Auditor } from '../domain/auditing/index.ts'
import { ApiError } from '../lib/errors.ts'
import type { Attributes, RequestContext } from './types.ts'

const WRITES = new Set(['create', 'update', 'patch', 'delete', 'deletecollection'])
const OPERATION = 'graph.ks-facade/operation'

/** What an operation writes, as far as its arguments say so. */
interface Written {
  readonly name?: unknown
  readonly object?: { readonly metadata?: { readonly name?: unknown } } | null
  readonly options?: { readonly dryRun?: unknown } | null
}

type Caller = Pick<RequestContext, 'user' | 'sourceIP' | 'userAgent' | 'now' | 'info' | 'requestId'>

/**
 * Runs an operation that the caller has been allowed, and records it where it writes: what, where and with which outcome,
 * never with what. What only tries is not recorded, as by REST. Throws what `run` throws.
 */
export async function audited<R>(
  auditor: Auditor | undefined,
  { user, sourceIP, userAgent, now, info, requestId }: Caller,
  of: { readonly operation: string; readonly asked: Attributes; readonly args: unknown },
  run: () => Promise<R>,
): Promise<R> {
  const written = (of.args ?? {}) as Written
  if (!auditor || !WRITES.has(of.asked.verb) || written.options?.dryRun === true) return run()
  const receivedAt = now()
  const name = of.asked.name || written.object?.metadata?.name || written.name
  const record = (status: number): void =>
    auditor.record({
      user,
      asked: { ...of.asked, path: info.path },
      sourceIP,
      userAgent,
      receivedAt,
      completedAt: now(),
      status,
      // Events of creations have their object's name out of a body.
      requestBody:
        of.asked.verb === 'create' && typeof name === 'string'
          ? Buffer.from(JSON.stringify({ metadata: { name } }))
          : undefined,
      annotations: { [OPERATION]: of.operation, [REQUEST_ID]: requestId },
    })
  try {
    const result = await run()
    record(200)
    return result
  } catch (error) {
    record(error instanceof ApiError ? error.code : 500)
    throw error
  }
}
