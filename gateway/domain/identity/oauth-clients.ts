import type { Logger } from 'pino'
import { parse } from 'yaml'
import type { ClusterAccess, Entry, GVR, Store } from '../../kube/api.ts'
import { OAuthError } from './errors.ts'
import type { OAuthClient } from './types.ts'

const SECRETS: GVR = { group: '', version: 'v1', resource: 'secrets' }
const SYSTEM_NAMESPACE = 'kubesphere-system'
const TYPE_LABEL = 'config.kubesphere.io/type'

export interface ConfigSecrets {
  /** Documents of the labelled Secrets of a kind, oldest first; those that cannot be read are left out and logged. */
  of(kind: 'oauthclient' | 'identityprovider'): Promise<Record<string, unknown>[]>
}

/** Configuration kept in Secrets of `kubesphere-system`: label and type must both name the kind (iam-oauth.md §10, §11). */
export function createConfigSecrets(
  host: Pick<ClusterAccess, 'caches'>,
  log: Logger,
): ConfigSecrets {
  let store: Store | undefined
  const parsed = new WeakMap<Entry, Record<string, unknown> | null>()
  const read = (entry: Entry): Record<string, unknown> | null => {
    const known = parsed.get(entry)
    if (known !== undefined) return known
    const document = documentOf(entry)
    if (!document) log.warn({ secret: entry.name }, 'configuration.yaml of a Secret cannot be read')
    parsed.set(entry, document)
    return document
  }
  return {
    async of(kind) {
      store ??= await host.caches.store(SECRETS)
      return [...store.withLabel(TYPE_LABEL, kind, SYSTEM_NAMESPACE)]
        .filter((entry) => entry.object.type === `config.kubesphere.io/${kind}`)
        .map(read)
        .filter((document) => document !== null)
    },
  }
}

function documentOf(entry: Entry): Record<string, unknown> | null {
  const data = entry.object.data as Record<string, string> | undefined
  try {
    const text = Buffer.from(data?.['configuration.yaml'] ?? '', 'base64').toString('utf8')
    const document: unknown = parse(text, { maxAliasCount: 20 })
    return typeof document === 'object' && document !== null && !Array.isArray(document)
      ? (document as Record<string, unknown>)
      : null
  } catch {
    return null
  }
}

export interface OAuthClients {
  list(): Promise<OAuthClient[]>
  /** Throws OAuthError 400 `invalid_client`. */
  get(clientId: string): Promise<OAuthClient>
}

export function createOAuthClients(secrets: ConfigSecrets): OAuthClients {
  const list = async () =>
    (await secrets.of('oauthclient')).map(toClient).filter(({ name }) => name !== '')
  return {
    list,
    async get(clientId) {
      const found = (await list()).find(({ name }) => name === clientId)
      if (found) return found
      const description = 'The provided client_id is invalid or does not exist.'
      throw new OAuthError(400, 'invalid_client', description)
    },
  }
}

function toClient(document: Record<string, unknown>): OAuthClient {
  return {
    name: text(document.name),
    secret: text(document.secret),
    trusted: document.trusted === true,
    grantMethod: text(document.grantMethod),
    respondWithChallenges: document.respondWithChallenges === true,
    scopeRestrictions: texts(document.scopeRestrictions),
    redirectURIs: texts(document.redirectURIs),
    accessTokenMaxAgeSeconds: Number(document.accessTokenMaxAgeSeconds) || 0,
    accessTokenInactivityTimeoutSeconds: Number(document.accessTokenInactivityTimeoutSeconds) || 0,
  }
}

function text(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}

function texts(value: unknown): string[] {
  return Array.isArray(value)
    ? value.filter((item): item is string => typeof item === 'string')
    : []
}
