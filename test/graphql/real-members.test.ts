import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { bearer, login } from '../e2e/http.ts'
import {
  hostAdministrator,
  otherAddress,
  PASSWORD,
  runBox,
  startTwoClusters,
  type TwoClusters,
} from '../rest/two-clusters.ts'
import { ask, type Answer } from './double.ts'

const configMaps = '/api/v1/namespaces/default/configmaps'

describe('the graph over real members', () => {
  let two: TwoClusters
  let token: string
  const graph = async (query: string, as = token): Promise<Answer['body']> =>
    (await ask(`${two.host.server.url}/graphql`, query, { token: as })).body
  const status = async (path: string): Promise<number> =>
    (await fetch(two.host.server.url + path, { headers: bearer(token) })).status

  before(async () => {
    two = await startTwoClusters()
    token = await login(two.host.server.url, 'admin', PASSWORD)
    await runBox(two)
  })
  after(() => two?.[Symbol.asyncDispose]())

  test('one list has them all, by ks-facade, service proxy and tunnel, with a verdict for each', async () => {
    const clusters = JSON.stringify([
      'host',
      'member',
      'tunnel',
      'agent',
      'stranger',
      'silent',
      'down',
    ])
    const { data } = await graph(`{
      pods(clusters: ${clusters}, filter: { names: ["box"] }) {
        edges { cluster node { metadata { name } events { totalCount } owner { id } } }
        clusterResults { cluster ok code }
      }
    }`)
    const { edges, clusterResults } = (data ?? {})['pods'] as {
      edges: { cluster: string }[]
      clusterResults: { cluster: string; code: string | null }[]
    }
    const joined = otherAddress() ? ['member', 'tunnel', 'agent'] : ['member', 'agent']
    assert.deepEqual(edges.map(({ cluster: at }) => at).sort(), joined.toSorted())
    const codes = Object.fromEntries(clusterResults.map(({ cluster: at, code }) => [at, code]))
    assert.deepEqual(
      { ...codes, tunnel: null },
      {
        host: null,
        member: null,
        tunnel: null,
        agent: null,
        stranger: 'UNAUTHENTICATED',
        silent: 'CLUSTER_UNREACHABLE',
        down: 'CLUSTER_NOT_READY',
      },
    )
  })

  test('writes land in the member that they name; a dry run in none', async () => {
    const name = 'by-graph'
    const write = (field: string, options: string) =>
      graph(`mutation { ${field}(
        input: { metadata: { name: "${name}", namespace: "default" } }
        options: { cluster: "member", ${options} }
      ) { object { cluster metadata { name } } } }`)
    assert.equal((await write('createConfigMap', 'dryRun: true')).errors, undefined)
    assert.equal(await status(`/clusters/member${configMaps}/${name}`), 404)
    assert.deepEqual((await write('createConfigMap', 'dryRun: false')).data, {
      createConfigMap: { object: { cluster: 'member', metadata: { name } } },
    })
    assert.equal(await status(`/clusters/member${configMaps}/${name}`), 200)
    assert.equal(await status(`${configMaps}/${name}`), 404, 'nothing at the host')
    const { data } = await graph(`mutation { deleteConfigMap(
      target: { cluster: "member", namespace: "default", name: "${name}" }
    ) { gone } }`)
    assert.deepEqual(data, { deleteConfigMap: { gone: true } })
  })

  test('scales are those of objects in the member, of whatever kind', async () => {
    const place = { name: 'ships', namespace: 'default' }
    await two.kube.member.create(
      { group: '', version: 'v1', resource: 'replicationcontrollers' },
      {
        metadata: place,
        spec: {
          replicas: 0,
          selector: { app: 'ships' },
          template: {
            metadata: { labels: { app: 'ships' } },
            spec: { containers: [{ name: 'c', image: 'busybox' }] },
          },
        },
      },
    )
    const at = 'cluster: "member", namespace: "default", name: "ships"'
    const typed = await graph(`mutation { scaleReplicationController(
      target: { ${at} }, replicas: 2) { scale { replicas } object { cluster raw } } }`)
    assert.equal(typed.errors, undefined)
    const { scale, object } = (typed.data ?? {})['scaleReplicationController'] as {
      scale: object
      object: { cluster: string; raw: { spec: { replicas: number } } }
    }
    assert.deepEqual(
      [scale, object.cluster, object.raw.spec.replicas],
      [{ replicas: 2 }, 'member', 2],
    )
    const untyped = await graph(`mutation { scaleResource(
      ref: { ${at}, kind: "ReplicationController" }, replicas: 0) { scale { replicas } } }`)
    assert.deepEqual(untyped.data, { scaleResource: { scale: { replicas: 0 } } })
    const read = await graph(`{ replicationController(${at}) { scale { replicas } } }`)
    assert.deepEqual(read.data, { replicationController: { scale: { replicas: 0 } } })
    const guest = await hostAdministrator(two, 'scale-guest')
    const [error] =
      (
        await graph(
          `mutation { scaleReplicationController(
      target: { ${at} }, replicas: 1) { warnings } }`,
          guest,
        )
      ).errors ?? []
    assert.equal(error?.extensions['code'], 'FORBIDDEN')
    assert.equal(error.extensions['cluster'], 'member')
  })

  test('rights are the member’s: its refusal names it', async () => {
    const guest = await hostAdministrator(two, 'graph-guest')
    const query = `{ pod(cluster: "member", namespace: "default", name: "box") { id } }`
    const here = query.replace('cluster: "member", ', '')
    assert.deepEqual((await graph(here, guest)).data, { pod: null }, 'an administrator of the host')
    const [error] = (await graph(query, guest)).errors ?? []
    assert.equal(error?.extensions['code'], 'FORBIDDEN')
    assert.equal(error.extensions['cluster'], 'member')
  })
})
