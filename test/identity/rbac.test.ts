import assert from 'node:assert/strict'
import { after, beforeEach, describe, test } from 'node:test'
import { pino } from 'pino'
import { createAuthorizer } from '../../gateway/domain/access/index.ts'
import {
  attributes,
  type Attributes,
  type Authorizer,
  type UserInfo,
} from '../../gateway/domain/operation.ts'
import { silentRego } from '../rego/support.ts'
import { createTestCluster, type TestCluster } from './cluster.ts'

const log = pino({ level: 'silent' })
const rego = silentRego()
after(() => rego[Symbol.asyncDispose]())
const everything = [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }]

let cluster: TestCluster
let authorizer: Authorizer
beforeEach(async () => {
  cluster = createTestCluster()
  authorizer = await createAuthorizer({ mode: 'RBAC', host: cluster.host, rego, log })
})

function who(name: string, groups: string[] = ['system:authenticated']): UserInfo {
  return { name, uid: '', groups, extra: {} }
}

interface Named {
  namespace?: string
  labels?: Record<string, string>
  created?: string
  annotations?: Record<string, string>
}

function meta(name: string, { namespace, labels, created, annotations }: Named) {
  return {
    name,
    ...(namespace ? { namespace } : {}),
    ...(labels ? { labels } : {}),
    ...(annotations ? { annotations } : {}),
    ...(created ? { creationTimestamp: created } : {}),
  }
}

function role(kind: string, name: string, rules: object[] = everything, of: Named = {}): void {
  cluster.put({ kind, metadata: meta(name, of), rules })
}

function bind(kind: string, name: string, roleRef: string, subject: object, of: Named = {}): void {
  const [refKind, refName] = roleRef.split('/')
  cluster.put({
    kind,
    metadata: meta(name, of),
    subjects: [subject],
    roleRef: { apiGroup: 'iam.kubesphere.io', kind: refKind, name: refName },
  })
}

const user = (name: string) => ({ kind: 'User', name })

async function reason(
  name: string,
  asked: Partial<Attributes>,
  groups?: string[],
): Promise<string> {
  const verdict = await authorizer.authorize(
    who(name, groups),
    attributes({ verb: 'get', ...asked }),
  )
  return verdict.decision === 'Allow' ? verdict.reason : verdict.reason || verdict.decision
}

const secrets = { resource: 'secrets', apiVersion: 'v1' }

