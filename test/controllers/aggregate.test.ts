import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  aggregate,
  covers,
  takesIn,
  type AggregatedRole,
} from '../../gateway/embedded/controllers/aggregate.ts'
import { allowBlocks, joinRego } from '../../gateway/embedded/controllers/rego-join.ts'
import { fnv64a, scopedRoleName } from '../../gateway/embedded/controllers/role-name.ts'
import { matches } from '../../gateway/embedded/controllers/selector.ts'
import { manageScopes, regoModule, viewScopes } from '../../gateway/embedded/seeds/rego.ts'
import { everything, rule, type PolicyRule } from '../../gateway/embedded/seeds/rules.ts'
import type { KubeObject } from '../../gateway/kube/types.ts'

function template(
  name: string,
  rules: PolicyRule[],
  labels: Record<string, string> = {},
): KubeObject {
  return {
    kind: 'RoleTemplate',
    metadata: { name, labels: { 'iam.kubesphere.io/scope': 'namespace', ...labels } },
    spec: { rules },
  }
}

function role(of: Partial<AggregatedRole>): AggregatedRole {
  return { kind: 'Role', metadata: { name: 'dev' }, rules: [], ...of }
}

const view = template('view', [rule('', 'pods,services', 'get,list')], { team: 'a' })
const manage = template('manage', [rule('', 'pods', '*')], { team: 'b' })

describe('aggregation of role templates', () => {
  it('takes the rules of named templates, one permission each, and forgets names that do not exist', () => {
    const draft = role({ aggregationRoleTemplates: { templateNames: ['view', 'none'] } })
    aggregate(draft, [view, manage])
    assert.deepEqual(draft.aggregationRoleTemplates, { templateNames: ['view'] })
    assert.deepEqual(draft.rules, [
      rule('', 'pods', 'get'),
      rule('', 'pods', 'list'),
      rule('', 'services', 'get'),
      rule('', 'services', 'list'),
    ])
  })

  it('lets a selector decide the names anew', () => {
    const roleSelector = { matchLabels: { team: 'b' } }
    const draft = role({ aggregationRoleTemplates: { roleSelector, templateNames: ['view'] } })
    aggregate(draft, [view, manage])
    assert.deepEqual(draft.aggregationRoleTemplates?.templateNames, ['manage'])
    assert.deepEqual(draft.rules, [rule('', 'pods', '*')])
  })

  it('adds nothing that the role allows already and never takes a rule away', () => {
    const own = rule('apps', 'deployments', 'delete')
    const draft = role({
      rules: [own, rule('', 'pods', '*')],
      aggregationRoleTemplates: { templateNames: ['view'] },
    })
    aggregate(draft, [view])
    assert.deepEqual(draft.rules?.slice(0, 2), [own, rule('', 'pods', '*')])
    assert.deepEqual(draft.rules?.slice(2), [
      rule('', 'services', 'get'),
      rule('', 'services', 'list'),
    ])
  })

  it('does not bring a template of another scope in by its name', () => {
    const global = template('everything', [everything], { 'iam.kubesphere.io/scope': 'global' })
    const draft = role({ aggregationRoleTemplates: { templateNames: ['everything'] } })
    aggregate(draft, [global])
    assert.deepEqual(draft.rules, [])
  })

  it('leaves a role alone that asks for nothing, and one that is complete', () => {
    const plain = role({})
    aggregate(plain, [view])
    assert.deepEqual(plain, role({}))
    const complete = role({ aggregationRoleTemplates: { templateNames: ['manage', 'view'] } })
    aggregate(complete, [view, manage])
    const again = structuredClone(complete)
    aggregate(again, [manage, view])
    assert.deepEqual(again, complete)
  })

  it('takes a new template in where auto-aggregation, scope and selector say so', () => {
    const waiting = role({
      metadata: { name: 'dev', annotations: { 'iam.kubesphere.io/auto-aggregate': 'true' } },
      aggregationRoleTemplates: { roleSelector: { matchLabels: { team: 'a' } } },
    })
    assert.equal(takesIn(waiting, view), true)
    assert.equal(takesIn(waiting, manage), false)
    assert.equal(takesIn(role({ aggregationRoleTemplates: {} }), view), false)
  })
})

