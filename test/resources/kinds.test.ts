import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createResources, type ListQuery } from '../../gateway/domain/resources/index.ts'
import { kinds } from '../../gateway/domain/resources/kinds/index.ts'
import { externalEffects } from '../../gateway/domain/effects.ts'
import type { KubeObject } from '../../gateway/kube/types.ts'
import { fakeCluster, scopeOf, type FakeCluster } from './support.ts'

const resources = createResources({ effects: externalEffects })

function object(name: string, rest: Record<string, unknown> = {}, namespace?: string): KubeObject {
  const { metadata, ...members } = rest
  return {
    metadata: { name, uid: name, ...(namespace ? { namespace } : {}), ...(metadata as object) },
    ...members,
  }
}

function seed(cluster: FakeCluster, resource: string, objects: KubeObject[]): void {
  const kind = kinds.get(resource) ?? assert.fail(resource)
  cluster.seed(kind, kind.kind, objects)
}

async function names(
  cluster: FakeCluster,
  resource: string,
  filters: ListQuery['filters'],
  namespace?: string,
): Promise<string> {
  const query = { filters, sortBy: 'name', ascending: true }
  const page = await resources.list.run(scopeOf(cluster), { resource, namespace, query })
  return page.items.map(({ entry }) => entry.name).join(' ')
}

describe('registered kinds', () => {
  it('are the ones of the contract', () => {
    assert.equal(kinds.size, 33)
    for (const absent of ['storageclasses', 'events', 'replicasets', 'extensions']) {
      assert.equal(kinds.has(absent), false)
    }
  })

  it('are asked for by plural, with a namespace only where they have one', async () => {
    const scope = scopeOf(fakeCluster())
    const unsupported = { code: 404, message: 'resource is not supported' }
    const list = resources.list.run.bind(resources.list)
    await assert.rejects(list(scope, { resource: 'storageclasses', query: {} }), unsupported)
    await assert.rejects(list(scope, { resource: 'nodes', namespace: 'x', query: {} }), unsupported)
    await assert.rejects(resources.get.run(scope, { resource: 'pods', name: 'foo' }), {
      message: 'Thing "foo" not found'.replace('Thing', 'Pod'),
    })
  })
})

describe('filters of pods', () => {
  const cluster = fakeCluster()
  const web = (name: string, rest: Record<string, unknown>): KubeObject =>
    object(
      name,
      { metadata: { labels: { app: 'web' }, ...(rest['metadata'] as object) }, ...rest },
      'a',
    )
  const owner = (kind: string, name: string) => ({
    kind,
    name,
    uid: `${kind}-${name}`,
    apiVersion: 'v1',
  })
  seed(cluster, 'pods', [
    {
      ...web('one', {
        spec: {
          nodeName: 'n1',
          volumes: [{ persistentVolumeClaim: { claimName: 'data' } }, { emptyDir: {} }],
        },
        status: { phase: 'Running', podIPs: [{ ip: '10.1.0.2' }] },
      }),
    },
    object(
      'two',
      {
        metadata: { ownerReferences: [owner('ReplicaSet', 'web-1')] },
        status: { phase: 'Failed', podIPs: [] },
      },
      'a',
    ),
  ])
  seed(cluster, 'services', [
    object('web', { spec: { selector: { app: 'web' } } }, 'a'),
    object('none', { spec: {} }, 'a'),
  ])
  cluster.seed({ group: 'apps', version: 'v1', resource: 'replicasets' }, 'ReplicaSet', [
    object('web-1', { metadata: { ownerReferences: [owner('Deployment', 'web')] } }, 'a'),
  ])
  const rows: [filter: string, value: string, expected: string][] = [
    ['nodeName', 'n1', 'one'],
    ['nodeName', '', 'two'],
    ['pvcName', 'data', 'one'],
    ['pvcName', '', ''],
    ['phase', 'Failed', 'two'],
    ['status', 'Error', 'two'],
    ['status', 'error', ''],
    ['podIP', '10.1', 'one'],
    ['podIP', '', 'one'],
    ['podIP', 'IP', 'one'],
    ['serviceName', 'web', 'one'],
    ['serviceName', 'none', ''],
    ['serviceName', 'missing', ''],
    ['ownerReference', 'ReplicaSet-web-1', 'two'],
    ['ownerReference', 'Deployment-web', 'two'],
    ['ownerReference', '', ''],
    ['ownerKind', 'ReplicaSet', 'two'],
    ['fieldSelector', 'metadata.name=nope', 'one two'],
  ]
  for (const [filter, value, expected] of rows) {
    it(`${filter}=${value}: ${expected || 'none'}`, async () => {
      assert.equal(await names(cluster, 'pods', { [filter]: value }), expected)
    })
  }
})

