import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { externalEffects } from '../../gateway/domain/effects.ts'
import { CLUSTERS, CLUSTER_ROLE_BINDINGS, WORKSPACE_TEMPLATES } from '../../gateway/domain/names.ts'
import { createTenant, type JsonPatchOperation } from '../../gateway/domain/tenant/index.ts'
import type { KubeObject } from '../../gateway/kube/types.ts'
import { ApiError } from '../../gateway/lib/errors.ts'
import { fakeCluster, pick, random, scopeOf, type FakeCluster } from '../resources/support.ts'

const PUBLIC = { 'cluster.kubesphere.io/visibility': 'public' }

interface Placement {
  clusters?: { name: string }[]
  clusterSelector?: { matchLabels?: Record<string, string> }
}

const cluster = (name: string, labels: Record<string, string> = {}): KubeObject => ({
  metadata: { name, uid: name, resourceVersion: '1', labels },
})

/** Workspace `alpha` in the clusters `mine` and `closed`; `open` is public, `mine` carol's. */
function stage(placement: object) {
  const host = fakeCluster()
  const far = fakeCluster()
  Object.assign(far, { name: 'mine' })
  far.seed(CLUSTER_ROLE_BINDINGS, 'ClusterRoleBinding', [
    {
      metadata: { name: 'b', labels: { 'iam.kubesphere.io/user-ref': 'carol' } },
      roleRef: { kind: 'ClusterRole', name: 'cluster-admin' },
      subjects: [{ kind: 'User', name: 'carol' }],
    },
  ])
  host.seed(CLUSTERS, 'Cluster', [
    cluster('mine', { zone: 'a' }),
    cluster('closed', { zone: 'b' }),
    cluster('open', PUBLIC),
  ])
  host.seed(WORKSPACE_TEMPLATES, 'WorkspaceTemplate', [
    {
      metadata: { name: 'alpha', uid: 'alpha', resourceVersion: '5' },
      spec: { placement, template: { metadata: {}, spec: { manager: 'ann' } } },
    },
  ])
  const access = async (name: string) => (name === 'mine' ? far : host)
  const authorizer = { authorize: async () => ({ decision: 'NoOpinion' as const, reason: '' }) }
  const deps = { host, clusters: { access }, authorizer, effects: externalEffects }
  return { host, tenant: createTenant(deps) }
}

async function template(host: FakeCluster): Promise<KubeObject> {
  const entry = (await host.caches.store(WORKSPACE_TEMPLATES)).get('', 'alpha')
  return entry?.object ?? assert.fail()
}

const nobody = () => false
const place = '/spec/placement'
const placed = { clusters: [{ name: 'mine' }, { name: 'closed' }] }

