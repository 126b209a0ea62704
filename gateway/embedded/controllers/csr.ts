import { generateKeyPair, sign } from 'node:crypto'
import { promisify } from 'node:util'
import { bits, explicit, integer, oid, sequence, set, utf8 } from '../der.ts'

const commonName = '2.5.4.3'
const ecdsaWithSha256 = '1.2.840.10045.4.3.2'

export interface CertificateRequest {
  /** PEM, PKCS #8. */
  readonly key: string
  /** PEM. */
  readonly request: string
}

/** A new P-256 key and the request for a certificate with this common name and nothing else (RFC 2986). */
export async function certificateRequest(name: string): Promise<CertificateRequest> {
  const { privateKey, publicKey } = await promisify(generateKeyPair)('ec', { namedCurve: 'P-256' })
  const information = sequence(
    integer(Buffer.from([0])),
    sequence(set(sequence(oid(commonName), utf8(name)))),
    publicKey.export({ type: 'spki', format: 'der' }),
    explicit(0),
  )
  const request = sequence(
    information,
    sequence(oid(ecdsaWithSha256)),
    bits(sign('sha256', information, privateKey)),
  )
  const lines = request.toString('base64').match(/.{1,64}/g) ?? []
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
    request: `-----BEGIN CERTIFICATE REQUEST-----\n${lines.join('\n')}\n-----END CERTIFICATE REQUEST-----\n`,
  }
}