describe('a binding reaches as far as its level', () => {
  test('global bindings reach everything', async () => {
    role('GlobalRole', 'platform-admin')
    bind('GlobalRoleBinding', 'admin', 'GlobalRole/platform-admin', user('admin'))
    for (const scope of ['Global', 'Cluster', 'Workspace', 'Namespace'] as const) {
      assert.equal(
        await reason('admin', { ...secrets, scope, namespace: 'ns' }),
        'RBAC: allowed by GlobalRoleBinding "admin" of GlobalRole "platform-admin" to User "admin"',
      )
    }
    assert.equal(await reason('eve', secrets), 'NoOpinion')
  })

  test('workspace bindings reach their workspace and its namespaces, whatever the URL says', async () => {
    role('WorkspaceRole', 'alpha-admin')
    const labels = { 'kubesphere.io/workspace': 'alpha' }
    bind('WorkspaceRoleBinding', 'a', 'WorkspaceRole/alpha-admin', user('alice'), { labels })
    cluster.put({ kind: 'Namespace', metadata: { name: 'alpha-prod', labels } })
    cluster.put({ kind: 'Namespace', metadata: { name: 'beta-prod' } })
    const allowed =
      'RBAC: allowed by GlobalRoleBinding "a" of WorkspaceRole "alpha-admin" to User "alice"'
    assert.equal(await reason('alice', { ...secrets, workspace: 'alpha' }), allowed)
    assert.equal(await reason('alice', { ...secrets, namespace: 'alpha-prod' }), allowed)
    assert.equal(await reason('alice', { ...secrets, workspace: 'beta' }), 'NoOpinion')
    assert.equal(
      await reason('alice', { ...secrets, namespace: 'beta-prod', workspace: 'alpha' }),
      'NoOpinion',
    )
    assert.equal(await reason('alice', { ...secrets, namespace: 'gone' }), 'NoOpinion')
    assert.equal(await reason('alice', secrets), 'NoOpinion')
    assert.equal(
      await reason('alice', { ...secrets, workspace: 'alpha', scope: 'Global' }),
      'NoOpinion',
    )
  })

  test('namespace bindings reach their namespace, also with a role of another level', async () => {
    role('Role', 'admin', everything, { namespace: 'prod' })
    role('ClusterRole', 'viewer', [{ verbs: ['get'], apiGroups: [''], resources: ['secrets'] }])
    bind('RoleBinding', 'c', 'Role/admin', user('carol'), { namespace: 'prod' })
    bind('RoleBinding', 'd', 'ClusterRole/viewer', user('dora'), { namespace: 'prod' })
    assert.equal(
      await reason('carol', { ...secrets, namespace: 'prod' }),
      'RBAC: allowed by RoleBinding "c/prod" of Role "admin" to User "carol"',
    )
    assert.match(
      await reason('dora', { ...secrets, namespace: 'prod' }),
      /^RBAC: allowed by RoleBinding "d\/prod"/,
    )
    assert.equal(await reason('dora', { ...secrets, namespace: 'prod', verb: 'list' }), 'NoOpinion')
    assert.equal(await reason('carol', { ...secrets, namespace: 'test' }), 'NoOpinion')
    assert.equal(await reason('carol', secrets), 'NoOpinion')
  })

  test('cluster bindings reach everything but the global scope', async () => {
    role('ClusterRole', 'cluster-admin')
    bind('ClusterRoleBinding', 'b', 'ClusterRole/cluster-admin', user('bob'))
    assert.match(await reason('bob', secrets), /^RBAC: allowed by ClusterRoleBinding "b"/)
    assert.match(await reason('bob', { ...secrets, workspace: 'w' }), /^RBAC: allowed/)
    assert.match(await reason('bob', { ...secrets, namespace: 'n' }), /^RBAC: allowed/)
    assert.equal(await reason('bob', { ...secrets, scope: 'Global' }), 'NoOpinion')
  })
})

