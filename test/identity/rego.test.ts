import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { compileRego, type RegoInput } from '../../gateway/domain/access/index.ts'

function input(of: Partial<RegoInput> & { user?: string; groups?: string[] } = {}): RegoInput {
  const { user = 'eve', groups = [], ...rest } = of
  return {
    User: { Name: user, UID: '', Groups: groups, Extra: {} },
    Verb: 'get',
    Cluster: '',
    Workspace: '',
    Namespace: '',
    APIGroup: '',
    APIVersion: 'v1',
    Resource: '',
    Subresource: '',
    Name: '',
    KubernetesRequest: false,
    ResourceRequest: true,
    Path: '',
    ResourceScope: 'Cluster',
    ...rest,
  }
}

function compiled(text: string) {
  const policy = compileRego(text)
  assert.ok(policy, text)
  return policy
}

const module = (body: string) => `package authz\ndefault allow = false\nallow {\n${body}\n}\n`

function allows(body: string, asked: RegoInput): boolean {
  return compiled(module(body)).allows(asked)
}

describe('the policies that the platform ships', () => {
  const own = 'input.Resource == "users"\ninput.User.Name == input.Name'
  const member = `kinds := ["clustermembers", "workspacemembers"]
    kinds[_] == input.Resource; input.User.Name == input.Name
    verbs := ["get","list","watch"]
    verbs[_] == input.Verb`
  const pod = `input.Resource == "pods"
    podName := input.Name
    prefix := "ks-managed-kubectl-"
    startswith(podName, prefix) == true
    input.User.Name == trim_prefix(podName, prefix)`

  test('one-self', () => {
    assert.ok(allows(own, input({ Resource: 'users', Name: 'eve', Verb: 'delete' })))
    assert.ok(!allows(own, input({ Resource: 'users', Name: 'bob' })))
  })
  test('own memberships, for reading', () => {
    const asked = { Resource: 'workspacemembers', Name: 'eve' }
    assert.ok(allows(member, input(asked)))
    assert.ok(!allows(member, input({ ...asked, Verb: 'delete' })))
    assert.ok(!allows(member, input({ ...asked, Resource: 'namespacemembers' })))
  })
  test('the own kubectl pod', () => {
    assert.ok(allows(pod, input({ Resource: 'pods', Name: 'ks-managed-kubectl-eve' })))
    assert.ok(!allows(pod, input({ Resource: 'pods', Name: 'ks-managed-kubectl-bob' })))
    assert.ok(!allows(pod, input({ Resource: 'pods', Name: 'eve' })))
    const other = 'input.Name == concat("", ["ks-managed-kubectl-", input.User.Name])'
    assert.ok(allows(other, input({ Name: 'ks-managed-kubectl-eve' })))
  })
  test('several blocks, on one line or many, are joined by "or"', () => {
    const text = `package authz default allow = false allow = true {
      input.Verb == "get"
    } allow = true { input.Path == ["/api", "/api/v1"][_]; input.Verb == "GET" }`
    assert.ok(compiled(text).allows(input()))
    assert.ok(compiled(text).allows(input({ Verb: 'GET', Path: '/api/v1' })))
    assert.ok(!compiled(text).allows(input({ Verb: 'list', Path: '/api/v1' })))
  })
  test('as aggregation prints them again, their condition counts', () => {
    const text = `package authz

default allow = false

allow = true if { assign(scopes, ["Workspace", "Namespace"]); equal(scopes[_], input.ResourceScope); equal(["get"][_], input.Verb) }`
    const policy = compiled(text)
    assert.ok(policy.allows(input({ ResourceScope: 'Workspace' })))
    assert.ok(!policy.allows(input({ ResourceScope: 'Workspace', Verb: 'delete' })))
    assert.ok(!policy.allows(input({ ResourceScope: 'Global' })))
  })
})

test('statements mean what they mean to an evaluator of Rego v0', () => {
  const cases: [string, RegoInput, boolean][] = [
    ['input.User.Groups[_] == "g1"', input({ groups: ['g0', 'g1'] }), true],
    ['input.User.Groups[_] == "g1"', input(), false],
    ['input.KubernetesRequest', input({ KubernetesRequest: true }), true],
    ['input.KubernetesRequest == false', input({ KubernetesRequest: true }), false],
    ['input.Nope', input(), false],
    ['x := input.Name', input(), true],
    ['x := input.Nope', input(), false],
    ['trim_suffix(input.Name, "") == input.User.Name', input({ Name: 'eve' }), true],
    ['x := input.Name; y := [x, "b"]; y[_] == input.User.Name', input({ Name: 'eve' }), true],
    ['input.User.Groups == ["a","b"]', input({ groups: ['a', 'b'] }), true],
    ['false', input(), false],
    ['concat("-", [input.User.Groups[_], "b"]) == "g1-b"', input({ groups: ['g1'] }), true],
    ['startswith(input.KubernetesRequest, "t")', input({ KubernetesRequest: true }), false],
    ['input.Verb == [ "get",\n "list", ][_] # either', input(), true],
    ['input.Verb == "g\\u0065t"', input(), true],
  ]
  for (const [body, asked, wanted] of cases) assert.equal(allows(body, asked), wanted, body)
})

test('what lies outside the subset is left to OPA, with the module that it is in', () => {
  const bodies = [
    'input.Verb = "get"',
    'input.Verb != "list"',
    'not input.KubernetesRequest',
    'input.Verb == x; x := "get"',
    'x := "get"; x := "get"; input.Verb == x',
    'some i; ["get"][i] == input.Verb',
    'data.x == "get"',
    'http.send({"method": "get", "url": "http://x"}).status_code == 200',
    'input . Verb == "get"',
    'input.Verb == "get" input.Name == ""',
    'startswith(input.Verb, "g", x)',
    '"get" == true',
    '["get"] == ["get"]',
    'startswith(true, input.Verb)',
    'x := "get"; x[_] == input.Verb',
    '["get", true][_] == input.Verb',
    'not := input.Verb; not == "get"',
    'input.with.x == "get"',
    `${'['.repeat(5000)}${']'.repeat(5000)} == input.Verb`,
    '',
  ]
  const good = 'allow { input.Verb == "get" }'
  for (const body of bodies) {
    assert.equal(compileRego(module(body)), undefined, body)
    assert.equal(compileRego(module(body) + good), undefined, body)
  }
})

test('a module with anything but allow blocks is left to OPA', () => {
  const good = 'allow { input.Verb == "get" }'
  const texts = [
    `package other\n${good}`,
    good,
    `package authz\ndefault allow = true\n${good}`,
    `package authz\n${good}\nallow = false { input.Verb == "get" }`,
    `package authz\n${good}\nhelper { true }`,
    `package authz\nimport data.x\n${good}`,
    `package authz\nallow if { input.Verb == "get" }`,
    `package authz\nallow { input.Verb == "get"`,
    `package authz\nallow = true`,
    '',
  ]
  for (const text of texts) {
    assert.equal(compileRego(text), undefined, text)
  }
})
