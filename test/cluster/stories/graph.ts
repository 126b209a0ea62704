import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { eventually } from '../../e2e/http.ts'
import { write, type JoinStage } from '../stage.ts'

/** The same by GraphQL. */
export function byGraph(here: () => JoinStage): void {
  describe('a second control plane by GraphQL', { concurrency: false }, () => {
    let label = ''
    const cluster = `query { cluster(name: "near") { name ready host kubeSphereVersion displayName region
      labels { key value clusterNames } conditions { type status } object { raw } } }`
    interface Shown {
      cluster: {
        ready: boolean
        kubeSphereVersion: string
        displayName: string
        labels: { key: string; value: string; clusterNames: string[] }[]
        object: { raw: { spec: { connection: object } } }
      } | null
    }
    const shown = () => here().graph<Shown>(cluster)

    test('is refused with what stands against it', async () => {
      const validate = write('validateCluster', 'JoinClusterInput', 'ok')
      const input = { name: 'near', kubeconfig: 'nonsense' }
      assert.deepEqual(await here().graph(validate, input), ['BAD_USER_INPUT'])
    })

    test('is tried, joined by the address of its ks-facade and with a label, and becomes ready', async () => {
      const create = write(
        'createClusterLabels',
        'CreateClusterLabelsInput',
        'labels { name key value }',
      )
      const made = await here().graph<{ createClusterLabels: { labels: { name: string }[] } }>(
        create,
        {
          labels: [{ key: 'tier', value: 'edge' }],
        },
      )
      label = made.createClusterLabels.labels[0]?.name ?? ''
      const input = {
        name: 'near',
        kubeconfig: here().kubeconfig,
        displayName: 'Near',
        kubesphereAPIEndpoint: here().two.relay.url,
        clusterLabels: [label],
      }
      assert.deepEqual(
        await here().graph(write('validateCluster', 'JoinClusterInput', 'ok'), input),
        {
          validateCluster: { ok: true },
        },
      )
      const join = write('joinCluster', 'JoinClusterInput', 'cluster { name ready host }')
      assert.deepEqual(await here().graph(join, input), {
        joinCluster: { cluster: { name: 'near', ready: false, host: false } },
      })
      const ready = await eventually('near is ready', shown, (one) => {
        return one.cluster?.ready === true && one.cluster.labels.length === 1
      })
      assert.equal(ready.cluster?.displayName, 'Near')
      assert.equal(ready.cluster?.kubeSphereVersion, 'v4.1.3')
      assert.deepEqual(ready.cluster?.labels, [
        { key: 'tier', value: 'edge', clusterNames: ['near'] },
      ])
      assert.doesNotMatch(JSON.stringify(ready), /client-key|"kubeconfig":/)
      assert.deepEqual(await here().graph(join, { ...input, name: 'twice' }), ['BAD_USER_INPUT'])
    })

    test('is used through the host', () => here().used('near'))

    test('is granted to a workspace', async () => {
      const grant = write('grantCluster', 'GrantClusterInput', 'cluster { name }')
      await here().graph(grant, { name: 'near', add: ['crew'] })
      const query = 'query { workspace(name: "crew") { clusters { name } } }'
      const { workspace } = await here().graph<{ workspace: { clusters: { name: string }[] } }>(
        query,
      )
      assert.ok(workspace.clusters.some(({ name }) => name === 'near'))
      await here().graph(grant, { name: 'near', remove: ['crew'] })
    })

    test('gets another kubeconfig, and no one else’s', async () => {
      const update = write('updateClusterKubeconfig', 'UpdateKubeconfigInput', 'cluster { name }')
      const kubeconfig = here().kubeconfig
      assert.deepEqual(await here().graph(update, { name: 'near', kubeconfig }), {
        updateClusterKubeconfig: { cluster: { name: 'near' } },
      })
      assert.deepEqual(await here().graph(update, { name: 'host', kubeconfig }), ['BAD_USER_INPUT'])
      assert.deepEqual(await here().graph(update, { name: 'none', kubeconfig }), ['NOT_FOUND'])
    })

    test('is unlabelled, and the label goes', async () => {
      const unlabel = write('unlabelClusters', 'LabelClustersInput', 'labels { name clusterNames }')
      assert.deepEqual(await here().graph(unlabel, { labels: [label], clusters: ['near'] }), {
        unlabelClusters: { labels: [{ name: label, clusterNames: [] }] },
      })
      const bind = write('labelClusters', 'LabelClustersInput', 'labels { clusterNames }')
      assert.deepEqual(await here().graph(bind, { labels: [label], clusters: ['near'] }), {
        labelClusters: { labels: [{ clusterNames: ['near'] }] },
      })
      const rename = write('updateClusterLabel', 'UpdateClusterLabelInput', 'labels { key value }')
      assert.deepEqual(await here().graph(rename, { name: label, key: 'tier', value: 'core' }), {
        updateClusterLabel: { labels: [{ key: 'tier', value: 'core' }] },
      })
      const drop = write('deleteClusterLabels', 'DeleteClusterLabelsInput', 'names')
      assert.deepEqual(await here().graph(drop, { names: [label] }), {
        deleteClusterLabels: { names: [label] },
      })
      await eventually('near has no label', shown, (one) => one.cluster?.labels.length === 0)
    })

    test('is removed; the host is not', async () => {
      const remove = write('removeCluster', 'ClusterInput', 'name')
      assert.deepEqual(await here().graph(remove, { name: 'host' }), ['BAD_USER_INPUT'])
      assert.deepEqual(await here().graph(remove, { name: 'near' }), {
        removeCluster: { name: 'near' },
      })
      await here().gone('near')
      assert.deepEqual(await shown(), { cluster: null })
      assert.equal(await here().mark(), undefined)
    })
  })
}