test('rules match as their table says', async () => {
  const cases: [rule: object, asked: Partial<Attributes>, allowed: boolean][] = [
    [{ verbs: ['get'], apiGroups: [''], resources: ['pods'] }, { resource: 'pods' }, true],
    [
      { verbs: ['get'], apiGroups: [''], resources: ['pods'] },
      { resource: 'pods', subresource: 'log' },
      false,
    ],
    [
      { verbs: ['get'], apiGroups: [''], resources: ['pods/log'] },
      { resource: 'pods', subresource: 'log' },
      true,
    ],
    [
      { verbs: ['get'], apiGroups: [''], resources: ['*/log'] },
      { resource: 'pods', subresource: 'log' },
      true,
    ],
    [{ verbs: ['get'], apiGroups: [''], resources: ['*/log'] }, { resource: 'pods' }, false],
    [
      { verbs: ['get'], apiGroups: [''], resources: ['pods/*'] },
      { resource: 'pods', subresource: 'log' },
      false,
    ],
    [
      { verbs: ['get'], apiGroups: [''], resources: ['*'] },
      { resource: 'pods', subresource: 'log' },
      true,
    ],
    [{ verbs: ['get'], apiGroups: ['apps'], resources: ['*'] }, { resource: 'pods' }, false],
    [{ verbs: ['list'], apiGroups: ['*'], resources: ['*'] }, { resource: 'pods' }, false],
    [{ verbs: ['get'], resources: ['pods'] }, { resource: 'pods' }, false],
    [
      { verbs: ['get'], apiGroups: [''], resources: ['pods'], resourceNames: ['a'] },
      { resource: 'pods', name: 'a' },
      true,
    ],
    [
      { verbs: ['get'], apiGroups: [''], resources: ['pods'], resourceNames: ['a'] },
      { resource: 'pods', name: 'b' },
      false,
    ],
    [
      { verbs: ['get'], apiGroups: [''], resources: ['pods'], resourceNames: ['a'] },
      { resource: 'pods' },
      false,
    ],
    [
      { verbs: ['GET'], nonResourceURLs: ['/static/*'] },
      { verb: 'GET', path: '/static/images/x', resourceRequest: false, scope: '' },
      true,
    ],
    [
      { verbs: ['get'], nonResourceURLs: ['/static/*'] },
      { verb: 'GET', path: '/static/images/x', resourceRequest: false, scope: '' },
      false,
    ],
    [
      { verbs: ['*'], nonResourceURLs: ['/x'] },
      { verb: 'GET', path: '/xy', resourceRequest: false, scope: '' },
      false,
    ],
    [
      { verbs: ['*'], nonResourceURLs: ['*'] },
      { verb: 'GET', path: '/xy', resourceRequest: false, scope: '' },
      true,
    ],
    [{ verbs: ['*'], nonResourceURLs: ['*'] }, { resource: 'pods' }, false],
    [
      { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
      { verb: 'GET', path: '/x', resourceRequest: false, scope: '' },
      false,
    ],
  ]
  bind('GlobalRoleBinding', 'eve', 'GlobalRole/r', user('eve'))
  for (const [rule, asked, allowed] of cases) {
    role('GlobalRole', 'r', [rule])
    const text = await reason('eve', asked)
    assert.equal(text.startsWith('RBAC: allowed'), allowed, JSON.stringify([rule, asked, text]))
  }
})

test('subjects match users, groups, and service accounts of a named API group', async () => {
  role('GlobalRole', 'r')
  const sa = { kind: 'ServiceAccount', name: 'robot', namespace: 'ns' }
  const cases: [subject: object, name: string, groups: string[], wanted: string][] = [
    [
      { kind: 'Group', name: 'system:authenticated' },
      'eve',
      ['system:authenticated'],
      'to Group "system:authenticated"',
    ],
    [{ kind: 'Group', name: 'eve' }, 'eve', [], 'NoOpinion'],
    [
      { ...sa, apiGroup: 'kubesphere.io' },
      'kubesphere:serviceaccount:ns:robot',
      [],
      'to ServiceAccount "robot/ns"',
    ],
    [
      { ...sa, apiGroup: 'rbac.authorization.k8s.io' },
      'system:serviceaccount:ns:robot',
      [],
      'to ServiceAccount "robot/ns"',
    ],
    [sa, 'kubesphere:serviceaccount:ns:robot', [], 'NoOpinion'],
    [
      { ...sa, apiGroup: 'kubesphere.io', namespace: '' },
      'kubesphere:serviceaccount::robot',
      [],
      'NoOpinion',
    ],
    [{ kind: 'Robot', name: 'eve' }, 'eve', [], 'NoOpinion'],
  ]
  for (const [subject, name, groups, wanted] of cases) {
    bind('GlobalRoleBinding', 'b', 'GlobalRole/r', subject)
    assert.ok((await reason(name, secrets, groups)).endsWith(wanted), JSON.stringify(subject))
  }
})

describe('bindings that lead nowhere', () => {
  test('a missing role grants nothing and disturbs nothing', async () => {
    bind('GlobalRoleBinding', 'a', 'GlobalRole/gone', user('eve'))
    assert.equal(await reason('eve', secrets), 'NoOpinion')
    bind('ClusterRoleBinding', 'x', 'constructor/r', user('mallory'))
    assert.equal(
      await reason('mallory', secrets),
      'RBAC: unsupported role reference kind: "constructor"',
    )
  })
  test('a broken global binding is skipped, a broken other one ends the evaluation', async () => {
    role('ClusterRole', 'all')
    bind('ClusterRoleBinding', 'z', 'ClusterRole/all', user('eve'))
    bind('GlobalRoleBinding', 'a', 'Nonsense/x', user('eve'))
    assert.match(await reason('eve', secrets), /^RBAC: allowed/)
    bind('RoleBinding', 'b', 'Nonsense/y', user('eve'), { namespace: 'ns' })
    assert.equal(
      await reason('eve', { ...secrets, namespace: 'ns' }),
      'RBAC: unsupported role reference kind: "Nonsense"',
    )
  })
  test('a cache that cannot be had is named in the reason', async () => {
    cluster.missing.add('workspacerolebindings')
    cluster.missing.add('globalroles')
    const fresh = await createAuthorizer({ mode: 'RBAC', host: cluster.host, rego, log })
    const asked = attributes({ verb: 'get', resource: 'x', workspace: 'w' })
    assert.deepEqual(await fresh.authorize(who('eve'), asked), {
      decision: 'NoOpinion',
      reason: 'RBAC: workspacerolebindings is not served',
    })
  })
})

test('decisions follow the caches: a new rule, a removed binding, a changed policy', async () => {
  role('GlobalRole', 'r', [])
  bind('GlobalRoleBinding', 'b', 'GlobalRole/r', user('eve'))
  assert.equal(await reason('eve', secrets), 'NoOpinion')
  role('GlobalRole', 'r')
  assert.match(await reason('eve', secrets), /^RBAC: allowed/)
  const rego = 'package authz\nallow { input.Name == input.User.Name }'
  role('GlobalRole', 'r', [], { annotations: { 'iam.kubesphere.io/rego-override': rego } })
  assert.equal(await reason('eve', secrets), 'NoOpinion')
  assert.match(await reason('eve', { ...secrets, name: 'eve' }), /^RBAC: allowed/)
  bind('GlobalRoleBinding', 'b', 'GlobalRole/r', user('bob'))
  assert.equal(await reason('eve', { ...secrets, name: 'eve' }), 'NoOpinion')
  assert.match(await reason('bob', { ...secrets, name: 'bob' }), /^RBAC: allowed/)
  cluster.remove({ kind: 'GlobalRoleBinding', metadata: { name: 'b' } })
  assert.equal(await reason('bob', { ...secrets, name: 'bob' }), 'NoOpinion')
})

describe('a policy that is not read here', () => {
  const rego = (body: string) => ({
    annotations: {
      'iam.kubesphere.io/rego-override': `package authz\ndefault allow = false\n${body}`,
    },
  })
  test('is evaluated by OPA, every block and helper of it', async () => {
    const text = `allow { input.Name == "plain" }
      allow { mine; not frozen }
      mine { input.Name == input.User.Name }
      frozen { input.Verb != "get" }`
    role('GlobalRole', 'r', [], rego(text))
    bind('GlobalRoleBinding', 'b', 'GlobalRole/r', user('eve'))
    assert.equal(
      await reason('eve', { ...secrets, name: 'eve' }),
      'RBAC: allowed by GlobalRoleBinding "b" of GlobalRole "r" to User "eve"',
    )
    assert.match(await reason('eve', { ...secrets, name: 'plain' }), /^RBAC: allowed/)
    assert.equal(await reason('eve', { ...secrets, name: 'bob' }), 'NoOpinion')
    assert.equal(await reason('eve', { ...secrets, name: 'eve', verb: 'delete' }), 'NoOpinion')
  })
  test('says no when it is broken, and the other roles count', async () => {
    role('GlobalRole', 'broken', [], rego('allow {'))
    bind('GlobalRoleBinding', 'b', 'GlobalRole/broken', user('eve'))
    assert.equal(await reason('eve', secrets), 'NoOpinion')
    role('ClusterRole', 'c')
    bind('ClusterRoleBinding', 'c', 'ClusterRole/c', user('eve'))
    assert.match(await reason('eve', secrets), /^RBAC: allowed by ClusterRoleBinding "c"/)
  })
  test('is not asked where a rule or a policy that is read here allows', async () => {
    role('GlobalRole', 'endless', [], rego('allow { count(numbers.range(1, 1000000000)) > 0 }'))
    role('ClusterRole', 'c')
    bind('GlobalRoleBinding', 'b', 'GlobalRole/endless', user('eve'))
    bind('ClusterRoleBinding', 'c', 'ClusterRole/c', user('eve'))
    assert.match(await reason('eve', secrets), /^RBAC: allowed by ClusterRoleBinding "c"/)
  })
  test('that aggregation printed with "if" keeps its condition, beside what OPA alone reads', async () => {
    const text = `allow = true if { equal(input.Name, "x") }
      allow = true if { not input.KubernetesRequest; equal(input.Name, "y") }`
    role('GlobalRole', 'r', [], rego(text))
    bind('GlobalRoleBinding', 'b', 'GlobalRole/r', user('eve'))
    assert.match(await reason('eve', { ...secrets, name: 'y' }), /^RBAC: allowed/)
    assert.equal(await reason('eve', { ...secrets, name: 'z' }), 'NoOpinion')
  })
})

test('the newest binding is named as the reason', async () => {
  role('GlobalRole', 'r')
  bind('GlobalRoleBinding', 'old', 'GlobalRole/r', user('eve'), { created: '2026-01-01T00:00:00Z' })
  bind('GlobalRoleBinding', 'new', 'GlobalRole/r', user('eve'), { created: '2026-02-01T00:00:00Z' })
  assert.match(await reason('eve', secrets), /GlobalRoleBinding "new"/)
  bind('GlobalRoleBinding', 'newer', 'GlobalRole/r', user('eve'), {
    created: '2026-02-01T00:00:00Z',
  })
  assert.match(await reason('eve', secrets), /GlobalRoleBinding "newer"/)
})

test('the other modes look at nothing', async () => {
  const asked = attributes({ verb: 'get', resource: 'x' })
  const allow = await createAuthorizer({ mode: 'AlwaysAllow', host: cluster.host, rego, log })
  const deny = await createAuthorizer({ mode: 'AlwaysDeny', host: cluster.host, rego, log })
  assert.deepEqual(await allow.authorize(who('x'), asked), { decision: 'Allow', reason: '' })
  assert.deepEqual(await deny.authorize(who('x'), asked), {
    decision: 'Deny',
    reason: 'Everything is forbidden.',
  })
})

test('among 5000 bindings a decision looks at those of the user alone', async (t) => {
  role(
    'GlobalRole',
    'authenticated',
    Array.from({ length: 15 }, (_, at) => ({
      verbs: ['get'],
      apiGroups: [`g${at}`],
      resources: ['x'],
    })),
  )
  bind('GlobalRoleBinding', 'authenticated', 'GlobalRole/authenticated', {
    kind: 'Group',
    name: 'system:authenticated',
  })
  role('Role', 'viewer', [], { namespace: 'ns' })
  for (let at = 0; at < 5000; at++) {
    bind('RoleBinding', `b${at}`, 'Role/viewer', user(`u${at}`), { namespace: `ns${at % 50}` })
  }
  const asked = { ...secrets, namespace: 'ns7' }
  await reason('u7', asked)
  const gvr = { group: 'iam.kubesphere.io', version: 'v1beta1', resource: 'rolebindings' }
  const store = await cluster.host.caches.store(gvr)
  assert.equal(store.size, 5000)
  const scans = (['entries', 'byName', 'withLabel', 'view'] as const).map((name) =>
    t.mock.method(store, name),
  )
  for (let at = 0; at < 200; at++) await reason(`u${at}`, asked)
  assert.deepEqual(
    scans.map(({ mock }) => mock.callCount()),
    [0, 0, 0, 0],
  )
})
