import { createRemoteJWKSet, customFetch, decodeJwt, jwtVerify, type JWTPayload } from 'jose'
import type { Upstream } from './upstream.ts'

export interface IdTokenRules {
  /** Empty when the provider is configured by its endpoints alone: then it is not checked. */
  readonly issuer: string
  readonly clientID: string
  /** Empty when no keys are published. */
  readonly jwksURL: string
  /** That the provider says it signs with; empty where it says nothing. */
  readonly algorithms: readonly string[]
  /** Epoch milliseconds. */
  readonly now: () => number
}

/** Signatures of a key pair; a shared secret is never taken for one. */
const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
]
/** Seconds that `nbf` may lie ahead. */
const LEEWAY = 300

/**
 * Checks an ID token that the token endpoint gave us: OpenID Connect Core §3.1.3.7. Where no keys are published the
 * signature is left to the connection it came over (same section, rule 6). Throws Error.
 */
export function createIdTokenVerifier(
  upstream: Upstream,
  rules: IdTokenRules,
): (token: string) => Promise<JWTPayload> {
  const { issuer, clientID, jwksURL, now } = rules
  const said = ALGORITHMS.filter((name) => rules.algorithms.includes(name))
  const algorithms = said.length > 0 ? said : ALGORITHMS
  const keys = jwksURL
    ? createRemoteJWKSet(new URL(jwksURL), {
        // jose asks with headers and a timeout of its own; ours bounds and closes what it reaches.
        [customFetch]: async (url, { signal }) => {
          const { status, text } = await upstream.call(url, { signal })
          return new Response(text, { status })
        },
      })
    : undefined

  async function payloadOf(token: string): Promise<JWTPayload> {
    if (!keys) return decodeJwt(token)
    const { payload } = await jwtVerify(token, keys, {
      algorithms,
      clockTolerance: LEEWAY,
      currentDate: new Date(now()),
    })
    return payload
  }

  return async (token) => {
    let payload: JWTPayload
    try {
      payload = await payloadOf(token)
    } catch (cause) {
      throw new Error('the id_token does not verify', { cause })
    }
    const { iss, aud, exp, nbf, azp } = payload
    const audience = typeof aud === 'string' ? [aud] : (aud ?? [])
    if (issuer && iss !== issuer) throw new Error('the id_token is of another issuer')
    if (!audience.includes(clientID)) throw new Error('the id_token is for another client')
    if ((audience.length > 1 || azp !== undefined) && azp !== clientID) {
      throw new Error('the id_token is for another client')
    }
    if (typeof exp !== 'number' || now() >= exp * 1000) throw new Error('the id_token is expired')
    if (typeof nbf === 'number' && now() < (nbf - LEEWAY) * 1000) {
      throw new Error('the id_token is not valid yet')
    }
    return payload
  }
}
