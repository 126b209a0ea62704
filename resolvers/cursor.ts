import { createHash, createHmac, createSecretKey, randomBytes, timingSafeEqual } from 'node:crypto'
import { inputError } from './errors.ts'

/** Sort values, then namespace, name and uid: where an item stands in a total order. */
export type Position = readonly (string | number)[]

export interface Cursors {
  encode(binding: string, position: Position): string
  /** Throws BAD_USER_INPUT for text that was not written here, CURSOR_MISMATCH when it belongs to other arguments. */
  decode(binding: string, cursor: string): Position
}

const tagBytes = 12

/** A short hash of everything that fixes a list apart from paging; cursors are bound to it. */
export function bindingOf(...parts: unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 11)
}

/**
 * Opaque cursors: base64url of a keyset position with its binding, and an HMAC under a key of this deployment, so that
 * a cursor cannot be made up. Replicas that share `secret` read each other's cursors; without one the key is random.
 */
export function createCursors(secret: string): Cursors {
  const key = createSecretKey(
    secret ? createHmac('sha256', secret).update('ks-facade cursors').digest() : randomBytes(32),
  )
  const tag = (body: Buffer) =>
    createHmac('sha256', key).update(body).digest().subarray(0, tagBytes)

  return {
    encode(binding, position) {
      const body = Buffer.from(JSON.stringify([1, binding, ...position]), 'utf8')
      return Buffer.concat([tag(body), body]).toString('base64url')
    },
    decode(binding, cursor) {
      const bytes = Buffer.from(cursor, 'base64url')
      const body = bytes.subarray(tagBytes)
      const seal = bytes.subarray(0, tagBytes)
      if (seal.length < tagBytes || !timingSafeEqual(seal, tag(body))) {
        throw inputError('not a cursor of this graph')
      }
      const [, bound, ...position] = JSON.parse(body.toString('utf8')) as [
        number,
        string,
        ...Position,
      ]
      if (bound !== binding) {
        throw inputError('the cursor belongs to a list with other arguments', 'CURSOR_MISMATCH')
      }
      return position
    },
  }
}
