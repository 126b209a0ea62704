import { REGO_OVERRIDE } from '../../domain/names.ts'
import type { KubeObject } from '../../kube/types.ts'
import type { PolicyRule } from '../seeds/rules.ts'
import { joinRego } from './rego-join.ts'
import { AUTO_AGGREGATE, SCOPE_LABEL } from './names.ts'
import { matches, type LabelSelector } from './selector.ts'

export interface AggregatedRole extends KubeObject {
  rules?: PolicyRule[]
  aggregationRoleTemplates?: { templateNames?: string[]; roleSelector?: LabelSelector }
}

interface RoleTemplate extends KubeObject {
  spec?: { rules?: PolicyRule[] }
}

/** Scope label of the templates that each kind of role is put together from. */
const scopes: Readonly<Record<string, string>> = {
  GlobalRole: 'global',
  ClusterRole: 'cluster',
  WorkspaceRole: 'workspace',
  Role: 'namespace',
}

/**
 * Copies what the templates of a role allow into the role, in place (objects-and-controllers.md §3.2): a selector
 * decides the names anew, without one the named templates that exist are taken. Rules are only added, broken down to
 * one group, resource and verb; what the role allows already is not added again. A role without
 * `aggregationRoleTemplates` stays as it is. `all` are the templates of every scope; those of a foreign scope do not
 * count, so that nobody brings a platform-wide policy into a project by its name.
 */
export function aggregate(role: AggregatedRole, all: Iterable<KubeObject>): void {
  const wanted = role.aggregationRoleTemplates
  if (!wanted) return
  const scope = scopes[role.kind ?? '']
  const templates = [...all].filter(({ metadata }) => metadata.labels?.[SCOPE_LABEL] === scope)
  const chosen = wanted.roleSelector
    ? selected(templates, wanted.roleSelector)
    : named(templates, wanted.templateNames ?? [])
  const names = chosen.map(({ metadata }) => metadata.name ?? '')
  if (!sameNames(names, wanted.templateNames)) wanted.templateNames = names
  const rules = role.rules ?? []
  for (const template of chosen) {
    for (const rule of template.spec?.rules ?? []) addMissing(rules, rule)
  }
  if (rules.length > 0) role.rules = rules
  const texts = chosen.flatMap(({ metadata }) => metadata.annotations?.[REGO_OVERRIDE] ?? [])
  const present = role.metadata.annotations?.[REGO_OVERRIDE]
  const joined = joinRego(present, texts)
  if (joined !== present && joined !== undefined) {
    role.metadata.annotations = { ...role.metadata.annotations, [REGO_OVERRIDE]: joined }
  }
}

/** Whether a new or changed template goes into `role` by itself: asked for, selected, and not yet listed. */
export function takesIn(role: AggregatedRole, template: KubeObject): boolean {
  const { templateNames = [], roleSelector } = role.aggregationRoleTemplates ?? {}
  return (
    role.metadata.annotations?.[AUTO_AGGREGATE] === 'true' &&
    roleSelector !== undefined &&
    !templateNames.includes(template.metadata.name ?? '') &&
    template.metadata.labels?.[SCOPE_LABEL] === scopes[role.kind ?? ''] &&
    matches(roleSelector, template.metadata.labels)
  )
}

function selected(templates: readonly KubeObject[], selector: LabelSelector): RoleTemplate[] {
  return templates.filter(({ metadata }) => matches(selector, metadata.labels))
}

function named(templates: readonly KubeObject[], names: readonly string[]): RoleTemplate[] {
  const byName = new Map(templates.map((template) => [template.metadata.name, template]))
  return [...new Set(names)].flatMap((name) => byName.get(name) ?? [])
}

function sameNames(found: readonly string[], stored: readonly string[] | undefined): boolean {
  if (stored === undefined) return found.length === 0
  return stored.length === found.length && stored.every((name) => found.includes(name))
}

function addMissing(rules: PolicyRule[], rule: PolicyRule): void {
  for (const part of breakDown(rule)) {
    if (!rules.some((present) => covers(present, part))) rules.push(part)
  }
}

/** A rule as rules of one group, one resource and one verb, or one URL and one verb. */
export function breakDown(rule: PolicyRule): PolicyRule[] {
  const parts: PolicyRule[] = []
  const { apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [] } = rule
  for (const group of apiGroups) {
    for (const resource of resources) {
      for (const verb of rule.verbs) {
        const part: PolicyRule = { apiGroups: [group], resources: [resource], verbs: [verb] }
        if (resourceNames.length === 0) parts.push(part)
        for (const name of resourceNames) parts.push({ ...part, resourceNames: [name] })
      }
    }
  }
  for (const url of nonResourceURLs) {
    for (const verb of rule.verbs) parts.push({ nonResourceURLs: [url], verbs: [verb] })
  }
  return parts
}

/** Whether `rule` allows all that `part`, a rule broken down, allows (Kubernetes' RBAC escalation check). */
export function covers(rule: PolicyRule, part: PolicyRule): boolean {
  if (!part.verbs.every((verb) => has(rule.verbs, verb))) return false
  const urls = part.nonResourceURLs ?? []
  if (urls.length > 0) {
    return urls.every((url) =>
      (rule.nonResourceURLs ?? []).some(
        (own) => own === url || (own.endsWith('*') && url.startsWith(own.slice(0, -1))),
      ),
    )
  }
  const names = rule.resourceNames ?? []
  return (
    (part.apiGroups ?? []).every((group) => has(rule.apiGroups, group)) &&
    (part.resources ?? []).every((resource) => hasResource(rule.resources ?? [], resource)) &&
    (names.length === 0 ||
      ((part.resourceNames ?? []).length > 0 &&
        (part.resourceNames ?? []).every((name) => names.includes(name))))
  )
}

function has(list: readonly string[] | undefined, value: string): boolean {
  return list !== undefined && (list.includes('*') || list.includes(value))
}

function hasResource(list: readonly string[], resource: string): boolean {
  if (has(list, resource)) return true
  const slash = resource.indexOf('/')
  return slash >= 0 && list.includes(`*${resource.slice(slash)}`)
}
