import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { externalEffects } from '../../gateway/domain/effects.ts'
import {
  CLUSTERS,
  NAMESPACES,
  ROLE_BINDINGS,
  USERS,
  WORKSPACES,
  WORKSPACE_ROLES,
  WORKSPACE_ROLE_BINDINGS,
  WORKSPACE_TEMPLATES,
} from '../../gateway/domain/names.ts'
import type { Attributes, OperationScope } from '../../gateway/domain/operation.ts'
import { createTenant } from '../../gateway/domain/tenant/index.ts'
import type { KubeObject } from '../../gateway/kube/types.ts'
import { fakeCluster, scopeOf, type FakeCluster } from '../resources/support.ts'

/** What tenants see: resources-tenant.md §10.3 to §10.6, §10.9. */
const WORKSPACE = 'kubesphere.io/workspace'
const GRANTED = 'iam.kubesphere.io/granted-clusters'

const object = (name: string, metadata: object = {}, rest: object = {}): KubeObject => ({
  metadata: { name, uid: name, resourceVersion: '1', ...metadata },
  ...rest,
})
const inWorkspace = (workspace: string) => ({ labels: { [WORKSPACE]: workspace } })
const binding = (name: string, metadata: object, ...subjects: string[]): KubeObject =>
  object(name, metadata, {
    roleRef: { kind: 'Role', name: 'any' },
    subjects: subjects.map((subject) => {
      const [kind, of] = subject.split('/')
      return { kind, name: of }
    }),
  })

interface World {
  readonly host: FakeCluster
  readonly tenant: ReturnType<typeof createTenant>
  /** carol, in group `crew`, who may do what `may` allows. */
  readonly scope: (may?: (attributes: Attributes) => boolean) => OperationScope
}

function world(members: Record<string, FakeCluster> = {}): World {
  const host = fakeCluster()
  for (const [gvr, kind] of [
    [WORKSPACES, 'Workspace'],
    [WORKSPACE_TEMPLATES, 'WorkspaceTemplate'],
  ] as const) {
    host.seed(gvr, kind, [object('alpha'), object('beta'), object('gamma')])
  }
  host.seed(WORKSPACE_ROLE_BINDINGS, 'WorkspaceRoleBinding', [
    binding('w1', inWorkspace('alpha'), 'User/carol'),
    binding('w2', inWorkspace('alpha'), 'User/carol', 'User/dave'),
    binding('w3', inWorkspace('beta'), 'Group/crew'),
    binding('w4', inWorkspace('gone'), 'User/carol'),
    binding('w5', inWorkspace('gamma'), 'User/dave', 'Group/other'),
  ])
  host.seed(NAMESPACES, 'Namespace', [
    object('alpha-prod', inWorkspace('alpha'), { status: { phase: 'Active' } }),
    object('alpha-dev', inWorkspace('alpha'), { status: { phase: 'Terminating' } }),
    object('beta-prod', inWorkspace('beta'), { status: { phase: 'Active' } }),
    object('default'),
  ])
  host.seed(ROLE_BINDINGS, 'RoleBinding', [
    binding('r1', { namespace: 'alpha-prod' }, 'User/carol'),
    binding('r2', { namespace: 'alpha-prod' }, 'Group/crew'),
    binding('r3', { namespace: 'beta-prod' }, 'Group/crew'),
    binding('r4', { namespace: 'gone' }, 'User/carol'),
    binding('r5', { namespace: 'alpha-dev' }, 'User/dave'),
  ])
  const authorizer = {
    authorize: async () => ({ decision: 'NoOpinion' as const, reason: '' }),
  }
  const access = async (name: string) => members[name] ?? host
  const tenant = createTenant({ host, clusters: { access }, authorizer, effects: externalEffects })
  return {
    host,
    tenant,
    scope(may = () => false) {
      const scope = scopeOf(host, may)
      return { ...scope, user: { ...scope.user, groups: ['crew'] } }
    },
  }
}

const names = ({ items }: { items: readonly KubeObject[] }) =>
  items.map(({ metadata }) => metadata.name ?? '').toSorted()

describe('workspaces and their templates', () => {
  it('are those with a role for the user or a group, each once, gone ones left out', async () => {
    const { tenant, scope } = world()
    for (const list of [tenant.workspaces.list, tenant.templates.list]) {
      const page = await list.run(scope(), { query: {} })
      assert.deepEqual(names(page), ['alpha', 'beta'])
      assert.equal(page.totalItems, 2)
      const some = await list.run(scope(), { query: { filters: { name: 'bet' }, limit: 1 } })
      assert.deepEqual([names(some), some.totalItems], [['beta'], 1])
    }
  })

  it('are all for whoever may list workspaces of every group, and for nobody less', async () => {
    const { tenant, scope } = world()
    const all = scope(({ apiGroup, verb }) => apiGroup === '*' && verb === 'list')
    assert.deepEqual(names(await tenant.workspaces.list.run(all, { query: {} })), [
      'alpha',
      'beta',
      'gamma',
    ])
    const own = scope(({ apiGroup }) => apiGroup === 'tenant.kubesphere.io')
    assert.deepEqual(names(await tenant.workspaces.list.run(own, { query: {} })), ['alpha', 'beta'])
  })
})

