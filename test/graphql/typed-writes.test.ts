import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { composeServices } from '@apollo/composition'
import { composeServices as composeHive } from '@theguild/federation-composition'
import { parse } from 'graphql'
import { account } from '../iam/world.ts'
import { ask, serveGraphql } from './double.ts'
import { startGraphWorld, type Graph, type GraphWorld } from './graph.ts'

interface Written {
  readonly changed: boolean
  readonly warnings: string[]
  readonly conflicts: { field: string; manager: string }[]
  readonly object: { metadata: { resourceVersion: string }; data: Record<string, string> } | null
}

const fields =
  '{ changed warnings conflicts { field manager } object { metadata { resourceVersion } data } }'
const apply = `mutation ($input: ConfigMapInput!, $options: ApplyOptionsInput!) {
  applyConfigMap(input: $input, options: $options) ${fields} }`
const update = `mutation ($input: ConfigMapInput!) { updateConfigMap(input: $input) ${fields} }`
const patch = `mutation ($patch: PatchInput!, $options: WriteOptionsInput) {
  patchConfigMap(target: { namespace: "deck", name: "life" }, patch: $patch, options: $options) ${fields} }`
const manifests = `mutation ($documents: String!, $options: ApplyOptionsInput!, $stop: Boolean!) {
  applyManifests(documents: $documents, options: $options, stopOnError: $stop) {
    index kind name error { code } object { __typename metadata { name } } } }`

const metadata = { name: 'life', namespace: 'deck' }

