import type { Entry } from '../../kube/api.ts'
import { REGO_OVERRIDE } from '../names.ts'
import type { Attributes } from '../operation.ts'
import type { Policy, Rego } from '../rego/index.ts'
import { compileRego, type NativePolicy, type RegoInput } from './rego.ts'

export interface CompiledRole {
  readonly policy: RolePolicy | undefined
  readonly rules: readonly CompiledRule[]
}

/** A policy that is read here, or one that OPA has to be asked about. */
export type RolePolicy = { readonly native: NativePolicy } | { readonly opa: Policy }

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

/** Compiles each revision of a role once, and each text of a policy once for all roles. */
export function createRoleCompiler(rego: Pick<Rego, 'policy'>): (entry: Entry) => CompiledRole {
  const compiled = new WeakMap<Entry, CompiledRole>()
  const policies = new Map<string, RolePolicy>()
  const policyOf = (text: string, name: string): RolePolicy => {
    const known = policies.get(text)
    if (known) return known
    const native = compileRego(text)
    const policy: RolePolicy = native
      ? { native }
      : { opa: rego.policy({ text, name, query: 'data.authz.allow', use: 'access' }) }
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

/**
 * Whether the role allows what is asked by a policy that is read here or by its rules (pipeline.md §10.3 `ruleAllows`);
 * a policy of OPA's is not asked.
 */
export function roleAllows(role: CompiledRole, asked: Attributes, input: () => RegoInput): boolean {
  if (role.policy && 'native' in role.policy && role.policy.native.allows(input())) return true
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
