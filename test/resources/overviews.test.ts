import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { externalEffects } from '../../gateway/domain/effects.ts'
import { createResources } from '../../gateway/domain/resources/index.ts'
import type { GVR, KubeObject } from '../../gateway/kube/types.ts'
import { fakeCluster, scopeOf, type FakeCluster } from './support.ts'

const resources = createResources({ effects: externalEffects, master: 'https://outside.example' })
const core = (resource: string): GVR => ({ group: '', version: 'v1', resource })
const apps = (resource: string): GVR => ({ group: 'apps', version: 'v1', resource })
const batch = (resource: string): GVR => ({ group: 'batch', version: 'v1', resource })

const object = (name: string, namespace: string, rest: object = {}): KubeObject => {
  const { metadata, ...members } = rest as { metadata?: object }
  return { metadata: { name, namespace, uid: `${namespace}/${name}`, ...metadata }, ...members }
}

const many = (count: number, namespace: string): KubeObject[] =>
  Array.from({ length: count }, (_, index) => object(`o${index}`, namespace))

describe('quotas', () => {
  const quota = (name: string, hard: object, used: object): KubeObject =>
    object(name, 'a', { status: { hard, used } })

  it('of a namespace are the least of each number over all its quotas, and what is left', async () => {
    const cluster = fakeCluster()
    cluster.seed(core('resourcequotas'), 'ResourceQuota', [
      quota('one', { 'limits.memory': '2Gi', pods: '10', cpu: '2' }, { pods: '4', cpu: '3' }),
      quota('two', { 'limits.memory': '1Gi', pods: '8' }, { 'limits.memory': '512Mi', pods: '5' }),
    ])
    cluster.seed(core('pods'), 'Pod', [...many(1000, 'a'), ...many(7, 'b')])
    assert.deepEqual(await resources.quotas.run(scopeOf(cluster), { namespace: 'a' }), {
      hard: { cpu: '2', 'limits.memory': '1Gi', pods: '8' },
      used: {
        'count/cronjobs.batch': '0',
        'count/daemonsets.apps': '0',
        'count/deployments.apps': '0',
        'count/ingresses.extensions': '0',
        'count/jobs.batch': '0',
        'count/pods': '1k',
        'count/services': '0',
        'count/statefulsets.apps': '0',
        cpu: '3',
        'limits.memory': '512Mi',
        persistentvolumeclaims: '0',
        pods: '4',
      },
      left: { cpu: '0', 'limits.memory': '512Mi', pods: '4' },
    })
  })

  it('of the cluster are what is there, thousands as exponents', async () => {
    const cluster = fakeCluster()
    cluster.seed(core('pods'), 'Pod', [...many(11_000, 'a'), ...many(1000, 'b')])
    cluster.seed(core('services'), 'Service', many(1500, 'a'))
    const { hard, used, left } = await resources.quotas.run(scopeOf(cluster), {})
    assert.deepEqual([hard, left], [{}, {}])
    assert.equal(used['count/pods'], '12e3')
    assert.equal(used['count/services'], '1500')
  })

  it('of a namespace that is not there are zeros', async () => {
    const { used } = await resources.quotas.run(scopeOf(fakeCluster()), { namespace: 'none' })
    assert.deepEqual(new Set(Object.values(used)), new Set(['0']))
    assert.equal(Object.keys(used).length, 9)
  })
})

