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

function rowFragment({ listField, typeName }: Kind, select: string): string {
  return listField
    ? `fragment Row on ${typeName} { id ${metadata} ${select} }`
    : `fragment Row on KubernetesObject { id ${metadata} }`
}

const page = '{ totalCount pageInfo { hasNextPage endCursor } nodes { ...Row } }'
const paging = ['first', 'after', 'orderBy'].map((name) => `${name}: $${name}`).join(', ')

const types: Readonly<Record<string, string>> = {
  kind: 'KindRef!',
  cluster: 'String',
  namespace: 'String',
  namespaces: '[String!]',
  filter: 'ResourceFilter',
  first: 'Int',
  after: 'String',
  orderBy: '[ResourceOrder!]',
}

/** `$name: Type` of each variable. */
const declared = (names: readonly string[]) =>
  `(${names.map((name) => `$${name}: ${types[name]}`).join(', ')})`

const passed = (names: readonly string[]) => names.map((name) => `${name}: $${name}`).join(', ')

/** Arguments that say which objects: a kind of its own has a field, any other is named. */
function placeOf({ listField, namespaced }: Kind, namespace: string): readonly string[] {
  const named = listField ? [] : ['kind']
  return [...named, 'cluster', ...(namespaced || !listField ? [namespace] : []), 'filter']
}

/** Where not everything may be seen, what may be. */
const accessible = ({ listField, namespaced }: Kind) =>
  namespaced || !listField ? ', accessibleOnly: true' : ''

/** The query for one page of a kind. */
export function listDocument(kind: Kind): string {
  const field = kind.listField ?? 'resources'
  const place = placeOf(kind, 'namespace')
  const variables = declared([...place, 'first', 'after', 'orderBy'])
  return layout(
    `query ${operationName(field)}${variables} { list: ${field}(${passed(place)}${accessible(kind)}, ${paging}) ${page} } ` +
      rowFragment(kind, viewOf(kind)?.select ?? ''),
  )
}

/** The subscription for that page, whenever it changes; nothing where the kind cannot be watched. */
export function pageDocument(kind: Kind): string {
  const field = kind.listField ? kind.watchField : 'resourcesChanged'
  if (!field || !kind.allowed.includes('watch')) return ''
  const place = placeOf(kind, 'namespaces')
  const variables = declared([...place, 'first', 'after', 'orderBy'])
  return layout(
    `subscription ${operationName(field)}${variables} { change: ${field}(${passed(place)}${accessible(kind)}, mode: ROWS) { type rows(${paging}) ${page} } } ` +
      rowFragment(kind, viewOf(kind)?.select ?? ''),
  )
}
