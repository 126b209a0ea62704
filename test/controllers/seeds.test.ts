import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { isDeepStrictEqual } from 'node:util'
import { breakDown } from '../../gateway/embedded/controllers/aggregate.ts'
import { extensionCategories, iamCategories } from '../../gateway/embedded/seeds/categories.ts'
import { customResourceDefinitions } from '../../gateway/embedded/seeds/crds/index.ts'
import { configSecrets } from '../../gateway/embedded/seeds/platform.ts'
import {
  builtinRoles,
  clusterRoles,
  globalRoleBindings,
  globalRoles,
} from '../../gateway/embedded/seeds/roles.ts'
import type { PolicyRule } from '../../gateway/embedded/seeds/rules.ts'
import { roleTemplates } from '../../gateway/embedded/seeds/templates/index.ts'
import { compileRego } from '../../gateway/domain/access/rego.ts'
import type { KubeObject } from '../../gateway/kube/types.ts'
import { referenceData } from './reference.ts'

/** Where ours differ on purpose, as `<name>: <path>`. */
const differences = new Set([
  // The original's selector of composed applications is older than the list types of Kubernetes.
  'applications.app.k8s.io: spec.versions.0.schema.openAPIV3Schema.properties.spec.properties.selector',
  // Free text.
  'applications.app.k8s.io: metadata.annotations.api-approved.kubernetes.io',
])

type Json = Record<string, unknown>

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Paths at which two values differ; descriptions and empty objects do not count. */
function differingPaths(ours: unknown, theirs: unknown, path: string): string[] {
  if (isObject(ours) && isObject(theirs)) {
    return [...new Set([...Object.keys(ours), ...Object.keys(theirs)])].flatMap((key) =>
      differingPaths(ours[key], theirs[key], path ? `${path}.${key}` : key),
    )
  }
  if (path.endsWith('.description') && [ours, theirs].some((text) => typeof text === 'string')) {
    return []
  }
  if (Array.isArray(ours) && Array.isArray(theirs) && ours.length === theirs.length) {
    if (path.endsWith('.required')) return sameSet(ours, theirs) ? [] : [path]
    return ours.flatMap((item, at) => differingPaths(item, theirs[at], `${path}.${at}`))
  }
  const empty = (value: unknown) =>
    value === undefined || (isObject(value) && Object.keys(value).length === 0)
  return ours === theirs || (empty(ours) && empty(theirs)) ? [] : [path]
}

function sameSet(left: unknown[], right: unknown[]): boolean {
  return isDeepStrictEqual(new Set(left), new Set(right))
}

/** What a seed means: rules as a set of single permissions, JSON annotations parsed, free text left out. */
function meaning(object: KubeObject): Json {
  const { metadata, spec, role, ...rest } = object as KubeObject & { spec?: Json; role?: Json }
  const annotations: Json = {}
  for (const [key, value] of Object.entries(metadata.annotations ?? {})) {
    const name = key.split('/')[1] ?? key
    if (name === 'description') continue
    else if (name === 'dependencies') annotations[name] = new Set([parsed(value)].flat())
    else if (name === 'role-template-rules') annotations[name] = parsed(value)
    else annotations[name] = name === 'rego-override' ? 'present' : value
  }
  const aggregation = (rest['aggregationRoleTemplates'] as Json | undefined)?.['roleSelector']
  return {
    labels: metadata.labels ?? {},
    annotations,
    rules: permissions((rest['rules'] ?? spec?.['rules']) as PolicyRule[] | undefined),
    ...(aggregation ? { selector: aggregation } : {}),
    ...(rest['targetSelector'] ? { target: rest['targetSelector'] } : {}),
    ...(rest['subjects'] ? { subjects: rest['subjects'], roleRef: rest['roleRef'] } : {}),
    ...(rest['type'] ? { type: rest['type'] } : {}),
    ...(role ? { role: meaning(role as unknown as KubeObject) } : {}),
  }
}

function parsed(text: string): unknown {
  return JSON.parse(text)
}

function permissions(rules: PolicyRule[] = []): string[] {
  return [...new Set(rules.flatMap(breakDown).map((part) => JSON.stringify(part)))].toSorted()
}

describe('seeds', () => {
  it('define the custom resources that the original defines', async () => {
    const reference = await referenceData<KubeObject>('crds.yaml')
    if (!reference) return
    const ours = new Map(customResourceDefinitions().map((crd) => [crd.metadata.name, crd]))
    assert.deepEqual(new Set(ours.keys()), new Set(reference.map(({ metadata }) => metadata.name)))
    const found = reference.flatMap((theirs) => {
      const name = theirs.metadata.name ?? ''
      return differingPaths(ours.get(name), theirs, '').map((path) => `${name}: ${path}`)
    })
    const unexpected = found.filter(
      (path) => ![...differences].some((known) => path.startsWith(known)),
    )
    assert.deepEqual(unexpected, [])
  })

  it('hold the roles, templates, categories and bindings of the original', async () => {
    const reference = await referenceData<KubeObject>('chart-objects.yaml')
    if (!reference) return
    const key = ({ apiVersion, kind, metadata }: KubeObject) =>
      `${apiVersion} ${kind} ${metadata.name}`
    const ours = [
      ...roleTemplates(),
      ...iamCategories(),
      ...extensionCategories(),
      ...globalRoles(),
      ...globalRoleBindings(),
      ...clusterRoles(),
      ...builtinRoles(),
      ...configSecrets(),
    ]
    const byKey = (objects: KubeObject[]) =>
      Object.fromEntries(objects.map((object) => [key(object), meaning(object)]))
    assert.deepEqual(byKey(ours), byKey(reference))
  })

  it('carry policies that the authorizer reads to the last line', () => {
    const policies = [...globalRoles(), ...roleTemplates()].flatMap(
      ({ metadata }) => metadata.annotations?.['iam.kubesphere.io/rego-override'] ?? [],
    )
    assert.equal(policies.length, 4)
    for (const text of policies) assert.ok(compileRego(text), text)
  })
})
