import { isScalar, parseAllDocuments, visit, type Document } from 'yaml'

export interface YamlOptions {
  /** Most aliases that are followed; more count as an attack. */
  readonly aliases: number
  /** Most documents of a text. */
  readonly documents: number
  /** Integers as BigInt, so that none loses digits. */
  readonly wide?: boolean | undefined
}

/** A text that is no YAML, or more of it than is read. The message is for who wrote the text. */
export class YamlError extends Error {
  /** Index of the document that it is about. */
  readonly document: number

  constructor(document: number, message: string) {
    super(message)
    this.document = document
  }
}

/**
 * The documents of a text, `undefined` for none. The parser's own search for keys that stand twice compares each key of a
 * map with all others: it is done here in one pass. Throws YamlError. Takes time by the length of the text, and for some
 * texts by more than that: see `createYamlReader`.
 */
export function parseDocuments(text: string, options: YamlOptions): unknown[] {
  const parsed = documentsIn(text, options)
  if (parsed.length > options.documents) {
    throw new YamlError(options.documents, `at most ${options.documents} documents at a time`)
  }
  return parsed.map((document, index) => {
    try {
      const [error] = document.errors
      if (error) throw error
      demandUniqueKeys(document)
      return document.toJS({ maxAliasCount: options.aliases }) as unknown
    } catch (error) {
      throw new YamlError(index, messageOf(error))
    }
  })
}

function documentsIn(text: string, { wide = false }: YamlOptions): Document[] {
  try {
    const parsed = parseAllDocuments(text, {
      intAsBigInt: wide,
      logLevel: 'error',
      uniqueKeys: false,
    })
    return 'empty' in parsed ? [] : parsed
  } catch (error) {
    // Nested deeper than the parser's own calls may be.
    throw new YamlError(0, messageOf(error))
  }
}

function demandUniqueKeys(document: Document): void {
  visit(document, {
    Map(_key, { items }) {
      const seen = new Set<unknown>()
      for (const { key } of items) {
        if (!isScalar(key)) continue
        if (seen.has(key.value)) throw new Error(`Map keys must be unique: ${String(key.value)}`)
        seen.add(key.value)
      }
    },
  })
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
