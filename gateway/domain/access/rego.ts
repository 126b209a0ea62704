import { tokenize, type Token } from './rego-lex.ts'
import { parseBody, type Statement } from './rego-body.ts'
import { holds } from './rego-eval.ts'

/** What a policy is asked about: pipeline.md §10.3, exact case. */
export interface RegoInput {
  readonly User: {
    readonly Name: string
    readonly UID: string
    readonly Groups: readonly string[]
    readonly Extra: Readonly<Record<string, readonly string[]>>
  }
  readonly Verb: string
  readonly Cluster: string
  readonly Workspace: string
  readonly Namespace: string
  readonly APIGroup: string
  readonly APIVersion: string
  readonly Resource: string
  readonly Subresource: string
  readonly Name: string
  readonly KubernetesRequest: boolean
  readonly ResourceRequest: boolean
  readonly Path: string
  readonly ResourceScope: string
}

/** `data.authz.allow` of a policy, computed here. */
export interface NativePolicy {
  allows(input: RegoInput): boolean
}

/**
 * A policy out of the Rego that the platform ships and aggregates into roles: package `authz`, `allow` false by
 * default, and blocks of statements over `input` joined by "and"; the module is the "or" of its blocks. Undefined for a
 * text with anything else in it: what one part means may depend on any other, so such a policy is OPA's as a whole.
 * Source: Rego language reference (OPA), v0.
 */
export function compileRego(text: string): NativePolicy | undefined {
  const tokens = tokenize(text)
  const blocks: Statement[][] = []
  for (const body of (tokens && parseModule(tokens)) ?? []) {
    const block = parseBody(body)
    if (!block) return undefined
    blocks.push(block)
  }
  if (blocks.length === 0) return undefined
  return { allows: (input) => blocks.some((block) => holds(block, input)) }
}

/** Token lists of the bodies of `allow` rules; undefined where the module holds anything else. */
function parseModule(tokens: readonly Token[]): Token[][] | undefined {
  let at = 0
  const skipEnds = () => {
    while (tokens[at]?.kind === 'end') at++
  }
  const take = (...words: string[]): boolean => {
    if (!words.every((word, offset) => isWord(tokens[at + offset], word))) return false
    at += words.length
    return true
  }
  skipEnds()
  if (!take('package', 'authz')) return undefined
  const bodies: Token[][] = []
  let defaulted = false
  for (skipEnds(); at < tokens.length; skipEnds()) {
    if (take('default', 'allow')) {
      if (defaulted || !(take('=', 'false') || take(':=', 'false'))) return undefined
      defaulted = true
      continue
    }
    if (!take('allow')) return undefined
    if (take('=') || take(':=')) {
      if (!take('true')) return undefined
      // Aggregation prints bodies with `if`. OPA in v0 mode takes such a rule for an unconditional `allow = true` and a
      // rule named `if`, which would allow everything; the condition is what was meant.
      take('if')
    }
    if (!take('{')) return undefined
    const close = closing(tokens, at)
    if (close === undefined) return undefined
    bodies.push(tokens.slice(at, close))
    at = close + 1
  }
  return bodies
}

function isWord(token: Token | undefined, text: string): boolean {
  return token !== undefined && token.kind !== 'string' && token.text === text
}

/** Index of the brace that closes the one before `at`. Braces inside a body are outside the subset. */
function closing(tokens: readonly Token[], at: number): number | undefined {
  for (let index = at; index < tokens.length; index++) {
    if (isWord(tokens[index], '{')) return undefined
    if (isWord(tokens[index], '}')) return index
  }
  return undefined
}
