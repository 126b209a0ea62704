import { badRequest } from '../../lib/errors.ts'

/** Where images without a registry in their name are. */
export const DOCKER_HUB = 'index.docker.io'
const DOCKER_HUB_NAMES = new Set(['docker.io', DOCKER_HUB, 'registry-1.docker.io'])

const REPOSITORY = /^[a-z0-9_\-./]+$/
const TAG = /^[A-Za-z0-9_\-.]{1,128}$/
const DIGEST = /^sha256:[0-9a-f]{64}$/

/** A repository of a registry. */
export interface Repository {
  /** Host, with a port where one is given. */
  readonly registry: string
  readonly repository: string
}

export interface Reference extends Repository {
  /** Tag or digest. */
  readonly version: string
  /** Set where `version` is a digest. */
  readonly digest: string | undefined
}

/** Whether a text is a host, with a port or without, and nothing else. */
export function isHost(text: string): boolean {
  return URL.parse(`http://${text}/`)?.host === text.toLowerCase().replace(/:80$/, '')
}

/** A registry by one name: the names of Docker Hub as one, lower case, without https' own port. */
export function canonicalRegistry(host: string): string {
  const plain = host.toLowerCase().replace(/:443$/, '')
  return DOCKER_HUB_NAMES.has(plain) ? DOCKER_HUB : plain
}

/**
 * `[registry/]repository`: the part before the first slash is a registry where it has a dot or a colon or is `localhost`;
 * official images of Docker Hub are in `library`. Throws ApiError 400.
 */
export function parseRepository(text: string): Repository {
  const slash = text.indexOf('/')
  const first = text.slice(0, Math.max(slash, 0))
  const named = /[.:]/.test(first) || first === 'localhost'
  const registry = named ? canonicalRegistry(first) : DOCKER_HUB
  const path = named ? text.slice(slash + 1) : text
  if (!isHost(registry)) {
    throw badRequest(`registries must be valid RFC 3986 URI authorities: ${registry}`)
  }
  if (path.length < 2 || path.length > 255) {
    throw badRequest(`repository must be between 2 and 255 characters in length: ${path}`)
  }
  if (!REPOSITORY.test(path) || path.split('/').some((part) => /^\.{0,2}$/.test(part))) {
    throw badRequest(`repository can only contain the characters a-z, 0-9, _, -, . and /: ${path}`)
  }
  const official = registry === DOCKER_HUB && !path.includes('/')
  return { registry, repository: official ? `library/${path}` : path }
}

/**
 * `[registry/]repository[:tag][@digest]`, tag `latest` where neither is given; beside a digest a tag counts for nothing.
 * Throws ApiError 400.
 */
export function parseReference(text: string): Reference {
  const [name = '', digest, ...rest] = text.split('@')
  const colon = name.lastIndexOf(':')
  const tagged = colon > name.lastIndexOf('/')
  const tag = tagged ? name.slice(colon + 1) : 'latest'
  try {
    const repository = parseRepository(tagged ? name.slice(0, colon) : name)
    if (rest.length > 0 || !TAG.test(tag)) throw badRequest('neither tag nor digest')
    if (digest !== undefined && !DIGEST.test(digest)) throw badRequest('no digest')
    return { ...repository, version: digest ?? tag, digest }
  } catch (error) {
    throw badRequest(`could not parse reference: ${text}`, error)
  }
}

/** A reference as messages show it. */
export function referenceText({ registry, repository, version, digest }: Reference): string {
  return `${registry}/${repository}${digest ? '@' : ':'}${version}`
}
