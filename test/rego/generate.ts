import type { RegoInput } from '../../gateway/domain/access/index.ts'
import { pick } from '../resources/support.ts'

type Random = () => number

const words = {
  name: [
    'eve',
    'bob',
    '',
    'ks-managed-kubectl-eve',
    'ks-managed-kubectl-bob',
    'ks-managed-kubectl-',
  ],
  verb: ['get', 'list', 'watch', 'create', 'delete', 'GET', 'POST'],
  resource: [
    'users',
    'pods',
    'clustermembers',
    'workspacemembers',
    'namespacemembers',
    'workspaces',
    '',
  ],
  group: ['', 'tenant.kubesphere.io', 'iam.kubesphere.io'],
  path: ['', '/api', '/api/v1', '/api/v2', '/kapis'],
  scope: ['', 'Global', 'Cluster', 'Workspace', 'Namespace'],
  namespace: ['', 'kubesphere-system', 'prod'],
}

/** An input whose values are those that policies ask about, more often than not. */
export function randomRegoInput(next: Random): RegoInput {
  const name = pick(next, ['eve', 'bob', ''])
  const own = [name, `ks-managed-kubectl-${name}`]
  return {
    User: {
      Name: name,
      UID: pick(next, ['', 'u1']),
      Groups: ['system:authenticated', 'g1', 'g2'].filter(() => next() < 0.5),
      Extra: {},
    },
    Verb: pick(next, words.verb),
    Cluster: pick(next, ['', 'host']),
    Workspace: pick(next, ['', 'alpha']),
    Namespace: pick(next, words.namespace),
    APIGroup: pick(next, words.group),
    APIVersion: 'v1',
    Resource: pick(next, words.resource),
    Subresource: pick(next, ['', 'exec', 'log']),
    Name: pick(next, next() < 0.5 ? own : words.name),
    KubernetesRequest: next() < 0.5,
    ResourceRequest: next() < 0.5,
    Path: pick(next, words.path),
    ResourceScope: pick(next, words.scope),
  }
}

const texts = [...new Set(Object.values(words).flat()), 'g1', 'k', 'e', 'a"b\\c', 'é']
const references = [
  'input.User.Name',
  'input.Verb',
  'input.Resource',
  'input.Name',
  'input.APIGroup',
  'input.ResourceScope',
  'input.KubernetesRequest',
  'input.User.Groups',
  'input.Missing',
  'input.User',
]

/** A module of one to three blocks out of the words, functions and spellings of the native subset, and some beside it. */
export function randomModule(next: Random): string {
  const blocks = Array.from({ length: 1 + Math.floor(next() * 3) }, () => block(next))
  const start = pick(next, ['default allow = false', 'default allow := false', ''])
  const join = pick(next, ['\n', '\n\n# and\n', '\n'])
  return `package authz\n${start}\n${blocks.join(join)}\n`
}

function block(next: Random): string {
  const variables: string[] = []
  const statements = Array.from({ length: 1 + Math.floor(next() * 3) }, () =>
    statement(next, variables),
  )
  const head = pick(next, ['allow {', 'allow = true {', 'allow := true {', 'allow = true if {'])
  return `${head} ${statements.join(pick(next, ['\n', '; ', ' # why\n']))} }`
}

function statement(next: Random, variables: string[]): string {
  const kind = next()
  if (kind < 0.25) {
    const name = pick(next, ['x', 'y', 'z', 'startswith', 'not', 'allow'])
    const value = next() < 0.5 ? list(next, variables) : term(next, variables, 1)
    variables.push(name)
    return next() < 0.3 ? `assign(${name}, ${value})` : `${name} := ${value}`
  }
  if (kind < 0.35) return term(next, variables, 2)
  const [left, right] = [term(next, variables, 2), term(next, variables, 2)]
  const ordered = next() < 0.5 ? [left, right] : [right, left]
  return next() < 0.3 ? `equal(${ordered.join(', ')})` : ordered.join(' == ')
}

function list(next: Random, variables: readonly string[]): string {
  const count = Math.floor(next() * 4)
  const items = Array.from({ length: count }, () => term(next, variables, 0))
  return `[${items.join(', ')}${count > 0 && next() < 0.1 ? ',' : ''}]`
}

function term(next: Random, variables: readonly string[], depth: number): string {
  const kind = next()
  if (variables.length > 0 && kind < 0.25) {
    return pick(next, variables) + (next() < 0.4 ? '[_]' : '')
  }
  if (kind < 0.55) return pick(next, references) + (next() < 0.1 ? '[_]' : '')
  if (kind < 0.75 || depth === 0) {
    return next() < 0.15 ? pick(next, ['true', 'false']) : JSON.stringify(pick(next, texts))
  }
  if (kind < 0.85) return `${list(next, variables)}${next() < 0.8 ? '[_]' : ''}`
  const [one, two] = [term(next, variables, depth - 1), term(next, variables, depth - 1)]
  if (kind < 0.9) return `concat(${one}, ${list(next, variables)})`
  const name = pick(next, ['startswith', 'endswith', 'trim_prefix', 'trim_suffix'])
  return `${name}(${one}, ${two})`
}
