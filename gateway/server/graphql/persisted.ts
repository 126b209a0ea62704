import { inputError } from '../../../resolvers/errors.ts'
import { hashIn, hashOf, sha256, type KeyValueCache, type SentOperation } from './trusted.ts'

/** Documents that clients have sent once and ask for by their SHA-256 from then on, however they are connected. */
export interface PersistedDocuments {
  /** The document of a hash, if it is still known. */
  get(hash: string): string | undefined
  /** The document that an operation means, by its text or by its hash; undefined for a hash that is not known. */
  textOf(sent: SentOperation): string | undefined
  /**
   * Keeps the document of an operation that was sent with its hash. Throws a GraphQLError (BAD_USER_INPUT) where the hash is
   * not its.
   */
  register(sent: SentOperation): void
  /** The same documents, as Apollo Server looks them up. */
  readonly cache: KeyValueCache
}

/** Most characters that are kept, of all documents and of one. */
const longest = { all: 8 * 1024 * 1024, one: 256 * 1024 }

/** What is known to nobody is forgotten first: the documents that were not asked for for longest. */
export function createPersisted(most: { all: number; one: number } = longest): PersistedDocuments {
  const documents = new Map<string, string>()
  let length = 0

  function forget(hash: string): boolean {
    length -= documents.get(hash)?.length ?? 0
    return documents.delete(hash)
  }

  function get(hash: string): string | undefined {
    const text = documents.get(hash)
    if (text === undefined) return undefined
    documents.delete(hash)
    documents.set(hash, text)
    return text
  }

  function set(hash: string, text: string): void {
    if (text.length > most.one) return
    forget(hash)
    documents.set(hash, text)
    length += text.length
    for (const oldest of documents.keys()) {
      if (length <= most.all) return
      forget(oldest)
    }
  }

  return {
    get,
    textOf(sent) {
      const { query } = sent
      if (typeof query === 'string' && query) return query
      const hash = hashOf(sent)
      return typeof hash === 'string' ? get(hash) : ''
    },
    register(sent) {
      const { query } = sent
      const hash = hashOf(sent)
      if (typeof query !== 'string' || !query || typeof hash !== 'string') return
      if (sha256(query) !== hash) throw inputError('the hash is not that of the document')
      set(hash, query)
    },
    cache: {
      get: async (key) => get(hashIn(key)),
      set: async (key, text) => set(hashIn(key), text),
      delete: async (key) => forget(hashIn(key)),
    },
  }
}
