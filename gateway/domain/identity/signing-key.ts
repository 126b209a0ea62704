import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { compactVerify, SignJWT } from 'jose'
import { ConfigError } from '../../config/index.ts'
import { orderedClaims } from './jwt.ts'
import type { Claims } from './types.ts'

export interface SigningKey {
  /** Decimal FNV-1a-32 of the PEM bytes. */
  readonly kid: string
  /** RS256 with `kid`. */
  sign(claims: Claims): Promise<string>
  /** Claims of a token that this key signed, however old; undefined for anything else. */
  signed(token: string): Promise<Claims | undefined>
  /** The public key as RFC 7517 has it, members in the original's order. */
  readonly jwk: Record<string, string>
}

/**
 * The RSA key of ID tokens: PEM file `signKey`, else base64 of PEM `signKeyData`, else a fresh 2048-bit key, which other
 * replicas do not have. Throws ConfigError for a key that cannot be read or is not RSA.
 */
export async function loadSigningKey(of: {
  signKey: string
  signKeyData: string
}): Promise<SigningKey> {
  const pem = await pemOf(of)
  let key: KeyObject
  try {
    key = createPrivateKey(pem)
  } catch (cause) {
    throw new ConfigError('authentication.issuer.signKey holds no private key in PEM', { cause })
  }
  if (key.asymmetricKeyType !== 'rsa') {
    throw new ConfigError(
      `authentication.issuer.signKey is ${key.asymmetricKeyType}, RSA is wanted`,
    )
  }
  const kid = String(fnv1a(pem))
  const publicKey = createPublicKey(key)
  const { n = '', e = '' } = publicKey.export({ format: 'jwk' })
  return {
    kid,
    jwk: { use: 'sig', kty: 'RSA', kid, alg: 'RS256', n, e },
    sign: (claims) =>
      new SignJWT(orderedClaims(claims))
        .setProtectedHeader({ alg: 'RS256', kid, typ: 'JWT' })
        .sign(key),
    async signed(token) {
      try {
        const { payload } = await compactVerify(token, publicKey, { algorithms: ['RS256'] })
        return JSON.parse(Buffer.from(payload).toString('utf8')) as Claims
      } catch {
        return undefined
      }
    },
  }
}

async function pemOf(of: { signKey: string; signKeyData: string }): Promise<Buffer> {
  if (of.signKey) {
    try {
      return await readFile(of.signKey)
    } catch (cause) {
      throw new ConfigError(`authentication.issuer.signKey: ${(cause as Error).message}`, { cause })
    }
  }
  if (of.signKeyData) return Buffer.from(of.signKeyData, 'base64')
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 })
  return Buffer.from(privateKey.export({ type: 'pkcs1', format: 'pem' }))
}

/** 32-bit FNV-1a. Source: RFC 9923. */
function fnv1a(bytes: Uint8Array): number {
  let hash = 0x811c9dc5
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0
  return hash
}