describe('filters of other kinds', () => {
  const cluster = fakeCluster()
  seed(cluster, 'persistentvolumeclaims', [
    object('bound', { spec: { storageClassName: 'fast' }, status: { phase: 'Bound' } }, 'a'),
    object('waits', { spec: {}, status: { phase: 'Pending' } }, 'a'),
  ])
  seed(cluster, 'persistentvolumes', [object('pv', { status: { phase: 'Available' } })])
  seed(cluster, 'namespaces', [object('ns', { status: { phase: 'Active' } })])
  seed(cluster, 'labels', [object('l1', { spec: { key: 'env', value: 'prod' } })])
  seed(cluster, 'secrets', [
    object('opaque', { type: 'Opaque' }, 'a'),
    object('docker', { type: 'kubernetes.io/dockerconfigjson' }, 'a'),
  ])
  seed(cluster, 'customresourcedefinitions', [
    object('things.example.io', { spec: { names: { kind: 'Gadget' } } }),
  ])
  seed(cluster, 'cronjobs', [object('c', { spec: { suspend: true } }, 'a')])
  seed(cluster, 'nodes', [
    object('ok', { status: { conditions: [{ type: 'Ready', status: 'True' }] } }),
    object('odd', { status: { conditions: [{ type: 'Ready', status: 'Unknown' }] } }),
    object('off', { spec: { unschedulable: true } }),
  ])
  seed(cluster, 'globalroles', [
    object('all', {
      metadata: { annotations: { 'iam.kubesphere.io/aggregation-roles': '["r1","gone","r2"]' } },
    }),
    object('bad', { metadata: { annotations: { 'iam.kubesphere.io/aggregation-roles': '{' } } }),
    object('r1', { metadata: { labels: { x: 'y' } } }),
    object('r2'),
  ])
  const rows: [resource: string, filter: string, value: string, expected: string][] = [
    ['persistentvolumeclaims', 'status', 'bound', 'bound'],
    ['persistentvolumeclaims', 'status', 'pending|lost', ''],
    ['persistentvolumeclaims', 'storageClassName', 'fast', 'bound'],
    ['persistentvolumeclaims', 'storageClassName', '', ''],
    ['persistentvolumes', 'status', 'available', 'pv'],
    ['namespaces', 'status', 'active', ''],
    ['namespaces', 'status', 'Active', 'ns'],
    ['labels', 'name', 'prod', 'l1'],
    ['labels', 'names', 'l1', ''],
    ['labels', 'anything', 'x', ''],
    ['secrets', 'fieldSelector', 'type!=Opaque', 'docker'],
    ['secrets', 'fieldSelector', 'missing!=x', ''],
    ['customresourcedefinitions', 'name', 'Gadg', 'things.example.io'],
    ['customresourcedefinitions', 'nameAndAlias', 'Gadg', ''],
    ['cronjobs', 'status', 'paused', 'c'],
    ['nodes', 'status', 'warning', 'odd'],
    ['nodes', 'status', 'unschedulable', 'off'],
    ['nodes', 'status', 'running', 'ok'],
    ['globalroles', 'aggregateTo', 'all', 'r1 r2'],
    ['globalroles', 'aggregateTo', 'bad', ''],
    ['globalroles', 'aggregateTo', 'missing', ''],
    ['globalroles', 'aggregateTo', '', 'all bad r1 r2'],
  ]
  for (const [resource, filter, value, expected] of rows) {
    it(`${resource} ${filter}=${value}: ${expected || 'none'}`, async () => {
      assert.equal(await names(cluster, resource, { [filter]: value }), expected)
    })
  }
})

