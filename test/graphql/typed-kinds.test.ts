import assert from 'node:assert/strict'
import { setTimeout as delay } from 'node:timers/promises'
import { after, before, describe, it } from 'node:test'
import type { KubeObject } from '../../gateway/kube/types.ts'
import { account } from '../iam/world.ts'
import { startGraphWorld, type Graph, type GraphWorld } from './graph.ts'

const definitions = {
  group: 'apiextensions.k8s.io',
  version: 'v1',
  resource: 'customresourcedefinitions',
}

/** A definition with everything in it that is hard to type. */
function widgets(extra: object = {}): KubeObject {
  return {
    metadata: { name: 'widgets.parts.example.org' },
    spec: {
      group: 'parts.example.org',
      scope: 'Namespaced',
      names: { kind: 'Widget', plural: 'widgets', singular: 'widget', listKind: 'WidgetList' },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: {
            openAPIV3Schema: {
              type: 'object',
              properties: {
                raw: { type: 'string' },
                spec: {
                  type: 'object',
                  'x-kubernetes-preserve-unknown-fields': true,
                  properties: {
                    wide: { type: 'integer', format: 'int64' },
                    small: { type: 'integer', format: 'int32' },
                    ratio: { type: 'number' },
                    port: { 'x-kubernetes-int-or-string': true },
                    'in-use': { type: 'boolean' },
                    in_use: { type: 'boolean' },
                    '2nd': { type: 'string' },
                    free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
                    labels: { type: 'object', additionalProperties: { type: 'string' } },
                    weights: { type: 'object', additionalProperties: { type: 'integer' } },
                    parts: {
                      type: 'object',
                      additionalProperties: {
                        type: 'object',
                        properties: { 'part-no': { type: 'integer' } },
                      },
                    },
                    steps: {
                      type: 'array',
                      items: { type: 'object', properties: { run: { type: 'string' } } },
                    },
                    ...extra,
                  },
                },
              },
            },
          },
        },
      ],
    },
  }
}

const spec = `spec { wide small ratio port in_use in_use_2 _2nd free labels weights
  parts { key value { part_no } } steps { run } _extra }`

