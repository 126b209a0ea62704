import type { Kind } from '../app/kinds.ts'
import { viewOf } from './columns.ts'

const metadata = 'metadata { name namespace uid creationTimestamp deletionTimestamp }'

const tokens =
  /\([^()]*\)|\{|\}|\.\.\.\s*\w+(?:\s+on\s+\w+)?|fragment\s+\w+\s+on\s+\w+|(?:query|mutation|subscription)\s+\w+|\w+:\s*\w+|\w+/g

/** Lays out GraphQL for people: a level of braces is a level of indentation, and so are many arguments. */
export function layout(text: string): string {
  let depth = 0
  let out = ''
  const line = (content: string, level = depth) => `\n${'  '.repeat(level)}${content}`
  const list = (words: string) => {
    const all = words.slice(1, -1).split(/,\s*/)
    if (words.length < 60) return words
    return `(${all.map((one) => line(one, depth + 1)).join('')}${line(')')}`
  }
  for (const [word] of text.matchAll(tokens)) {
    if (word === '{') {
      out += ' {'
      depth++
    } else if (word === '}') {
      depth--
      out += line('}')
    } else if (word.startsWith('(')) out += list(word)
    else if (depth === 0) out += `${out && '\n\n'}${word}`
    else out += line(word)
  }
  return out
}

/** A capital first letter: fields of the graph as names of operations. */
const operationName = (field: string) => field.charAt(0).toUpperCase() + field.slice(1)

function rowFragment(kind: Kind): string {
  const { select } = viewOf(kind)
  return kind.listField
    ? `fragment Row on ${kind.typeName} { id ${metadata} ${select} }`
    : `fragment Row on KubernetesObject { id ${metadata} }`
}

/** The query for one page of a kind. */
export function listDocument(kind: Kind): string {
  const { listField, namespaced } = kind
  const own = namespaced ? '$cluster: String, $namespace: String' : '$cluster: String'
  const passed = namespaced ? 'cluster: $cluster, namespace: $namespace' : 'cluster: $cluster'
  const paging = '$first: Int, $after: String, $filter: ResourceFilter, $orderBy: [ResourceOrder!]'
  const pages = 'first: $first, after: $after, filter: $filter, orderBy: $orderBy'
  const selection = `{ totalCount resourceVersion pageInfo { hasNextPage endCursor } nodes { ...Row } }`
  const text = listField
    ? `query ${operationName(listField)}(${own}, ${paging}) { list: ${listField}(${passed}, ${pages}) ${selection} } `
    : `query Resources($kind: KindRef!, ${own}, ${paging}) { list: resources(kind: $kind, ${passed}, ${pages}) ${selection} } `
  return layout(text + rowFragment(kind))
}

/** The subscription for changes of a kind, or nothing where it cannot be watched. */
export function changesDocument(kind: Kind): string {
  const { listField, namespaced, verbs, allowed } = kind
  if (!listField || !verbs.includes('watch') || !allowed.includes('watch')) return ''
  const own = namespaced ? '$cluster: String, $namespaces: [String!]' : '$cluster: String'
  const passed = namespaced ? 'cluster: $cluster, namespaces: $namespaces' : 'cluster: $cluster'
  const field = `${listField}Changed`
  return layout(
    `subscription ${operationName(field)}(${own}, $filter: ResourceFilter) { change: ${field}(${passed}, filter: $filter, initial: false) { type object { ...Row } } } ` +
      rowFragment(kind),
  )
}