describe('users', () => {
  const cluster = fakeCluster()
  const binding = (name: string, role: string, user: string, rest: object = {}): KubeObject => ({
    metadata: { name, ...rest },
    roleRef: { name: role },
    subjects: [
      { kind: 'User', name: user },
      { kind: 'Group', name: 'g' },
    ],
  })
  seed(cluster, 'users', [
    object('ann', { spec: { email: 'ann@x', groups: ['g', 'h'] } }),
    object('ben', { spec: { email: 'ben@x' } }),
  ])
  seed(cluster, 'globalrolebindings', [
    binding('b1', 'admin', 'ann'),
    binding('b2', 'admin', 'gone'),
  ])
  seed(cluster, 'workspacerolebindings', [
    binding('w1', 'viewer', 'ben', { labels: { 'kubesphere.io/workspace': 'w' } }),
  ])
  cluster.seed(
    { group: 'iam.kubesphere.io', version: 'v1beta1', resource: 'rolebindings' },
    'RoleBinding',
    [binding('n1', 'operator', 'ann', { namespace: 'p' })],
  )
  const rows: [filters: Record<string, string>, expected: string, annotation?: [string, string]][] =
    [
      [{ email: 'ann@x' }, 'ann'],
      [{ ingroup: 'g' }, 'ann'],
      [{ notingroup: 'g' }, 'ben'],
      [{ globalrole: 'admin' }, 'ann', ['iam.kubesphere.io/globalrole', 'admin']],
      [{ workspace: 'w' }, 'ben', ['iam.kubesphere.io/workspacerole', 'viewer']],
      [{ workspace: 'w', workspacerole: 'other' }, ''],
      [{ namespace: 'p', role: 'operator' }, 'ann', ['iam.kubesphere.io/role', 'operator']],
      [{ cluster: 'true' }, 'ben', ['iam.kubesphere.io/clusterrole', 'viewer']],
      [{ cluster: 'yes' }, 'ann ben'],
      [{ workspacerole: 'viewer' }, 'ann ben'],
    ]
  for (const [filters, expected, annotation] of rows) {
    it(`${JSON.stringify(filters)}: ${expected || 'none'}`, async () => {
      assert.equal(await names(cluster, 'users', filters), expected)
      if (!annotation) return
      const { items } = await resources.list.run(scopeOf(cluster), {
        resource: 'users',
        query: { filters },
      })
      assert.equal(items[0]?.object.metadata.annotations?.[annotation[0]], annotation[1])
    })
  }
})

describe('orders of workloads', () => {
  it('go by the last change and by status word', async () => {
    const cluster = fakeCluster()
    const condition = (type: string, at: number) => ({
      status: {
        conditions: [{ type, status: 'True', lastTransitionTime: `2026-01-0${at}T00:00:00Z` }],
      },
    })
    seed(cluster, 'jobs', [
      object('a', condition('Failed', 3), 'n'),
      object('b', condition('Complete', 1), 'n'),
      object('c', condition('Other', 2), 'n'),
    ])
    const order = async (sortBy: string): Promise<string> => {
      const query = { sortBy }
      const { items } = await resources.list.run(scopeOf(cluster), { resource: 'jobs', query })
      return items.map(({ entry }) => entry.name).join('')
    }
    assert.equal(await order('updateTime'), 'acb')
    assert.equal(await order('status'), 'cab')
  })
})