describe('typed writes', () => {
  let world: GraphWorld
  let admin: Graph
  let ann: Graph

  before(async () => {
    world = await startGraphWorld()
    const rest = await world.as('admin')
    for (const name of ['ann', 'bob']) {
      await rest.post('/kapis/iam.kubesphere.io/v1beta1/users', account(name, 'platform-regular'))
    }
    for (const [name, manager] of [
      ['crew', 'ann'],
      ['band', 'bob'],
    ] as const) {
      await rest.post('/kapis/tenant.kubesphere.io/v1beta1/workspacetemplates', {
        metadata: { name },
        spec: { template: { spec: { manager } }, placement: { clusters: [{ name: 'host' }] } },
      })
    }
    admin = await world.graph('admin')
    ann = await world.graph('ann')
    const project = (workspace: string, name: string) =>
      `mutation { createProject(input: { workspace: "${workspace}", name: "${name}" }) { project { name } } }`
    await ann.data(project('crew', 'deck'))
    await (await world.graph('bob')).data(project('band', 'stage'))
    await world.settled()
  })
  after(() => world?.[Symbol.asyncDispose]())

  it('apply, and say what is another manager’s, whether anything changed, and what a dry run would do', async () => {
    const input = { metadata, data: { a: '1' } }
    const one = { fieldManager: 'one' }
    const write = async (variables: object) =>
      (await ann.data<{ applyConfigMap: Written }>(apply, variables)).applyConfigMap
    assert.equal((await write({ input, options: { ...one, dryRun: true } })).changed, true)
    assert.equal((await write({ input, options: one })).changed, true)
    assert.equal((await write({ input, options: one })).changed, false)
    const next = { metadata, data: { a: '2' } }
    assert.equal((await write({ input: next, options: { ...one, dryRun: true } })).changed, true)
    const refused = await write({ input: next, options: { fieldManager: 'two' } })
    assert.deepEqual(refused, {
      changed: false,
      warnings: [],
      conflicts: [{ field: '.data.a', manager: 'one' }],
      object: null,
    })
    const forced = await write({ input: next, options: { fieldManager: 'two', force: true } })
    assert.deepEqual(forced.object?.data, { a: '2' })
  })

  it('replace only the version that was read', async () => {
    const { configMap } = await ann.data<{ configMap: NonNullable<Written['object']> }>(
      '{ configMap(namespace: "deck", name: "life") { metadata { resourceVersion } data } }',
    )
    const { resourceVersion } = configMap.metadata
    const input = { metadata: { ...metadata, resourceVersion }, data: { b: '1' } }
    const done = await ann.data<{ updateConfigMap: Written }>(update, { input })
    assert.deepEqual(done.updateConfigMap.object?.data, { b: '1' })
    assert.deepEqual(await ann.codes(update, { input }), ['CONFLICT'])
    assert.deepEqual(await ann.codes(update, { input: { metadata } }), ['BAD_USER_INPUT'])
  })

  it('patch in each way, null removing and absence keeping', async () => {
    for (const [change, data] of [
      [{ merge: { data: { b: null, c: '1' } } }, { c: '1' }],
      [{ json: [{ op: 'add', path: '/data/d', value: '2' }] }, { c: '1', d: '2' }],
      [{ strategic: { data: { e: '3' } } }, { c: '1', d: '2', e: '3' }],
    ] as const) {
      const done = await ann.data<{ patchConfigMap: Written }>(patch, { patch: change })
      assert.deepEqual(done.patchConfigMap.object?.data, data)
    }
    const same = await ann.data<{ patchConfigMap: Written }>(patch, {
      patch: { merge: { data: { e: '3' } } },
    })
    assert.equal(same.patchConfigMap.changed, false)
  })

  it('take a map of plain values as it is read, and say what does not fit into it', async () => {
    const create = `mutation ($status: PolicyPodDisruptionBudgetStatusInput) {
      createPolicyPodDisruptionBudget(input: {
        metadata: { name: "plain", namespace: "deck" }, spec: { minAvailable: 1 }, status: $status
      }) { object { metadata { name } } } }`
    const at = '2026-01-01T00:00:00Z'
    await admin.data(create, { status: { disruptedPods: { gone: at } } })
    const codes = await admin.codes(create, { status: { disruptedPods: { gone: [1] } } })
    assert.deepEqual(codes, ['BAD_USER_INPUT'])
  })

  it('pass on what the API server warns of', async () => {
    const options = { fieldValidation: 'WARN' }
    const done = await ann.data<{ patchConfigMap: Written }>(patch, {
      patch: { merge: { nonsense: true } },
      options,
    })
    assert.match(done.patchConfigMap.warnings.join(), /unknown field "nonsense"/)
  })

  it('apply many documents, definitions and namespaces first, each with its result', async () => {
    const documents = `
apiVersion: parts.example.org/v1
kind: Bolt
metadata: { name: m8, namespace: forge }
spec: { length: 9007199254740993 }
---
apiVersion: v1
kind: Namespace
metadata: { name: forge }
---
# nothing
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: bolts.parts.example.org }
spec:
  group: parts.example.org
  scope: Namespaced
  names: { kind: Bolt, plural: bolts, singular: bolt, listKind: BoltList }
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec: { type: object, properties: { length: { type: integer, format: int64 } } }
---
apiVersion: v1
kind: Nothing
metadata: { name: x }
`
    const options = { fieldManager: 'test' }
    const { applyManifests: results } = await admin.data<{ applyManifests: object[] }>(manifests, {
      documents,
      options,
      stop: false,
    })
    const shown = results as { index: number; error: object | null; object: object | null }[]
    assert.deepEqual(
      shown.map(({ index, error, object }) => [index, error, object !== null]),
      [
        [0, null, true],
        [1, null, true],
        [3, null, true],
        [4, { code: 'BAD_USER_INPUT' }, false],
      ],
    )
    const raw = await admin.answer(
      '{ resource(ref: { group: "parts.example.org", kind: "Bolt", namespace: "forge", name: "m8" }) { raw yaml } }',
    )
    assert.match(JSON.stringify(raw.body), /length: 9007199254740993\\n/)
    const own = await ann.data<{ applyManifests: { error: object }[] }>(manifests, {
      documents: documents.slice(0, documents.indexOf('---')),
      options,
      stop: true,
    })
    assert.deepEqual(own.applyManifests[0]?.error, { code: 'FORBIDDEN' })
  })

  it('read no manifests of a stranger, and none that would hold everybody up', async () => {
    const options = { fieldManager: 'test' }
    const variables = (documents: string) => ({ documents, options, stop: true })
    const stranger = await ask(`${world.url}/graphql`, manifests, { variables: variables('a: 1') })
    assert.equal(stranger.body.errors?.[0]?.extensions['code'], 'UNAUTHENTICATED')
    const large = 'x'.repeat(1_000_000)
    for (const documents of [
      '{ a: [',
      `a: "${'x\n'.repeat(800_000)}"`,
      `a: &a [${'x, '.repeat(500)}]\nb: [${'*a, '.repeat(500)}]\n`,
      `a: &a ${large}\nb: [${'*a, '.repeat(20)}]\n`,
      '--- {}\n'.repeat(200),
    ]) {
      assert.deepEqual(await ann.codes(manifests, variables(documents)), ['BAD_USER_INPUT'])
    }
  })

  it('two accounts that take turns on the same caches see and do only what is theirs', async () => {
    const bob = await world.graph('bob')
    const list = `query ($namespace: String!) {
      configMaps(namespace: $namespace) { nodes { metadata { namespace name } } }
      secrets(namespace: $namespace) { totalCount }
      resources(kind: { kind: "ConfigMap" }, namespace: $namespace) { totalCount } }`
    const turns = Array.from({ length: 40 }, (_, n) => {
      const [who, place] = [n % 2 ? ann : bob, n % 3 ? 'deck' : 'stage']
      const mine = (who === ann) === (place === 'deck')
      return { who, place, mine }
    })
    await Promise.all(
      turns.map(async ({ who, place, mine }) => {
        const { body } = await who.answer(list, { namespace: place })
        if (mine) {
          const { configMaps } = body.data as {
            configMaps: { nodes: { metadata: { namespace: string } }[] }
          }
          assert.ok(configMaps.nodes.every(({ metadata: { namespace } }) => namespace === place))
        } else {
          const codes = body.errors?.map(({ extensions }) => extensions['code'])
          assert.deepEqual(new Set(codes), new Set(['FORBIDDEN']))
        }
      }),
    )
    const owned = '{ configMap(namespace: "deck", name: "life") { data project { name } } }'
    assert.deepEqual(await bob.codes(owned), ['FORBIDDEN'])
    assert.deepEqual(await ann.codes(owned), [])
  })

  it('are allowed and refused as their REST paths are', async () => {
    const places = [
      ['configmaps', 'configMaps', 'ConfigMap', '/api/v1'],
      ['secrets', 'secrets', 'Secret', '/api/v1'],
      ['deployments', 'appsDeployments', 'AppsDeployment', '/apis/apps/v1'],
      [
        'roles',
        'rbacAuthorizationRoles',
        'RbacAuthorizationRole',
        '/apis/rbac.authorization.k8s.io/v1',
      ],
      ['pods', 'pods', 'Pod', '/api/v1'],
    ] as const
    const forbidden = (codes: readonly unknown[]) => codes.includes('FORBIDDEN')
    for (const user of ['admin', 'ann', 'bob']) {
      const [rest, graph] = [await world.as(user), await world.graph(user)]
      for (const namespace of ['deck', 'stage', 'default']) {
        for (const [plural, listField, type, base] of places) {
          const path = `${base}/namespaces/${namespace}/${plural}`
          const gone = { target: { namespace, name: 'none' } }
          const cases = [
            [
              await rest.get(path),
              await graph.codes(`{ ${listField}(namespace: "${namespace}") { totalCount } }`),
            ],
            [
              await rest.delete(`${path}/none`),
              await graph.codes(
                `mutation ($target: ObjectTarget!) { delete${type}(target: $target) { gone } }`,
                gone,
              ),
            ],
            [
              await rest.patch(`${path}/none`, {}, 'application/merge-patch+json'),
              await graph.codes(
                `mutation ($target: ObjectTarget!) { patch${type}(target: $target, patch: { merge: {} }) { changed } }`,
                gone,
              ),
            ],
          ] as const
          for (const [answer, codes] of cases) {
            const where = `${user} ${path}: ${answer.status} ${codes.join()}`
            assert.equal(answer.status === 403, forbidden(codes), where)
          }
        }
      }
    }
  })

  it('kinds that the configuration names are part of the subgraph, and both composers take it', async () => {
    const { app } = world
    const graphql = {
      ...app.config.facade.graphql,
      kinds: { allow: ['*/*'], deny: ['/secrets'] },
      subgraph: { allow: ['/pods', 'apps/deployments', '/services', '/secrets'], deny: [] },
    }
    const config = { ...app.config, facade: { ...app.config.facade, graphql } }
    await using face = await serveGraphql({ ...app, config })
    const token = await world.login('admin')
    const { body } = await ask(face.url, '{ _service { sdl } }', { token })
    const { sdl = '' } = (body.data?.['_service'] ?? {}) as { sdl?: string }
    assert.match(sdl, /^type Pod implements KubernetesObject & Node @key\(fields: "id"\) @key/m)
    assert.doesNotMatch(sdl, /^type Secret /m)
    const ours = { name: 'ks', url: face.url, typeDefs: parse(sdl) }
    const theirs = {
      name: 'cost',
      url: 'http://cost',
      typeDefs: parse(`
        extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@interfaceObject"])
        type KubernetesObject @key(fields: "id") @interfaceObject { id: ID! monthlyCost: Float }
        type Query { total: Float }`),
    }
    const { errors, supergraphSdl } = composeServices([ours, theirs])
    assert.deepEqual(errors?.map(({ message }) => message) ?? [], [])
    assert.match(supergraphSdl ?? '', /type AppsDeployment/)
    const hive = composeHive([ours, theirs])
    assert.deepEqual(hive.errors?.map(({ message }) => message) ?? [], [])
    const denied = await ask(face.url, '{ secrets { totalCount } }', { token })
    assert.equal(denied.body.errors?.[0]?.extensions['code'], 'GRAPHQL_VALIDATION_FAILED')
    const untyped = '{ resources(kind: { kind: "Secret" }) { totalCount } kinds { kind } }'
    const absent = await ask(face.url, untyped, { token })
    assert.equal(absent.body.errors?.[0]?.extensions['code'], 'BAD_USER_INPUT')
  })
})
