import { parse, type DocumentNode } from 'graphql'

/** Documents that are kept. */
const kept = 500

/** Parses the documents of a planner: the same text is the same document for as long as it is kept. */
export function createParser(): (text: string) => DocumentNode {
  const documents = new Map<string, DocumentNode>()
  return (text) => {
    const known = documents.get(text)
    if (known) return known
    const document = parse(text, { noLocation: true })
    if (documents.size >= kept) documents.clear()
    documents.set(text, document)
    return document
  }
}
