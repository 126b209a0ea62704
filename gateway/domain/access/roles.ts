import type { Logger } from 'pino'
import type { Entry } from '../../kube/api.ts'
import { REGO_OVERRIDE } from '../names.ts'
import type { Attributes } from '../operation.ts'
import { compileRego, type RegoInput, type RegoPolicy } from './rego.ts'

export interface CompiledRole {
  readonly policy: RegoPolicy | undefined
  readonly rules: readonly CompiledRule[]
}

interface Matcher {
  readonly all: boolean
  readonly of: ReadonlySet<string>
}

interface CompiledRule {
  readonly verbs: Matcher
  readonly groups: Matcher
  readonly resources: Matcher
  readonly names: ReadonlySet<string>
  readonly urls: readonly string[]
}

interface Rule {
  verbs?: string[]
  apiGroups?: string[]
  resources?: string[]
  resourceNames?: string[]
  nonResourceURLs?: string[]
}

/** Compiles each revision of a role once. A policy that cannot be read whole is logged once per text. */
export function createRoleCompiler(log: Logger): (entry: Entry) => CompiledRole {
  const compiled = new WeakMap<Entry, CompiledRole>()
  const policies = new Map<string, RegoPolicy>()
  const policyOf = (text: string, role: string): RegoPolicy => {
    const known = policies.get(text)
    if (known) return known
    const policy = compileRego(text)
    if (policy.unread > 0)
      log.warn({ role }, 'a Rego policy is outside the known subset: counts as no')
    if (policies.size >= MOST_POLICIES) policies.clear()
    policies.set(text, policy)
    return policy
  }
  return (entry) => {
    const known = compiled.get(entry)
    if (known) return known
    const text = entry.annotations[REGO_OVERRIDE]
    const rules = (entry.object.rules as Rule[] | null | undefined) ?? []
    const role = {
      policy: text ? policyOf(text, entry.name) : undefined,
      rules: rules.map(compileRule),
    }
    compiled.set(entry, role)
    return role
  }
}

const MOST_POLICIES = 1000

function compileRule(rule: Rule): CompiledRule {
  return {
    verbs: matcher(rule.verbs),
    groups: matcher(rule.apiGroups),
    resources: matcher(rule.resources),
    names: new Set(rule.resourceNames),
    urls: rule.nonResourceURLs ?? [],
  }
}

function matcher(values: readonly string[] = []): Matcher {
  return { all: values.includes('*'), of: new Set(values) }
}

/** Whether the role allows what is asked: policy first, then rules (pipeline.md §10.3 `ruleAllows`). */
export function roleAllows(role: CompiledRole, asked: Attributes, input: () => RegoInput): boolean {
  if (role.policy?.allows(input())) return true
  return role.rules.some((rule) =>
    asked.resourceRequest ? allowsResource(rule, asked) : allowsPath(rule, asked),
  )
}

function matches({ all, of }: Matcher, value: string): boolean {
  return all || of.has(value)
}

function allowsResource(
  { verbs, groups, resources, names }: CompiledRule,
  asked: Attributes,
): boolean {
  if (!matches(verbs, asked.verb) || !matches(groups, asked.apiGroup)) return false
  const { resource, subresource } = asked
  const named = subresource
    ? matches(resources, `${resource}/${subresource}`) || resources.of.has(`*/${subresource}`)
    : matches(resources, resource)
  return named && (names.size === 0 || names.has(asked.name))
}

function allowsPath({ verbs, urls }: CompiledRule, asked: Attributes): boolean {
  if (!matches(verbs, asked.verb)) return false
  return urls.some(
    (url) =>
      url === '*' ||
      url === asked.path ||
      (url.endsWith('*') && asked.path.startsWith(url.replace(/\*+$/, ''))),
  )
}