describe('typed kinds', () => {
  let world: GraphWorld
  let admin: Graph
  let ann: Graph

  /** Asks again until the document is valid: a definition takes its time to be served. */
  const eventually = async <T>(query: string, variables?: object): Promise<T> => {
    const ends = performance.now() + 60_000
    for (;;) {
      const { body } = await admin.answer(query, variables)
      const codes = (body.errors ?? []).map(({ extensions }) => extensions['code'])
      if (!codes.includes('GRAPHQL_VALIDATION_FAILED')) {
        assert.deepEqual(body.errors, undefined)
        return body.data as T
      }
      assert.ok(performance.now() < ends, JSON.stringify(body.errors))
      await delay(100)
    }
  }

  before(async () => {
    world = await startGraphWorld()
    const rest = await world.as('admin')
    await rest.post('/kapis/iam.kubesphere.io/v1beta1/users', account('ann', 'platform-regular'))
    admin = await world.graph('admin')
    ann = await world.graph('ann')
    await world.settled()
  })
  after(() => world?.[Symbol.asyncDispose]())

  it('are there for the first who asks', async () => {
    const { namespaces } = await admin.data<{ namespaces: { nodes: object[] } }>(
      `{ namespaces(filter: { names: ["default"] }) {
        totalCount nodes { __typename id kind metadata { name } spec { finalizers } status { phase } } } }`,
    )
    const [found] = namespaces.nodes as { id: string }[]
    assert.deepEqual(found, {
      __typename: 'Namespace',
      id: found?.id,
      kind: 'Namespace',
      metadata: { name: 'default' },
      spec: { finalizers: ['kubernetes'] },
      status: { phase: 'Active' },
    })
    const { service } = await admin.data<{ service: { id: string } }>(
      '{ service(namespace: "default", name: "kubernetes") { id } }',
    )
    const { node } = await admin.data<{ node: object }>(
      'query ($id: ID!) { node(id: $id) { __typename ... on Service { spec { ports { port targetPort } } } } }',
      service,
    )
    assert.partialDeepStrictEqual(node, {
      __typename: 'Service',
      spec: { ports: [{ port: 443 }] },
    })
  })

  it('say where they sit', async () => {
    const { kinds } = await admin.data<{ kinds: Record<string, unknown>[] }>(
      '{ kinds { group kind plural typeName getField listField schemaError verbs } }',
    )
    const of = (group: string, plural: string) =>
      kinds.find((kind) => kind['group'] === group && kind['plural'] === plural)
    assert.partialDeepStrictEqual(of('', 'nodes'), {
      typeName: 'KubeNode',
      getField: 'kubeNode',
      listField: 'kubeNodes',
    })
    assert.partialDeepStrictEqual(of('iam.kubesphere.io', 'users'), {
      typeName: 'KsIamUser',
      listField: 'ksIamUsers',
    })
    const untyped = kinds.filter(({ typeName }) => typeName === 'GenericObject')
    assert.deepEqual(
      untyped.map(({ schemaError }) => typeof schemaError),
      untyped.map(() => 'string'),
    )
    const lost = untyped.filter(({ verbs }) => (verbs as string[]).includes('list'))
    assert.deepEqual(lost, [])
  })

  it('show no more than a role allows', async () => {
    assert.deepEqual(await ann.codes('{ secrets { nodes { data } } }'), ['FORBIDDEN'])
    const one = '{ secret(namespace: "default", name: "x") { data } }'
    assert.deepEqual(await ann.codes(one), ['FORBIDDEN'])
    const { body } = await admin.answer(
      '{ ksIamUsers { nodes { metadata { name } spec { password } raw } } }',
    )
    assert.ok(!JSON.stringify(body).includes('$2'), 'a password hash')
  })

  it('come with a definition and go with it, and nothing else is disturbed', async () => {
    const stop = new AbortController()
    let asked = 0
    const failures: unknown[] = []
    const others = (async () => {
      while (!stop.signal.aborted) {
        const { body } = await admin.answer('{ namespaces { totalCount } me { name } }')
        asked++
        if (body.errors) failures.push(body.errors)
      }
    })()
    await world.kube.create(definitions, widgets())
    const query = '{ partsExampleOrgWidgets(namespace: "default") { totalCount } }'
    await eventually(query)
    const { kinds } = await admin.data<{ kinds: object[] }>(
      '{ kinds(filter: { groups: ["parts.example.org"] }) { typeName getField listField } }',
    )
    assert.deepEqual(kinds, [
      {
        typeName: 'PartsExampleOrgWidget',
        getField: 'partsExampleOrgWidget',
        listField: 'partsExampleOrgWidgets',
      },
    ])
    stop.abort()
    await others
    assert.deepEqual(failures, [])
    assert.ok(asked > 0)
  })

  it('lose nothing: wide integers, odd names, maps, what no field names', async () => {
    const input = {
      metadata: { name: 'w', namespace: 'default' },
      raw: undefined,
      raw_: 'own',
      spec: {
        wide: '9007199254740993',
        small: 7,
        ratio: 0.5,
        port: '50%',
        in_use: true,
        in_use_2: false,
        _2nd: 'second',
        free: { any: [1, { thing: null }] },
        labels: { a: 'b' },
        weights: { x: 1 },
        parts: [
          { key: 'b', value: { part_no: 2 } },
          { key: 'a', value: { part_no: '9223372036854775807' } },
        ],
        steps: [{ run: 'one' }, { run: 'two' }],
        _extra: { unnamed: { deep: true } },
      },
    }
    const create = `mutation ($input: PartsExampleOrgWidgetInput!) {
      createPartsExampleOrgWidget(input: $input) { changed warnings object { raw raw_ yaml ${spec} } } }`
    const made = await admin.data<{
      createPartsExampleOrgWidget: { object: Record<string, unknown> }
    }>(create, { input })
    const { object } = made.createPartsExampleOrgWidget
    const parts = [
      { key: 'a', value: { part_no: '9223372036854775807' } },
      { key: 'b', value: { part_no: 2 } },
    ]
    assert.deepEqual(object['spec'], { ...input.spec, parts })
    assert.equal(object['raw_'], 'own')
    const { body } = await world.kube.stream({
      path: '/apis/parts.example.org/v1/namespaces/default/widgets/w',
    })
    const text = (await body.toArray()).join('')
    assert.match(text, /"wide":9007199254740993\b/)
    assert.match(text, /"in-use":false/)
    assert.match(text, /"part-no":9223372036854775807\b/)
    assert.match(String(object['yaml']), /part-no: 9223372036854775807\n/)

    const read = `{ partsExampleOrgWidget(namespace: "default", name: "w") { raw_ ${spec} }
      partsExampleOrgWidgets(namespace: "default") { nodes { ${spec} } } }`
    const seen = await admin.data<{
      partsExampleOrgWidget: { spec: object }
      partsExampleOrgWidgets: { nodes: { spec: object }[] }
    }>(read)
    assert.deepEqual(seen.partsExampleOrgWidget.spec, object['spec'])
    assert.deepEqual(seen.partsExampleOrgWidgets.nodes[0]?.spec, object['spec'])
  })

  it('a field of another version of the definition takes the place of the old', async () => {
    const { metadata } = await world.kube.get(definitions, 'widgets.parts.example.org')
    const next = widgets({ colour: { type: 'string' } })
    await world.kube.update(definitions, {
      ...next,
      metadata: { ...next.metadata, resourceVersion: metadata.resourceVersion },
    })
    await eventually(
      '{ partsExampleOrgWidgets(namespace: "default") { nodes { spec { colour } } } }',
    )
  })
})
