import { createHash } from 'node:crypto'
import { jsonObject, RegistryError, type Step } from './errors.ts'
import { refused } from './http.ts'
import { referenceText, type Reference } from './reference.ts'
import type { Session } from './session.ts'

const INDEXES = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
]
const MANIFESTS = [
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
]
const ACCEPT = [...MANIFESTS, ...INDEXES].join(',')

/** Bytes of a manifest, and of a configuration: registries take no longer manifests. */
const LONGEST = 4 * 1024 * 1024
/** How deep an index may hold another one. */
const DEEPEST = 3
/** The platform that is described. */
const OS = 'linux'
const ARCHITECTURE = 'amd64'

type Json = Readonly<Record<string, unknown>>

/** An image for linux/amd64 as a registry has it. */
export interface Image {
  readonly reference: Reference
  /** Of the image itself, never an index. */
  readonly manifest: Json
  /** The document that the manifest's `config` names. */
  readonly config: Json
}

/**
 * Manifest and configuration of an image (OCI image specification; Docker's image manifest version 2, schema 2): of an
 * index or a manifest list the image for linux/amd64. Everything is what its digest says. Throws RegistryError.
 */
export async function readImage(session: Session, reference: Reference): Promise<Image> {
  const manifest = await imageManifest(session, reference)
  const { digest, size } = descriptor('manifest', manifest['config'])
  const path = `/v2/${reference.repository}/blobs/${digest}`
  const answer = await session.get({ step: 'blob', path, accept: '*/*', limit: LONGEST })
  if (answer.status !== 200) throw refused('blob', new URL(path, session.origin), answer)
  verifyDigest('blob', answer.body, digest)
  if (size !== undefined && size !== answer.body.length) {
    throw new RegistryError('blob', `the blob ${digest} has another size than its manifest says`)
  }
  return { reference, manifest, config: jsonObject('blob', answer.body) }
}

async function imageManifest(session: Session, reference: Reference): Promise<Json> {
  let { version, digest } = reference
  for (let depth = 0; depth <= DEEPEST; depth++) {
    const path = `/v2/${reference.repository}/manifests/${version}`
    const answer = await session.get({ step: 'manifest', path, accept: ACCEPT, limit: LONGEST })
    if (answer.status !== 200) throw refused('manifest', new URL(path, session.origin), answer)
    if (digest !== undefined) verifyDigest('manifest', answer.body, digest)
    const manifest = jsonObject('manifest', answer.body)
    const type = mediaType(manifest, answer.headers['content-type'])
    if (MANIFESTS.includes(type)) return manifest
    if (!INDEXES.includes(type)) {
      throw new RegistryError('manifest', `unsupported MediaType: ${JSON.stringify(type)}`)
    }
    digest = descriptor('manifest', ownPlatform(manifest, reference)).digest
    version = digest
  }
  throw new RegistryError('manifest', `${referenceText(reference)} is an index of indexes`)
}

/** The header counts; documents of Docker name their type, those of OCI may. */
function mediaType(manifest: Json, header: string | string[] | undefined): string {
  const stated = (typeof header === 'string' ? header : '').split(';')[0]?.trim() ?? ''
  if (MANIFESTS.includes(stated) || INDEXES.includes(stated)) return stated
  return typeof manifest['mediaType'] === 'string' ? manifest['mediaType'] : stated
}

function ownPlatform(index: Json, reference: Reference): unknown {
  const children: unknown[] = Array.isArray(index['manifests']) ? index['manifests'] : []
  const found = children.find((child) => {
    const { platform } = (child ?? {}) as { platform?: { os?: unknown; architecture?: unknown } }
    return !platform || (platform.os === OS && platform.architecture === ARCHITECTURE)
  })
  if (found !== undefined) return found
  const message = `no child with platform ${OS}/${ARCHITECTURE} in index ${referenceText(reference)}`
  throw new RegistryError('manifest', message)
}

function descriptor(step: Step, value: unknown): { digest: string; size: number | undefined } {
  const { digest, size } = (value ?? {}) as { digest?: unknown; size?: unknown }
  if (typeof digest !== 'string' || !/^sha(?:256:[0-9a-f]{64}|512:[0-9a-f]{128})$/.test(digest)) {
    throw new RegistryError(step, 'the registry names no digest where there must be one')
  }
  return { digest, size: typeof size === 'number' ? size : undefined }
}

/** Throws RegistryError unless bytes are what their digest says. */
export function verifyDigest(step: Step, body: Buffer, digest: string): void {
  const [algorithm = ''] = digest.split(':')
  const found = `${algorithm}:${createHash(algorithm).update(body).digest('hex')}`
  if (found !== digest) {
    throw new RegistryError(step, `${step} digest: "${found}" does not match requested "${digest}"`)
  }
}
