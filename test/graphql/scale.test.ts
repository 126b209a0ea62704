import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { GVR, KubeObject } from '../../gateway/kube/types.ts'
import { eventually } from '../e2e/http.ts'
import { account } from '../iam/world.ts'
import { startGraphWorld, type Graph, type GraphWorld } from './graph.ts'

const fleets: KubeObject = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'fleets.parts.example.org' },
  spec: {
    group: 'parts.example.org',
    scope: 'Namespaced',
    names: { kind: 'Fleet', plural: 'fleets', singular: 'fleet', listKind: 'FleetList' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        subresources: {
          status: {},
          scale: {
            specReplicasPath: '.spec.ships.wanted',
            statusReplicasPath: '.status.afloat',
            labelSelectorPath: '.status.picks',
          },
        },
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: {
              scale: { type: 'string' },
              spec: {
                type: 'object',
                properties: {
                  flag: { type: 'string' },
                  ships: { type: 'object', properties: { wanted: { type: 'integer' } } },
                },
              },
              status: {
                type: 'object',
                properties: { afloat: { type: 'integer' }, picks: { type: 'string' } },
              },
            },
          },
        },
      },
    ],
  },
}

const iam = (resource: string): GVR => ({
  group: 'iam.kubesphere.io',
  version: 'v1beta1',
  resource,
})
const target = (name: string) => `target: { namespace: "harbour", name: "${name}" }`
const ref = (kind: string, group = '') =>
  `ref: { group: "${group}", kind: "${kind}", namespace: "harbour", name: "web" }`