describe('revisions', () => {
  const labels = { app: 'web', tier: 'x' }
  const workload = { spec: { template: { metadata: { labels } } } }
  const cluster = fakeCluster()
  for (const [resource, kind] of [
    ['deployments', 'Deployment'],
    ['daemonsets', 'DaemonSet'],
    ['statefulsets', 'StatefulSet'],
  ] as const) {
    cluster.seed(apps(resource), kind, [object('web', 'a', workload)])
  }
  const set = (name: string, revision: string, of: object = labels) =>
    object(name, 'a', {
      metadata: { labels: of, annotations: { 'deployment.kubernetes.io/revision': revision } },
    })
  cluster.seed(apps('replicasets'), 'ReplicaSet', [
    set('web-1', '1'),
    set('web-2', '2'),
    set('other-3', '3', { app: 'web' }),
  ])
  cluster.seed(apps('controllerrevisions'), 'ControllerRevision', [
    object('web-a', 'a', { metadata: { labels }, revision: 1 }),
    object('web-b', 'b', { metadata: { labels }, revision: 2 }),
  ])
  const at = (resource: 'deployments' | 'daemonsets' | 'statefulsets', revision: string) =>
    resources.revision.run(scopeOf(cluster), { resource, namespace: 'a', name: 'web', revision })

  it('are ReplicaSets of Deployments and ControllerRevisions of the others, by their number', async () => {
    assert.equal((await at('deployments', '2')).metadata.name, 'web-2')
    assert.equal((await at('daemonsets', '1')).metadata.name, 'web-a')
    assert.equal((await at('statefulsets', '+1')).metadata.name, 'web-a')
  })

  it('are not those of other labels or namespaces', async () => {
    await assert.rejects(at('deployments', '3'), { message: 'revision not found web#3' })
    await assert.rejects(at('daemonsets', '2'), { message: 'revision not found web#2' })
    const args = { resource: 'deployments', namespace: 'b', name: 'web', revision: '1' } as const
    await assert.rejects(resources.revision.run(scopeOf(cluster), args), {
      message: 'Deployment.apps "web" not found',
    })
  })
})

describe('workloads that are not well', () => {
  const status = (fields: object) => ({ status: fields })
  const failed = { conditions: [{ type: 'Failed', status: 'True' }] }
  const cluster = fakeCluster()
  cluster.seed(apps('deployments'), 'Deployment', [
    object('well', 'a', status({ replicas: 1, readyReplicas: 1 })),
    object('ill', 'a', status({ replicas: 2, readyReplicas: 1 })),
    object('ill', 'b', status({ replicas: 2 })),
  ])
  cluster.seed(batch('jobs'), 'Job', [
    object('done', 'a', status({ conditions: [{ type: 'Complete', status: 'True' }] })),
    object('failed', 'b', status(failed)),
  ])
  cluster.seed(core('persistentvolumeclaims'), 'PersistentVolumeClaim', [
    object('lost', 'a', status({ phase: 'Lost' })),
  ])

  it('are counted in a namespace and in all; claims never', async () => {
    const none = { daemonsets: 0, persistentvolumeclaims: 0, statefulsets: 0 }
    assert.deepEqual(await resources.abnormalWorkloads.run(scopeOf(cluster), {}), {
      ...none,
      deployments: 2,
      jobs: 1,
    })
    const inA = await resources.abnormalWorkloads.run(scopeOf(cluster), { namespace: 'a' })
    assert.deepEqual(inA, { ...none, deployments: 1, jobs: 0 })
  })
})

describe('components', () => {
  const created = { metadata: { creationTimestamp: '2026-01-01T00:00:00Z' } }
  const service = (name: string, namespace: string, selector?: object): KubeObject =>
    object(name, namespace, { ...created, spec: selector ? { selector } : {} })
  const pod = (name: string, phase: string, ready?: boolean): KubeObject =>
    object(name, 'kube-system', {
      metadata: { labels: { app: 'dns' } },
      status: { phase, ...(ready === undefined ? {} : { containerStatuses: [{ ready }] }) },
    })

  function platform(): FakeCluster {
    const cluster = fakeCluster()
    cluster.seed(core('services'), 'Service', [
      service('dns', 'kube-system', { app: 'dns' }),
      service('headless', 'kube-system'),
      service('console', 'kubesphere-system', { app: 'console' }),
      service('elsewhere', 'default', { app: 'dns' }),
    ])
    cluster.seed(core('pods'), 'Pod', [
      pod('a', 'Running', true),
      pod('b', 'Running', false),
      pod('c', 'Running'),
      pod('d', 'Pending'),
    ])
    cluster.seed(core('nodes'), 'Node', [
      object('n1', '', { status: { conditions: [{ type: 'Ready', status: 'True' }] } }),
      object('n2', '', { status: { conditions: [{ type: 'Ready', status: 'Unknown' }] } }),
    ])
    return cluster
  }

  it('are the Services with a selector in the system namespaces, with how many pods are ready', async () => {
    const found = await resources.components.list.run(scopeOf(platform()), {})
    assert.deepEqual(
      found.map(({ name, totalBackends, healthyBackends }) => [
        name,
        totalBackends,
        healthyBackends,
      ]),
      [
        ['console', 0, 0],
        ['dns', 4, 2],
      ],
    )
    assert.equal(found[1]?.startedAt, '2026-01-01T00:00:00Z')
    const health = await resources.components.health.run(scopeOf(platform()), {})
    assert.deepEqual([health.totalNodes, health.healthyNodes], [2, 1])
  })

  it('are nothing else by name', async () => {
    for (const name of ['nope', 'headless', 'elsewhere']) {
      await assert.rejects(resources.components.get.run(scopeOf(platform()), { name }), {
        message: `component ${name} has no selector`,
      })
    }
  })
})