describe('rules that cover others', () => {
  const part = (groups: string, resources: string, verbs: string) => rule(groups, resources, verbs)
  it('know wildcards of groups, resources, sub-resources and verbs', () => {
    assert.equal(covers(everything, part('apps', 'deployments', 'delete')), true)
    assert.equal(covers(part('', '*/log', 'get'), part('', 'pods/log', 'get')), true)
    assert.equal(covers(part('', 'pods', 'get'), part('', 'pods/log', 'get')), false)
    assert.equal(covers(part('', 'pods', 'get'), part('', 'pods', 'list')), false)
  })

  it('keep names and URLs apart from everything else', () => {
    const named = { ...part('', 'pods', 'get'), resourceNames: ['a'] }
    assert.equal(covers(named, part('', 'pods', 'get')), false)
    assert.equal(covers(part('', 'pods', 'get'), named), true)
    const url = { nonResourceURLs: ['/api/v1'], verbs: ['get'] }
    assert.equal(covers({ nonResourceURLs: ['/api/*'], verbs: ['get'] }, url), true)
    assert.equal(covers(everything, url), false)
  })
})

describe('joined policies', () => {
  const seen = regoModule(viewScopes)
  const done = regoModule(manageScopes)

  it('hold every block once', () => {
    const joined = joinRego(undefined, [seen, done, seen]) ?? ''
    assert.equal(allowBlocks(joined)?.length, 2)
    assert.equal(joinRego(joined, [done]), joined)
    assert.equal(joinRego(undefined, []), undefined)
  })

  it('are read in the forms that other controllers write', () => {
    const folded =
      'package authz default allow = false allow = true { input.A == "}" } allow = true { input.B == 1 }'
    assert.deepEqual(allowBlocks(folded), ['input.A == "}"', 'input.B == 1'])
    const printed =
      'package authz\n\ndefault allow = false # no\nallow = true if { equal(input.A, 1) }'
    assert.deepEqual(allowBlocks(printed), ['equal(input.A, 1)'])
  })

  it('never replace a text that holds more than that', () => {
    const own = 'package authz\nimport data.x\ndefault allow = false\nallow { x.ok }'
    assert.equal(joinRego(own, [seen]), own)
    assert.equal(joinRego(undefined, [own, own]), own)
    assert.equal(joinRego(undefined, [own, seen]), undefined)
  })
})

describe('names and selectors', () => {
  it('shorten role names of long workspaces by a hash', () => {
    assert.equal(scopedRoleName('demo', 'admin'), 'demo-admin')
    const long = 'w'.repeat(60)
    assert.equal(scopedRoleName(long, 'admin'), `admin.${fnv64a(long)}`)
    assert.equal(fnv64a(''), 'cbf29ce484222325')
    assert.equal(fnv64a('a'), 'af63dc4c8601ec8c')
  })

  it('match labels and expressions together', () => {
    const selector = {
      matchLabels: { a: '1' },
      matchExpressions: [
        { key: 'b', operator: 'In', values: ['x', 'y'] },
        { key: 'c', operator: 'DoesNotExist' },
        { key: 'd', operator: 'NotIn', values: ['z'] },
      ],
    }
    assert.equal(matches(selector, { a: '1', b: 'y' }), true)
    assert.equal(matches(selector, { a: '1', b: 'y', c: '' }), false)
    assert.equal(matches(selector, { a: '1' }), false)
    assert.equal(
      matches({ matchExpressions: [{ key: 'a', operator: 'Unknown' }] }, { a: '1' }),
      false,
    )
    assert.equal(matches({}, {}), true)
  })
})
