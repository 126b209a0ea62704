import type { IncomingHttpHeaders } from 'node:http'
import type { Reply, RouteRow } from './routes/registry.ts'
import { notAcceptable, routerError } from './wire/errors.ts'
import { acceptable, consumable } from './wire/negotiate.ts'

export type Match =
  | { readonly kind: 'row'; readonly row: RouteRow; readonly params: Record<string, string> }
  /** The router's own 405, 415 or 406. */
  | { readonly kind: 'reply'; readonly reply: Reply }
  /** No template fits: the dynamic resource handler may try, then 404. */
  | { readonly kind: 'none' }

export interface Router {
  /** `path` is percent-decoded; `headers` are the request's. */
  match(method: string, path: string, headers: IncomingHttpHeaders): Match
}

interface Candidate {
  readonly row: RouteRow
  readonly tokens: readonly Token[]
  readonly produces: readonly string[]
  /** Position in go-restful's order among all rows: the smaller is asked first. */
  readonly rank: number
}

type Token =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'param'; readonly name: string; readonly pattern: RegExp | undefined }
  | { readonly kind: 'rest'; readonly name: string }

interface Node {
  readonly literals: Map<string, Node>
  /** All parameters of this place share one branch; names differ by row. */
  param: Node | undefined
  readonly rows: Candidate[]
  readonly rests: Candidate[]
}

const JSON_ONLY = ['application/json']

/**
 * go-restful's CurlyRouter over the rows, compiled to a tree (pipeline.md §16, resources-tenant.md §1.4): templates of
 * the same length whose literal tokens match; more literals first, then more parameters, then the path descending, then
 * as registered; then method (405 with Allow), Content-Type (415), Accept (406); the first survivor answers.
 */
export function createRouter(rows: readonly RouteRow[]): Router {
  const mux = new Map(rows.filter((row) => row.mux).map((row) => [row.path, row]))
  const root = emptyNode()
  for (const candidate of ranked(rows.filter((row) => !row.mux))) insert(root, candidate)
  return {
    match(method, path, headers) {
      const exact = mux.get(path)
      if (exact) return { kind: 'row', row: exact, params: {} }
      const tokens = tokenize(path)
      const found: Candidate[] = []
      collect(root, tokens, 0, found)
      const fitting = found.filter((candidate) => patternsFit(candidate, tokens))
      if (fitting.length === 0) return { kind: 'none' }
      if (fitting.length > 1) fitting.sort((a, b) => a.rank - b.rank)
      return decide(fitting, method, tokens, headers)
    },
  }
}

function decide(
  candidates: readonly Candidate[],
  method: string,
  tokens: readonly string[],
  headers: IncomingHttpHeaders,
): Match {
  const byMethod = candidates.filter(({ row }) => row.method === method)
  if (byMethod.length === 0) {
    const allow = [...new Set(candidates.map(({ row }) => row.method))]
    return { kind: 'reply', reply: routerError(405, allow) }
  }
  const contentType = headers['content-type']
  const byType = byMethod.filter(({ row }) => consumable(row.method, contentType, row.consumes))
  if (byType.length === 0) return { kind: 'reply', reply: routerError(415) }
  const winner = byType.find(({ produces }) => acceptable(headers.accept, produces))
  if (!winner) {
    return { kind: 'reply', reply: notAcceptable(byType.flatMap(({ produces }) => produces)) }
  }
  return { kind: 'row', row: winner.row, params: paramsOf(winner, tokens) }
}

function ranked(rows: readonly RouteRow[]): Candidate[] {
  const parsed = rows.map((row) => {
    const tokens = tokenize(row.path).map(parseToken)
    const literals = tokens.filter(({ kind }) => kind === 'literal').length
    return { row, tokens, literals, params: tokens.length - literals }
  })
  const ordered = parsed.toSorted(
    (a, b) =>
      b.literals - a.literals ||
      b.params - a.params ||
      (a.row.path < b.row.path ? 1 : a.row.path > b.row.path ? -1 : 0),
  )
  return ordered.map(({ row, tokens }, rank) => ({
    row,
    tokens,
    rank,
    produces: row.produces ?? JSON_ONLY,
  }))
}

function tokenize(path: string): string[] {
  let start = 0
  let end = path.length
  while (path.charCodeAt(start) === 47) start++
  while (end > start && path.charCodeAt(end - 1) === 47) end--
  return start === end ? [] : path.slice(start, end).split('/')
}

function parseToken(token: string): Token {
  const parameter = /^\{([^:}]+)(?::(.+))?\}$/.exec(token)
  if (!parameter) return { kind: 'literal', text: token }
  const [, name = '', expression] = parameter
  if (expression === '*') return { kind: 'rest', name }
  const pattern = expression === undefined ? undefined : new RegExp(expression)
  return { kind: 'param', name, pattern }
}

function emptyNode(): Node {
  return { literals: new Map(), param: undefined, rows: [], rests: [] }
}

function insert(root: Node, candidate: Candidate): void {
  let node = root
  for (const token of candidate.tokens) {
    if (token.kind === 'rest') {
      node.rests.push(candidate)
      return
    }
    if (token.kind === 'param') node = node.param ??= emptyNode()
    else {
      const next = node.literals.get(token.text) ?? emptyNode()
      node.literals.set(token.text, next)
      node = next
    }
  }
  node.rows.push(candidate)
}

function collect(node: Node, tokens: readonly string[], at: number, found: Candidate[]): void {
  const token = tokens[at]
  if (token === undefined) {
    found.push(...node.rows)
    return
  }
  found.push(...node.rests)
  const literal = node.literals.get(token)
  if (literal) collect(literal, tokens, at + 1, found)
  if (node.param) collect(node.param, tokens, at + 1, found)
}

function patternsFit(candidate: Candidate, tokens: readonly string[]): boolean {
  return candidate.tokens.every(
    (token, at) =>
      token.kind !== 'param' || token.pattern === undefined || token.pattern.test(tokens[at] ?? ''),
  )
}

function paramsOf(candidate: Candidate, tokens: readonly string[]): Record<string, string> {
  const params: Record<string, string> = {}
  candidate.tokens.forEach((token, at) => {
    if (token.kind === 'param') params[token.name] = tokens[at] ?? ''
    else if (token.kind === 'rest') params[token.name] = tokens.slice(at).join('/')
  })
  return params
}
