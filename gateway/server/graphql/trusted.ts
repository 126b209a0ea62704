import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { ApolloServerOptions } from '@apollo/server'
import { ConfigError } from '../../config/index.ts'
import { inputError } from '../../../resolvers/errors.ts'

/** What Apollo Server keeps documents in. */
export type KeyValueCache = NonNullable<ApolloServerOptions<object>['cache']> & object

/** Documents that may be run, by the SHA-256 of their text, hexadecimal. */
export type Manifest = ReadonlyMap<string, string>

/** Hexadecimal. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/**
 * Reads a manifest: a JSON object of documents by their SHA-256. Throws ConfigError for a file that cannot be read or is
 * no manifest: with half of a list, whoever is left out would be refused without knowing why.
 */
export async function readManifest(path: string): Promise<Manifest> {
  const wrong = (why: string) => new ConfigError(`facade.graphql.trustedDocuments: ${path} ${why}`)
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw wrong(`cannot be read: ${error.code}`)
  })
  let documents: unknown
  try {
    documents = JSON.parse(text)
  } catch {
    throw wrong('is not JSON')
  }
  if (typeof documents !== 'object' || documents === null || Array.isArray(documents)) {
    throw wrong('is no object of documents by their hash')
  }
  const manifest = new Map<string, string>()
  for (const [hash, document] of Object.entries(documents)) {
    if (typeof document !== 'string' || sha256(document) !== hash) {
      throw wrong(`has a document that is not the one of hash ${hash}`)
    }
    manifest.set(hash, document)
  }
  return manifest
}

/** One operation as clients send it. */
export interface SentOperation {
  readonly query?: unknown
  /** An object, or its JSON in a URL. */
  readonly extensions?: unknown
}

/** The hash that an operation is sent with, whatever it is; see Apollo's automatic persisted queries. */
export function hashOf({ extensions }: SentOperation): unknown {
  let said: unknown = extensions
  try {
    if (typeof said === 'string') said = JSON.parse(said)
  } catch {
    return undefined
  }
  const { persistedQuery } = (said ?? {}) as { persistedQuery?: { sha256Hash?: unknown } }
  return persistedQuery?.sha256Hash
}

/** The hash that a key of Apollo Server's is made of. */
export function hashIn(key: string): string {
  return key.slice(key.lastIndexOf(':') + 1)
}

/** The manifest as Apollo Server looks up documents that are sent by their hash alone. */
export function manifestCache(manifest: Manifest): KeyValueCache {
  return {
    get: async (key) => manifest.get(hashIn(key)),
    set: async () => {},
    delete: async () => false,
  }
}

/**
 * The document that an operation means, by its text or by its hash. Throws a GraphQLError (UNTRUSTED_DOCUMENT, HTTP 400)
 * for everything that the manifest does not have.
 */
export function trustedText(manifest: Manifest, operation: SentOperation): string {
  const { query } = operation
  const hash = typeof query === 'string' && query ? sha256(query) : hashOf(operation)
  const document = typeof hash === 'string' ? manifest.get(hash) : undefined
  if (document === undefined) {
    throw inputError('only documents of the manifest are run here', 'UNTRUSTED_DOCUMENT', 400)
  }
  return document
}
