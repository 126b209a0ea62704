import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  randomBytes,
  sign,
  X509Certificate,
  type KeyObject,
} from 'node:crypto'
import { isIPv4 } from 'node:net'
import {
  bits,
  boolean,
  explicit,
  implicit,
  integer,
  octets,
  oid,
  sequence,
  set,
  time,
  utf8,
} from './der.ts'

/** A certificate and its private key as PEM. */
export interface KeyPair {
  cert: string
  key: string
}

export interface LeafOptions {
  commonName: string
  /** Kubernetes reads them as groups of a client. */
  organizations?: string[]
  /** DNS names and IPv4 addresses that the certificate serves; a client certificate has none. */
  hosts?: string[]
  now: Date
}

const day = 24 * 60 * 60 * 1000
const ecdsaWithSha256 = sequence(oid('1.2.840.10045.4.3.2'))

function distinguishedName(commonName: string, organizations: string[] = []): Buffer {
  const attribute = (type: string, value: string) => set(sequence(oid(type), utf8(value)))
  return sequence(
    ...organizations.map((name) => attribute('2.5.4.10', name)),
    attribute('2.5.4.3', commonName),
  )
}

function extension(type: string, critical: boolean, value: Buffer): Buffer {
  return sequence(oid(type), ...(critical ? [boolean(true)] : []), octets(value))
}

function alternativeNames(hosts: string[]): Buffer {
  const names = hosts.map((host) =>
    isIPv4(host)
      ? implicit(7, Buffer.from(host.split('.').map(Number)))
      : implicit(2, Buffer.from(host, 'ascii')),
  )
  return extension('2.5.29.17', false, sequence(...names))
}

/** RFC 5280 §4.2.1.2 (1), but over the whole SubjectPublicKeyInfo, which any unique value may stand in for. */
function keyIdentifier(key: KeyObject): Buffer {
  return createHash('sha1')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest()
}

interface Body {
  issuer: Buffer
  subject: Buffer
  publicKey: KeyObject
  days: number
  extensions: Buffer[]
  now: Date
}

/** A signed X.509 v3 certificate (RFC 5280 §4.1) as PEM. Valid from an hour before `now`, for clocks that differ. */
function certificate(body: Body, signer: KeyObject): string {
  const serial = randomBytes(16)
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40
  const identifiers = [
    extension('2.5.29.14', false, octets(keyIdentifier(body.publicKey))),
    extension('2.5.29.35', false, sequence(implicit(0, keyIdentifier(createPublicKey(signer))))),
  ]
  const toBeSigned = sequence(
    explicit(0, integer(Buffer.from([2]))),
    integer(serial),
    ecdsaWithSha256,
    body.issuer,
    sequence(
      time(new Date(body.now.getTime() - day / 24)),
      time(new Date(body.now.getTime() + body.days * day)),
    ),
    body.subject,
    body.publicKey.export({ type: 'spki', format: 'der' }),
    explicit(3, sequence(...body.extensions, ...identifiers)),
  )
  const signature = sign('sha256', toBeSigned, signer)
  const der = sequence(toBeSigned, ecdsaWithSha256, bits(signature))
  const lines = der.toString('base64').replace(/.{64}/g, '$&\n').trimEnd()
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`
}

function newKey(): { privateKey: KeyObject; publicKey: KeyObject; pem: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  return {
    privateKey,
    publicKey,
    pem: privateKey.export({ type: 'pkcs8', format: 'pem' }),
  }
}

/** A self-signed authority named `commonName`, valid for ten years. */
export function createAuthority(commonName: string, now: Date): KeyPair {
  const { privateKey, publicKey, pem } = newKey()
  const name = distinguishedName(commonName)
  const cert = certificate(
    {
      issuer: name,
      subject: name,
      publicKey,
      days: 3650,
      now,
      extensions: [
        extension('2.5.29.19', true, sequence(boolean(true))),
        // keyCertSign, cRLSign, digitalSignature
        extension('2.5.29.15', true, bits(Buffer.from([0x86]), 1)),
      ],
    },
    privateKey,
  )
  return { cert, key: pem }
}

/** A certificate of `authority` for a client and, where `hosts` is given, a server; valid for a year. */
export function issue(authority: KeyPair, authorityName: string, options: LeafOptions): KeyPair {
  const { publicKey, pem } = newKey()
  const usages = [oid('1.3.6.1.5.5.7.3.2')]
  if (options.hosts) usages.push(oid('1.3.6.1.5.5.7.3.1'))
  const cert = certificate(
    {
      issuer: distinguishedName(authorityName),
      subject: distinguishedName(options.commonName, options.organizations),
      publicKey,
      days: 365,
      now: options.now,
      extensions: [
        // digitalSignature
        extension('2.5.29.15', true, bits(Buffer.from([0x80]), 7)),
        extension('2.5.29.37', false, sequence(...usages)),
        ...(options.hosts ? [alternativeNames(options.hosts)] : []),
      ],
    },
    createPrivateKey(authority.key),
  )
  return { cert, key: pem }
}

/** An RSA key for service-account tokens (RS256, as every Kubernetes installer makes it), as PEM. */
export function serviceAccountKey(): string {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  return privateKey.export({ type: 'pkcs8', format: 'pem' })
}

/** Whether `pair` holds an authority that still signs for at least a year after `now`, and the key that belongs to it. */
export function isUsable(pair: KeyPair, now: Date): boolean {
  try {
    const cert = new X509Certificate(pair.cert)
    const key = createPublicKey(createPrivateKey(pair.key))
    return cert.publicKey.equals(key) && Date.parse(cert.validTo) > now.getTime() + 366 * day
  } catch {
    return false
  }
}