describe('hole 5: the placement of a workspace', () => {
  const refused: JsonPatchOperation[][] = [
    [{ op: 'add', path: `${place}/clusters`, value: null }],
    [{ op: 'add', path: place, value: null }],
    [{ op: 'add', path: place, value: {} }],
    [{ op: 'add', path: place, value: { clusterSelector: {} } }],
    [{ op: 'add', path: place, value: { clusters: [], clusterSelector: { matchLabels: {} } } }],
    [{ op: 'add', path: `${place}/clusterSelector`, value: {} }],
    [{ op: 'add', path: `${place}/clusters`, value: { clusters: [{ name: 'open' }] } }],
    [{ op: 'add', path: `${place}/clusters/-`, value: { name: '', clusters: [] } }],
    [{ op: 'add', path: `${place}/clusters/-`, value: { name: null } }],
    [{ op: 'add', path: `${place}/clusters/-`, value: { name: 'closed' } }],
    [{ op: 'add', path: `${place}/clusters/1/name`, value: 'open' }],
    [{ op: 'remove', path: place, value: { name: 'open' } }],
    [{ op: 'remove', path: `${place}/clusters`, value: { name: 'mine' } }],
    [{ op: 'remove', path: `${place}/clusters/1`, value: { name: 'mine' } }],
    [{ op: 'remove', path: `${place}/clusters/1`, value: {} }],
    [{ op: 'replace', path: `${place}/clusters`, value: [] }],
    [{ op: 'move', from: `${place}/clusters`, path: '/spec/template/x' }],
    [{ op: 'copy', from: '/spec/template/metadata', path: place }],
    [{ op: 'replace', path: '/spec', value: {} }],
    [{ op: 'replace', path: '', value: { metadata: { name: 'alpha' }, spec: {} } }],
    [{ op: 'add', path: '/spec/placementX', value: {} }],
    [{ op: 'add', path: '/metadata/labels', value: { a: 'b' } }],
    [
      { op: 'add', path: `${place}/clusters/-`, value: { name: 'open' } },
      { op: 'remove', path: `${place}/clusters/1`, value: {} },
    ],
  ]
  for (const patch of refused) {
    it(`is not changed by ${JSON.stringify(patch)} without the right to`, async () => {
      const { host, tenant } = stage(placed)
      const before = await template(host)
      const run = tenant.templates.patch.run(scopeOf(host, nobody), { workspace: 'alpha', patch })
      await assert.rejects(run, ApiError)
      assert.deepEqual(await template(host), before)
      assert.equal(host.calls.length, 0)
    })
  }

  it('is changed by clusters that are public or the caller’s own, if nothing was written meanwhile', async () => {
    const { host, tenant } = stage(placed)
    const patch: JsonPatchOperation[] = [
      { op: 'add', path: `${place}/clusters/-`, value: { name: 'open' } },
      { op: 'remove', path: `${place}/clusters/0`, value: { name: 'mine' } },
    ]
    await tenant.templates.patch.run(scopeOf(host, nobody), { workspace: 'alpha', patch })
    const spec = (await template(host))['spec'] as { placement: Placement }
    assert.deepEqual(spec.placement.clusters, [{ name: 'closed' }, { name: 'open' }])
    const sent = (host.calls[0]?.body ?? []) as unknown as unknown[]
    assert.deepEqual(sent[0], {
      op: 'test',
      path: '/metadata/resourceVersion',
      value: '5',
    })
  })

  it('stays what it is for clusters of others, whatever the patch (1000 random ones)', async () => {
    const next = random(7)
    let accepted = 0
    for (let round = 0; round < 1000; round++) {
      const start = pick(next, [
        placed,
        { clusters: [{ name: 'closed' }] },
        { clusterSelector: { matchLabels: { zone: 'b' } } },
        { clusters: [{ name: 'mine' }] },
        {},
      ])
      const { host, tenant } = stage(start)
      const before = await template(host)
      const patch = Array.from({ length: 1 + Math.floor(next() * 3) }, () => operation(next))
      try {
        await tenant.templates.patch.run(scopeOf(host, nobody), { workspace: 'alpha', patch })
        accepted++
      } catch (error) {
        assert.ok(error instanceof ApiError, String(error))
      }
      const after = await template(host)
      const text = JSON.stringify({ start, patch })
      assert.equal(reaches(after, 'closed'), reaches(before, 'closed'), text)
      const { placement: _was, ...specBefore } = before['spec'] as Record<string, unknown>
      const { placement: _is, ...specAfter } = after['spec'] as Record<string, unknown>
      assert.deepEqual(specAfter, specBefore, text)
    }
    assert.ok(accepted > 10, `${accepted} accepted`)
  })
})

/** Whether a workspace is in a cluster. */
function reaches(object: KubeObject, name: string): boolean {
  const { placement = {} } = (object['spec'] ?? {}) as { placement?: Placement | null }
  const { clusters, clusterSelector } = placement ?? {}
  if (clusters) return clusters.some((entry) => entry.name === name)
  if (!clusterSelector) return false
  const labels: Record<string, string> = { zone: name === 'closed' ? 'b' : 'a' }
  return Object.entries(clusterSelector.matchLabels ?? {}).every(([key, of]) => labels[key] === of)
}

function operation(next: () => number): JsonPatchOperation {
  const name = () => pick(next, ['mine', 'closed', 'open', 'gone', ''])
  const values: unknown[] = [
    null,
    {},
    { name: name() },
    { clusters: [{ name: name() }, { name: name() }] },
    { clusterSelector: { matchLabels: { zone: pick(next, ['a', 'b']) } } },
    { matchLabels: {} },
    [],
    'x',
  ]
  const path = pick(next, [
    place,
    `${place}/clusters`,
    `${place}/clusters/-`,
    `${place}/clusters/0`,
    `${place}/clusters/1`,
    `${place}/clusters/0/name`,
    `${place}/clusterSelector`,
    `${place}/clusterSelector/matchLabels`,
    '/spec',
    '/spec/template',
    '/metadata/labels',
    '',
  ])
  return { op: pick(next, ['add', 'remove', 'replace']), path, value: pick(next, values) }
}