describe('namespaces', () => {
  it('are those with a role for the user or a group, in a workspace only its own', async () => {
    const { tenant, scope } = world()
    const list = async (workspace?: string, filters?: Record<string, string>) =>
      names(await tenant.namespaces.list.run(scope(), { workspace, query: { filters } }))
    assert.deepEqual(await list(), ['alpha-prod', 'beta-prod'])
    assert.deepEqual(await list('alpha'), ['alpha-prod'])
    assert.deepEqual(await list('none'), [])
    // A filter of the caller's own does not widen it, and a status is not looked at here.
    assert.deepEqual(await list('alpha', { label: `${WORKSPACE}=beta` }), ['alpha-prod'])
    assert.deepEqual(await list('alpha', { status: 'Terminating' }), ['alpha-prod'])
  })

  it('are all, by their filters, for whoever may list them', async () => {
    const { tenant, scope } = world()
    const all = scope(
      ({ resource, workspace }) => resource === 'namespaces' && workspace === 'alpha',
    )
    const list = async (workspace: string, status?: string) => {
      const query = { filters: status ? { status } : {} }
      return names(await tenant.namespaces.list.run(all, { workspace, query }))
    }
    assert.deepEqual(await list('alpha'), ['alpha-dev', 'alpha-prod'])
    assert.deepEqual(await list('alpha', 'Terminating'), ['alpha-dev'])
    assert.deepEqual(await list('beta'), ['beta-prod'])
  })

  it('of a member are what the member sees, groups apart', async () => {
    const { tenant, scope } = world()
    const of = async (member: string) =>
      names(
        await tenant.namespaces.ofMember.run(scope(), { workspace: 'alpha', member, query: {} }),
      )
    assert.deepEqual(await of('dave'), ['alpha-dev'])
    assert.deepEqual(await of('carol'), ['alpha-prod'])
    assert.deepEqual(await of('nobody'), [])
  })

  it('are read through their own workspace only', async () => {
    const { tenant, scope } = world()
    const get = (workspace: string, namespace: string) =>
      tenant.namespaces.get.run(scope(), { workspace, namespace })
    assert.equal((await get('alpha', 'alpha-prod')).metadata.name, 'alpha-prod')
    await assert.rejects(get('beta', 'alpha-prod'), {
      code: 404,
      message: 'namespace "alpha-prod" not found',
    })
    await assert.rejects(get('beta', 'none'), { code: 404, message: 'Namespace "none" not found' })
  })
})

const ready = { conditions: [{ type: 'Ready', status: 'True' }] }
const cluster = (name: string, at: number, rest: object = {}): KubeObject =>
  object(
    name,
    { creationTimestamp: `2026-01-0${at}T00:00:00Z`, labels: { zone: `z${at % 2}` } },
    { spec: { connection: { kubeconfig: 'c2VjcmV0', token: 'secret' } }, status: ready, ...rest },
  )

