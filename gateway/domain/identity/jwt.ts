import { compactVerify, SignJWT, type JWTPayload } from 'jose'
import { unauthorized } from '../../lib/errors.ts'
import { formatDuration } from '../../lib/go-duration.ts'
import { decodeSegment } from './base64.ts'
import type { Claims } from './types.ts'

export interface JwtOptions {
  /** Raw bytes of `authentication.issuer.jwtSecret`. */
  secret: Uint8Array
  maximumClockSkewMs: number
  /** Epoch milliseconds. */
  now: () => number
}

export interface Jwt {
  /** HS256, keys in the order of pipeline.md §7.1, empty ones left out. */
  sign(claims: Claims): Promise<string>
  /** Signature and times. Throws ApiError 401 with the texts of pipeline.md §7.3. */
  verify(token: string): Promise<Claims>
  /** Signature only, whatever the times. Throws as `verify`. */
  authentic(token: string): Promise<Claims>
}

/** Verified tokens remembered, so that a session costs one signature check. */
const REMEMBERED = 5000

/** Algorithms that the original's library knows; only the first two may be used. */
const KNOWN = new Set(
  ['HS', 'RS', 'ES', 'PS'].flatMap((family) => [256, 384, 512].map((bits) => `${family}${bits}`)),
)
  .add('EdDSA')
  .add('none')
const VALID = new Set(['HS256', 'RS256'])

/** Signs and checks tokens with the shared secret. Source: RFC 7515, RFC 7519. */
export function createJwt(options: JwtOptions): Jwt {
  const { secret, now } = options
  const remembered = new Map<string, Claims>()

  async function authentic(token: string): Promise<Claims> {
    const known = remembered.get(token)
    if (known) return known
    const { alg, claims } = decode(token)
    // The original hands its private key to the RS256 verifier, so ID tokens never pass; they must not.
    if (alg === 'RS256') throw unauthorized('key is of invalid type')
    try {
      await compactVerify(token, secret, { algorithms: ['HS256'] })
    } catch (cause) {
      throw unauthorized('signature is invalid', cause)
    }
    if (remembered.size >= REMEMBERED) remembered.delete(remembered.keys().next().value ?? '')
    remembered.set(token, claims)
    return claims
  }

  return {
    sign: (claims) =>
      new SignJWT(orderedClaims(claims))
        .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
        .sign(secret),
    async verify(token) {
      const claims = await authentic(token)
      checkTimes(claims, now(), options.maximumClockSkewMs)
      return claims
    },
    authentic,
  }
}

const ORDER: readonly (keyof Claims)[] = [
  'iss',
  'sub',
  'aud',
  'exp',
  'nbf',
  'iat',
  'jti',
  'token_type',
  'username',
  'extra',
  'scopes',
  'url',
  'nonce',
  'email',
  'locale',
  'preferred_username',
  'sid',
  'client_id',
  'redirect_uri',
  'code_challenge',
]

/** Claims in wire order without the empty ones. */
export function orderedClaims(claims: Claims): JWTPayload {
  const payload: JWTPayload = {}
  for (const name of ORDER) {
    const value = claims[name]
    if (value === undefined || value === '' || (Array.isArray(value) && value.length === 0))
      continue
    if (name === 'extra' && Object.keys(value).length === 0) continue
    Object.assign(payload, { [name]: value })
  }
  return payload
}

function decode(token: string): { alg: string; claims: Claims } {
  const parts = token.split('.')
  if (parts.length !== 3) throw unauthorized('token contains an invalid number of segments')
  const [head = '', body = '', signature = ''] = parts
  const header = jsonOf(head)
  const claims = jsonOf(body)
  const { alg } = header
  if (typeof alg !== 'string') throw unauthorized('signing method (alg) is unspecified.')
  if (!KNOWN.has(alg)) throw unauthorized('signing method (alg) is unavailable.')
  if (!VALID.has(alg)) throw unauthorized(`signing method ${alg} is invalid`)
  bytesOf(signature)
  return { alg, claims: toClaims(claims) }
}

function bytesOf(segment: string): Buffer {
  const decoded = decodeSegment(segment)
  if ('bytes' in decoded) return decoded.bytes
  throw unauthorized(`illegal base64 data at input byte ${decoded.badByte}`)
}

function jsonOf(segment: string): Record<string, unknown> {
  const text = bytesOf(segment).toString('utf8')
  if (text === '') throw unauthorized('unexpected end of JSON input')
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    const first = /^\s*([^\s])/.exec(text)?.[1] ?? ''
    const looking = '{["'.includes(first)
      ? 'unexpected end of JSON input'
      : `invalid character '${first}' looking for beginning of value`
    throw unauthorized(looking, cause)
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw unauthorized('json: cannot unmarshal token segment into an object')
  }
  return value as Record<string, unknown>
}

const TEXTS = [
  'iss',
  'sub',
  'jti',
  'token_type',
  'username',
  'url',
  'nonce',
  'email',
  'locale',
  'preferred_username',
  'sid',
  'client_id',
  'redirect_uri',
  'code_challenge',
] as const
const TIMES = ['exp', 'nbf', 'iat'] as const

/** Known claims of the right type; a wrong type makes the token no good. */
function toClaims(json: Record<string, unknown>): Claims {
  const claims: Claims = {}
  for (const name of TEXTS) {
    const value = json[name]
    if (typeof value === 'string') claims[name] = value
    else if (value !== undefined && value !== null) throw mismatch(name)
  }
  for (const name of TIMES) {
    const value = json[name]
    if (typeof value === 'number') claims[name] = value
    else if (value !== undefined && value !== null) throw mismatch(name)
  }
  const { aud, scopes, extra } = json
  if (typeof aud === 'string') claims.aud = [aud]
  else if (isTexts(aud)) claims.aud = aud
  if (isTexts(scopes)) claims.scopes = scopes
  if (typeof extra === 'object' && extra !== null) {
    claims.extra = Object.fromEntries(
      Object.entries(extra).filter((pair): pair is [string, string[]] => isTexts(pair[1])),
    )
  }
  return claims
}

function mismatch(name: string) {
  return unauthorized(`json: cannot unmarshal claim ${name}`)
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}

/** No skew for `exp`; `iat` may lie `skew` milliseconds ahead. */
function checkTimes(claims: Claims, now: number, skew: number): void {
  const { exp, iat, nbf } = claims
  if (exp !== undefined && now >= exp * 1000) {
    throw unauthorized(`jwt: token is expired by ${formatDuration(now - exp * 1000)}`)
  }
  if (iat !== undefined && iat * 1000 > now + skew) {
    throw unauthorized(
      `jwt: token used before issued, iat:${goTime(iat * 1000)}, now:${goTime(now)}`,
    )
  }
  if (nbf !== undefined && nbf * 1000 > now + skew)
    throw unauthorized('jwt: token is not valid yet')
}

/** As Go prints a time in UTC. */
function goTime(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19).replace('T', ' ')} +0000 UTC`
}
