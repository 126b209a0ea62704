import type { ConfigDocument, ConfigSecrets } from '../config-secrets.ts'
import { OAuthError } from './errors.ts'
import type { OAuthClient } from './types.ts'

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

function toClient(document: ConfigDocument): OAuthClient {
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