describe('parts of objects', () => {
  let world: GraphWorld
  let admin: Graph
  const users = new Map<string, Graph>()
  const as = (name: string) => users.get(name) ?? assert.fail(name)

  /** An account that may do this in the namespace, and nothing else. */
  async function grant(name: string, resources: string[], verbs: string[]): Promise<void> {
    const { kube } = world
    const apiGroup = 'iam.kubesphere.io'
    const apiVersion = `${apiGroup}/v1beta1`
    const metadata = { name, namespace: 'harbour' }
    await kube.create(iam('roles'), {
      apiVersion,
      kind: 'Role',
      metadata,
      rules: [{ apiGroups: ['*'], resources, verbs }],
    })
    await kube.create(iam('rolebindings'), {
      apiVersion,
      kind: 'RoleBinding',
      metadata,
      roleRef: { apiGroup, kind: 'Role', name },
      subjects: [{ apiGroup, kind: 'User', name }],
    })
  }

  before(async () => {
    world = await startGraphWorld()
    const { kube } = world
    const rest = await world.as('admin')
    for (const name of ['reader', 'scaler', 'reporter', 'stranger']) {
      await rest.post('/kapis/iam.kubesphere.io/v1beta1/users', account(name, 'platform-regular'))
    }
    await world.settled()
    await kube.create(
      { group: '', version: 'v1', resource: 'namespaces' },
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'harbour' } },
    )
    await grant('reader', ['deployments', 'fleets'], ['get', 'list', 'update', 'patch'])
    await grant('scaler', ['deployments/scale', 'fleets/scale'], ['get', 'patch'])
    await grant('reporter', ['fleets/status', 'fleets'], ['get', 'update', 'patch'])
    for (const name of ['reader', 'scaler', 'reporter', 'stranger']) {
      users.set(name, await world.graph(name))
    }
    admin = await world.graph('admin')
    await kube.create(
      { group: 'apiextensions.k8s.io', version: 'v1', resource: 'customresourcedefinitions' },
      fleets,
    )
    await kube.create(
      { group: 'apps', version: 'v1', resource: 'deployments' },
      {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: 'web', namespace: 'harbour' },
        spec: {
          replicas: 0,
          selector: { matchLabels: { app: 'web' } },
          template: {
            metadata: { labels: { app: 'web' } },
            spec: { containers: [{ name: 'c', image: 'busybox' }] },
          },
        },
      },
    )
    const fields = '{ __type(name: "Mutation") { fields { name } } }'
    await eventually(
      'the graph has fleets',
      async () => JSON.stringify((await admin.answer(fields)).body),
      (text) => text.includes('scalePartsExampleOrgFleet'),
    )
    await admin.data(`mutation { createPartsExampleOrgFleet(input: {
      metadata: { namespace: "harbour", name: "web" } spec: { ships: { wanted: 1 } }
    }) { object { id } } }`)
  })
  after(() => world?.[Symbol.asyncDispose]())

  it('scale a kind of Kubernetes, and give back what is so then', async () => {
    const { scaleAppsDeployment } = await admin.data<Record<string, object>>(`mutation {
      scaleAppsDeployment(${target('web')}, replicas: 3) {
        scale { replicas selector } warnings object { ... on AppsDeployment { spec { replicas } } } } }`)
    assert.deepEqual(scaleAppsDeployment, {
      scale: { replicas: 3, selector: 'app=web' },
      warnings: [],
      object: { spec: { replicas: 3 } },
    })
  })

  it('do in a dry run as if, and nothing', async () => {
    const dry = `mutation { scaleAppsDeployment(
      ${target('web')}, replicas: 7, options: { dryRun: true }) { scale { replicas } } }`
    assert.deepEqual(await admin.data(dry), {
      scaleAppsDeployment: { scale: { replicas: 7 } },
    })
    const read = `{ appsDeployment(namespace: "harbour", name: "web") {
      spec { replicas } scale { replicas } } }`
    assert.deepEqual(await admin.data(read), {
      appsDeployment: { spec: { replicas: 3 }, scale: { replicas: 3 } },
    })
  })

  it('of a custom kind are where its definition says, and a property of such a name gives way', async () => {
    const scaled = `mutation { scalePartsExampleOrgFleet(${target('web')}, replicas: 5) {
      object { ... on PartsExampleOrgFleet { spec { ships { wanted } } } } } }`
    assert.deepEqual(await admin.data(scaled), {
      scalePartsExampleOrgFleet: { object: { spec: { ships: { wanted: 5 } } } },
    })
    await admin.data(`mutation { patchPartsExampleOrgFleet(${target('web')}, subresource: STATUS
      patch: { merge: { status: { afloat: 2, picks: "ship=true" } } }) { changed } }`)
    const { partsExampleOrgFleets } = await admin.data<Record<string, object>>(
      `{ partsExampleOrgFleets(namespace: "harbour") {
        nodes { scale_ scale { replicas currentReplicas selector } } } }`,
    )
    assert.deepEqual(partsExampleOrgFleets, {
      nodes: [{ scale_: null, scale: { replicas: 5, currentReplicas: 2, selector: 'ship=true' } }],
    })
  })

  it('are written through the door of any kind, too', async () => {
    const scaled = `mutation { scaleResource(${ref('Fleet', 'parts.example.org')}, replicas: 6) {
      scale { replicas } object { kind } } }`
    assert.deepEqual(await admin.data(scaled), {
      scaleResource: { scale: { replicas: 6 }, object: { kind: 'Fleet' } },
    })
    const status = `mutation { patchResource(${ref('Fleet', 'parts.example.org')}
      subresource: STATUS patch: { json: [{ op: "replace", path: "/status/afloat", value: 6 }] }) {
        changed } }`
    assert.deepEqual(await admin.data(status), { patchResource: { changed: true } })
  })

  it('status alone is written by update, patch and apply of it, and by no other', async () => {
    const read = `{ partsExampleOrgFleet(namespace: "harbour", name: "web") {
      metadata { resourceVersion } spec { flag } status { afloat } } }`
    interface Fleet {
      readonly metadata: { readonly resourceVersion: string }
      readonly spec: { readonly flag: string | null }
      readonly status: { readonly afloat: number }
    }
    const fleet = async () =>
      (await admin.data<{ partsExampleOrgFleet: Fleet }>(read)).partsExampleOrgFleet
    const both = 'spec: { flag: "red" }, status: { afloat: 40 }'
    const place = 'namespace: "harbour", name: "web"'
    await admin.data(`mutation { patchPartsExampleOrgFleet(${target('web')}
      patch: { merge: { ${both} } }) { changed } }`)
    let now = await fleet()
    assert.deepEqual([now.spec.flag, now.status.afloat], ['red', 6])
    const { resourceVersion } = now.metadata
    await admin.data(`mutation { updatePartsExampleOrgFleet(subresource: STATUS, input: {
      metadata: { ${place}, resourceVersion: "${resourceVersion}" }
      spec: { flag: "blue" }, status: { afloat: 41 } }) { changed } }`)
    now = await fleet()
    assert.deepEqual([now.spec.flag, now.status.afloat], ['red', 41])
    await admin.data(`mutation { applyPartsExampleOrgFleet(subresource: STATUS
      input: { metadata: { ${place} }, status: { afloat: 42 } }
      options: { fieldManager: "keeper", force: true }) { changed } }`)
    now = await fleet()
    assert.deepEqual([now.spec.flag, now.status.afloat], ['red', 42])
  })

  it('are there for kinds that have them, and refused to others', async () => {
    const { kinds } = await admin.data<{ kinds: object[] }>(
      '{ kinds(filter: { names: ["configmaps", "fleets", "namespaces"] }) { kind subresources } }',
    )
    assert.deepEqual(kinds, [
      { kind: 'ConfigMap', subresources: [] },
      { kind: 'Namespace', subresources: ['status'] },
      { kind: 'Fleet', subresources: ['status', 'scale'] },
    ])
    for (const absent of [
      'mutation { scaleConfigMap(target: { name: "x" }, replicas: 1) { warnings } }',
      'mutation { patchConfigMap(target: { name: "x" }, patch: {}, subresource: STATUS) { changed } }',
    ]) {
      assert.deepEqual(await admin.codes(absent), ['GRAPHQL_VALIDATION_FAILED'])
    }
    for (const refused of [
      `mutation { scaleResource(${ref('ConfigMap')}, replicas: 1) { warnings } }`,
      `mutation { patchResource(${ref('ConfigMap')}, patch: { merge: {} }, subresource: STATUS) { changed } }`,
    ]) {
      assert.deepEqual(await admin.codes(refused), ['METHOD_NOT_SUPPORTED'])
    }
  })

  it('of what is not there, or of a number that is none, are errors', async () => {
    const scaled = (name: string, replicas: number) =>
      `mutation { scaleAppsDeployment(${target(name)}, replicas: ${replicas}) { warnings } }`
    assert.deepEqual(await admin.codes(scaled('none', 1)), ['NOT_FOUND'])
    assert.deepEqual(await admin.codes(scaled('web', -1)), ['INVALID'])
    assert.deepEqual(await admin.codes(scaled('../../x', 1)), ['BAD_USER_INPUT'])
  })

  it('are judged by themselves, as their paths of REST are', async () => {
    const places = [
      ['/apis/apps/v1/namespaces/harbour/deployments/web', 'AppsDeployment', 'appsDeployment'],
      [
        '/apis/parts.example.org/v1/namespaces/harbour/fleets/web',
        'PartsExampleOrgFleet',
        'partsExampleOrgFleet',
      ],
    ] as const
    for (const [name, graph] of [['admin', admin] as const, ...users]) {
      const rest = await world.as(name)
      for (const [path, type] of places) {
        const merge = 'application/merge-patch+json'
        const cases = [
          [
            await rest.patch(`${path}/scale`, {}, merge),
            `mutation { scale${type}(${target('web')}, replicas: 0) { warnings } }`,
          ],
          [
            await rest.patch(`${path}/status`, {}, merge),
            `mutation { patch${type}(${target('web')}, patch: { merge: {} }, subresource: STATUS) { warnings } }`,
          ],
          [
            await rest.put(`${path}/status`, {}),
            `mutation { update${type}(input: { metadata: { namespace: "harbour", name: "web",
              resourceVersion: "1" } }, subresource: STATUS) { warnings } }`,
          ],
          [
            await rest.patch(path, {}, merge),
            `mutation { patch${type}(${target('web')}, patch: { merge: {} }) { warnings } }`,
          ],
        ] as const
        for (const [answer, query] of cases) {
          const codes = await graph.codes(query)
          const where = `${name} ${query}: ${answer.status} ${codes.join()}`
          assert.equal(codes.includes('FORBIDDEN'), answer.status === 403, where)
        }
      }
    }
  })

  it('give a part to those who have the right to no more, and none to strangers', async () => {
    const scaled = `mutation { scaleAppsDeployment(${target('web')}, replicas: 2) {
      scale { replicas } object { id } } }`
    const { body } = await as('scaler').answer(scaled)
    assert.deepEqual(body.data, { scaleAppsDeployment: { scale: { replicas: 2 }, object: null } })
    const paths = body.errors?.map(({ path, extensions }) => [path?.join('.'), extensions['code']])
    assert.deepEqual(paths, [['scaleAppsDeployment.object', 'FORBIDDEN']])
    assert.deepEqual(await as('reader').codes(scaled), ['FORBIDDEN'])
    assert.deepEqual(await as('stranger').codes(scaled), ['FORBIDDEN'])
    const untyped = `mutation { scaleResource(${ref('Deployment', 'apps')}, replicas: 1) { warnings } }`
    assert.deepEqual(await as('stranger').codes(untyped), ['FORBIDDEN'])
    const read = '{ appsDeployment(namespace: "harbour", name: "web") { kind scale { replicas } } }'
    const seen = (await as('reader').answer(read)).body
    assert.deepEqual(seen.data, { appsDeployment: { kind: 'Deployment', scale: null } })
    assert.equal(seen.errors?.[0]?.extensions['code'], 'FORBIDDEN')
    const status = `mutation { patchPartsExampleOrgFleet(${target('web')}
      patch: { merge: { status: { afloat: 9 } } }, subresource: STATUS) { changed } }`
    assert.deepEqual(await as('reporter').codes(status), [])
    assert.deepEqual(await as('reader').codes(status), ['FORBIDDEN'])
  })
})