describe('clusters', () => {
  const member = fakeCluster()
  Object.assign(member, { name: 'far' })
  member.seed(ROLE_BINDINGS, 'RoleBinding', [
    binding(
      'm1',
      { namespace: 'x', labels: { 'iam.kubesphere.io/user-ref': 'carol' } },
      'User/carol',
    ),
  ])
  const empty = fakeCluster()
  Object.assign(empty, { name: 'empty' })

  function withClusters(granted: string): World {
    const made = world({ far: member, empty, down: empty })
    made.host.seed(CLUSTERS, 'Cluster', [
      cluster('near', 1),
      cluster('far', 2),
      cluster('empty', 3),
      cluster('down', 4, { status: {} }),
    ])
    made.host.seed(USERS, 'User', [object('carol', { annotations: { [GRANTED]: granted } })])
    return made
  }

  it('are those that the account grants; those with a role too where that is asked', async () => {
    const { tenant, scope } = withClusters('near,gone, far')
    const list = async (query: object, roleBindingExists?: boolean) =>
      tenant.clusters.list.run(scope(), { query, roleBindingExists })
    assert.deepEqual(names(await list({})), ['near'])
    assert.deepEqual(names(await list({}, true)), ['far', 'near'])
    assert.deepEqual(names(await list({ labelSelector: 'zone=z0' }, true)), ['far'])
  })

  it('hole 24: carry no credentials, whoever asks', async () => {
    const { tenant, scope } = withClusters('near')
    for (const caller of [scope(), scope(() => true)]) {
      const text = JSON.stringify([
        await tenant.clusters.list.run(caller, { query: {}, roleBindingExists: true }),
        await tenant.clusters.ofWorkspace.run(caller, { workspace: 'alpha' }),
      ])
      assert.match(text, /near/)
      assert.doesNotMatch(text, /secret|c2VjcmV0/)
    }
  })

  it('need an account, unless the caller may list all of them', async () => {
    const { tenant, host, scope } = withClusters('')
    host.seed(USERS, 'User', [])
    await assert.rejects(tenant.clusters.list.run(scope(), { query: {} }), {
      code: 500,
      message: 'failed to describe user: User.iam.kubesphere.io "carol" not found',
    })
    const all = await tenant.clusters.list.run(
      scope(() => true),
      { query: {} },
    )
    assert.equal(all.totalItems, 4)
  })

  const placements: [placement: object, expected: string[]][] = [
    [{}, []],
    [{ clusters: [] }, []],
    [{ clusters: [{ name: 'far' }, { name: 'gone' }, { name: 'near' }] }, ['far', 'near']],
    [{ clusters: [], clusterSelector: {} }, []],
    [{ clusterSelector: {} }, ['down', 'empty', 'far', 'near']],
    [{ clusterSelector: { matchLabels: {} } }, ['down', 'empty', 'far', 'near']],
    [{ clusterSelector: { matchLabels: { zone: 'z1' } } }, ['empty', 'near']],
    [
      { clusterSelector: { matchExpressions: [{ key: 'zone', operator: 'DoesNotExist' }] } },
      ['down', 'empty', 'far', 'near'],
    ],
  ]
  for (const [placement, expected] of placements) {
    it(`of a workspace placed by ${JSON.stringify(placement)} are ${expected.join(' ') || 'none'}`, async () => {
      const { tenant, host, scope } = withClusters('')
      host.seed(WORKSPACE_TEMPLATES, 'WorkspaceTemplate', [
        object('alpha', {}, { spec: { placement } }),
      ])
      const page = await tenant.clusters.ofWorkspace.run(scope(), { workspace: 'alpha' })
      assert.deepEqual(
        page.items.map(({ metadata }) => metadata.name),
        expected,
      )
      assert.equal(page.totalItems, expected.length)
    })
  }

  it('of no workspace are a 404', async () => {
    const { tenant, scope } = withClusters('')
    await assert.rejects(tenant.clusters.ofWorkspace.run(scope(), { workspace: 'nope' }), {
      message: 'WorkspaceTemplate.tenant.kubesphere.io "nope" not found',
    })
  })
})

describe('numbers of the overview pages', () => {
  it('of the platform leave out what is zero or not the caller’s to see', async () => {
    const { tenant, host, scope } = world()
    host.seed(USERS, 'User', [object('carol'), object('dave')])
    host.seed(CLUSTERS, 'Cluster', [cluster('near', 1)])
    const count = async (of: OperationScope, query: object = {}) =>
      (await tenant.metrics.platform.run(of, { query })).map(
        ({ name, value }) => `${name} ${value}`,
      )
    assert.deepEqual(await count(scope()), ['platform_user_count 2', 'platform_workspace_count 2'])
    assert.deepEqual(await count(scope(), { filters: { name: 'nothing' }, limit: 1 }), [
      'platform_user_count 2',
    ])
    const plans = { group: 'kubesphere.io', version: 'v1alpha1', resource: 'installplans' }
    host.seed(plans, 'InstallPlan', [object('p')])
    const managed = {
      metadata: { name: 'm', uid: 'm', labels: { 'kubesphere.io/managed': 'true' } },
    }
    host.seed(CLUSTERS, 'Cluster', [cluster('near', 1), { ...cluster('m', 2), ...managed }])
    assert.deepEqual(await count(scope(() => true)), [
      'platform_user_count 2',
      'platform_installplan_count 1',
      'platform_workspace_count 3',
      'platform_cluster_count 1',
    ])
  })

  it('of a workspace count its roles, and the namespaces that the caller sees', async () => {
    const { tenant, host, scope } = world()
    host.seed(WORKSPACE_ROLES, 'WorkspaceRole', [object('a', inWorkspace('alpha')), object('b')])
    const counts = await tenant.metrics.workspace.run(scope(), { workspace: 'alpha', query: {} })
    assert.deepEqual(counts, [
      { name: 'workspace_workspacerolebinding_count', value: 2 },
      { name: 'workspace_workspacerole_count', value: 1 },
      { name: 'workspace_namespace_count', value: 1 },
    ])
    const none = await tenant.metrics.workspace.run(scope(), { workspace: 'none', query: {} })
    assert.equal(none.at(-1)?.value, 0)
  })
})
