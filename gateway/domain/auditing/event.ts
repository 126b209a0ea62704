import { randomUUID } from 'node:crypto'
import { networkInterfaces } from 'node:os'
import { maskSecrets } from './mask.ts'
import type { AuditEvent, AuditFacts, AuditLevel } from './types.ts'

/** What events say about where they were recorded. */
export interface AuditPlace {
  readonly cluster: string
  readonly hostName: string
  readonly hostIP: string
}

/** The first IPv4 address of the machine that is not loopback; empty without one. */
export function hostAddress(): string {
  const all = Object.values(networkInterfaces()).flat()
  return all.find((one) => one?.family === 'IPv4' && !one.internal)?.address ?? ''
}

/**
 * The event of a request (pipeline.md §11), secrets masked. `workspace` is what the caller knows of it beyond the
 * request. A body that is no JSON is left out; the event stays.
 */
export function auditEvent(
  facts: AuditFacts,
  level: AuditLevel,
  place: AuditPlace,
  workspace: string,
): AuditEvent {
  const { asked, user } = facts
  const body = parsed(facts.requestBody)
  const aboutSecrets = asked.resource === 'secrets'
  const keepRequest = level !== 'Metadata'
  const response = level === 'RequestResponse' ? parsed(facts.responseBody) : undefined
  return {
    Workspace: asked.workspace || workspace,
    Cluster: place.cluster,
    Message: '',
    HostName: place.hostName,
    HostIP: place.hostIP,
    Level: level,
    AuditID: randomUUID(),
    Stage: 'ResponseComplete',
    RequestURI: asked.path,
    Verb: verbOf(facts, body),
    User: {
      username: user.name,
      ...(user.uid && { uid: user.uid }),
      ...(user.groups.length > 0 && { groups: user.groups }),
      ...(Object.keys(user.extra).length > 0 && { extra: user.extra }),
    },
    ImpersonatedUser: null,
    SourceIPs: [facts.sourceIP],
    UserAgent: facts.userAgent,
    ObjectRef: {
      Resource: asked.resource,
      Namespace: asked.namespace,
      Name: nameOf(facts, body),
      UID: '',
      APIGroup: asked.apiGroup,
      APIVersion: asked.apiVersion,
      ResourceVersion: asked.scope,
      Subresource: asked.subresource,
    },
    ResponseStatus: {
      metadata: {},
      ...(facts.status === undefined ? {} : { code: facts.status }),
    },
    RequestObject: keepRequest && body !== undefined ? maskSecrets(body, aboutSecrets) : null,
    ResponseObject: response === undefined ? null : maskSecrets(response, aboutSecrets),
    RequestReceivedTimestamp: microTime(facts.receivedAt),
    StageTimestamp: microTime(facts.completedAt),
    Annotations: facts.annotations ?? null,
  }
}

type Loose =
  { metadata?: { name?: unknown } | null; status?: { state?: unknown } | null } | null | undefined

/** Updates of accounts that change their state have verbs of their own. */
function verbOf({ asked }: AuditFacts, body: unknown): string {
  if (asked.verb !== 'update' || asked.resource !== 'users') return asked.verb
  const state = (body as Loose)?.status?.state
  return state === 'Active' ? 'enable' : state === 'Disabled' ? 'disable' : asked.verb
}

function nameOf({ asked }: AuditFacts, body: unknown): string {
  if (asked.verb !== 'create' || body === undefined) return asked.name
  const name = (body as Loose)?.metadata?.name
  return typeof name === 'string' ? name : ''
}

function parsed(bytes: Uint8Array | undefined): unknown {
  if (!bytes || bytes.length === 0) return undefined
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8')) as unknown
  } catch {
    return undefined
  }
}

function microTime(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '000Z')
}