describe('numbers of objects', () => {
  it('come in the order of the overview pages, roles as those of the platform', async () => {
    const cluster = fakeCluster()
    cluster.seed(core('pods'), 'Pod', [...many(3, 'a'), ...many(2, 'b')])
    const roles = { group: 'iam.kubesphere.io', version: 'v1beta1', resource: 'roles' }
    cluster.seed(roles, 'Role', many(4, 'a'))
    const rbac = { group: 'rbac.authorization.k8s.io', version: 'v1', resource: 'roles' }
    cluster.seed(rbac, 'Role', many(9, 'a'))
    const inA = await resources.overview.run(scopeOf(cluster), { namespace: 'a' })
    assert.deepEqual(
      inA.map(({ name, value }) => `${name} ${value}`.replace('namespace_', '')),
      [
        'pod_count 3',
        'deployment_count 0',
        'statefulset_count 0',
        'daemonset_count 0',
        'job_count 0',
        'cronjob_count 0',
        'persistentvolumeclaim_count 0',
        'service_count 0',
        'ingress_count 0',
        'role_count 4',
        'rolebinding_count 0',
      ],
    )
    const all = await resources.overview.run(scopeOf(cluster), {})
    assert.deepEqual(
      [all[0]?.name, all[1]?.name, all[1]?.value, all.at(-2)?.name, all.at(-1)?.name],
      [
        'cluster_namespace_count',
        'cluster_pod_count',
        5,
        'cluster_clusterrolebinding_count',
        'cluster_clusterrole_count',
      ],
    )
  })
})

describe('the kubeconfig of a user', () => {
  const of = (config: string | undefined) => {
    const cluster = fakeCluster()
    cluster.seed(core('secrets'), 'Secret', [
      object('kubeconfig-ann', 'kubesphere-system', {
        data: config === undefined ? {} : { config: btoa(config) },
      }),
    ])
    return resources.userKubeconfig.run(scopeOf(cluster), { user: 'ann' })
  }

  it('names the address that is set for the cluster local, and no other', async () => {
    const stored = {
      clusters: ['local', 'far'].map((name) => ({ name, cluster: { server: 'https://in.side' } })),
      'current-context': 'c',
    }
    const text = await of(JSON.stringify(stored))
    assert.match(text, /^apiVersion: v1\nclusters:\n/)
    assert.equal(text.match(/https:\/\/outside\.example/g)?.length, 1)
    assert.equal(text.match(/https:\/\/in\.side/g)?.length, 1)
  })

  it('is empty where nothing is stored, and an error where it cannot be read', async () => {
    assert.match(await of(undefined), /^apiVersion: v1\nclusters: null\n/)
    await assert.rejects(of('a: [unclosed'), { code: 500 })
    await assert.rejects(of('&a [*a, *a]'), { code: 500 })
    await assert.rejects(resources.userKubeconfig.run(scopeOf(fakeCluster()), { user: 'x' }), {
      code: 404,
      message: 'Secret "kubeconfig-x" not found',
    })
  })
})
