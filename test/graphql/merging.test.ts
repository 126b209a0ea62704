import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { printSchema, validateSchema, type GraphQLSchema } from 'graphql'
import type { OpenApiSchema } from '../../gateway/kube/openapi.ts'
import type { KindInfo } from '../../gateway/kube/types.ts'
import { collectGarbage } from '../env/memory.ts'
import { loadSchema } from '../../gateway/server/graphql/schema.ts'
import { compileDocument, type Compiled } from '../../resolvers/dynamic/definitions.ts'
import { createMerger, type KindParts } from '../../resolvers/dynamic/schema.ts'

const verbs = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete']
const text: OpenApiSchema = { type: 'string' }

function kind(group: string, name: string): KindInfo {
  const singular = name.toLowerCase()
  return {
    group,
    version: 'v1',
    resource: `${singular}s`,
    kind: name,
    singular,
    namespaced: true,
    verbs,
    shortNames: [],
    categories: [],
    preferred: true,
  }
}

/** A group's document: one kind for each entry, with these texts in its spec, and what else is said. */
function documentOf(
  group: string,
  kinds: Readonly<Record<string, readonly string[]>>,
  more: Readonly<Record<string, OpenApiSchema>> = {},
): Compiled {
  const pack = group ? group.split('.').toReversed().join('.') : 'io.k8s.api.core'
  const schemas = Object.entries(kinds).map(([name, fields]): [string, OpenApiSchema] => [
    `${pack}.v1.${name}`,
    {
      type: 'object',
      properties: {
        spec: {
          type: 'object',
          properties: {
            ...Object.fromEntries(fields.map((field) => [field, text])),
            template: { $ref: '#/components/schemas/io.k8s.api.core.v1.Template' },
          },
        },
      },
      'x-kubernetes-group-version-kind': [{ group, version: 'v1', kind: name }],
    },
  ])
  return compileDocument({ ...Object.fromEntries(schemas), ...more })
}

const template = (...fields: string[]) => ({
  'io.k8s.api.core.v1.Template': {
    type: 'object',
    properties: Object.fromEntries(fields.map((field) => [field, text])),
  },
})

describe('merging kinds again and again', async () => {
  const { schema: core } = await loadSchema()
  const merger = () =>
    createMerger({
      core,
      breathe: async () => {},
      failed: (info, error) => assert.fail(`${info.kind}: ${String(error)}`),
      sdl: () => '',
    })
  const kinds = [
    kind('', 'Pod'),
    kind('', 'Service'),
    kind('a.example.org', 'Apple'),
    kind('b.example.org', 'Berry'),
  ]
  const parts = {
    core: documentOf('', { Pod: ['image'], Service: ['port'] }, template('name')),
    a: documentOf('a.example.org', { Apple: ['colour'] }),
    b: documentOf('b.example.org', { Berry: ['taste'] }),
  }
  const all = (changes: Partial<typeof parts> = {}, of = kinds): KindParts => ({
    documents: Object.values({ ...parts, ...changes }),
    kinds: of,
  })
  /** What a replica that starts now has. */
  const fresh = async (of: KindParts): Promise<string> => printSchema((await merger()(of)).schema)
  const typesOf = (schema: GraphQLSchema, ...names: string[]) =>
    names.map((name) => schema.getType(name) ?? assert.fail(`no type ${name}`))

  it('leaves the types of what has not changed, and makes those of what has', async () => {
    const merge = merger()
    const before = (await merge(all())).schema
    const more = all({ a: documentOf('a.example.org', { Apple: ['colour', 'weight'] }) })
    const { schema } = await merge(more)
    const still = [
      'Pod',
      'PodSpec',
      'PodInput',
      'PodConnection',
      'BExampleOrgBerry',
      'BExampleOrgBerrySpecInput',
      'BExampleOrgBerryPayload',
      'Template',
    ]
    for (const [index, type] of typesOf(schema, ...still).entries()) {
      assert.equal(type, typesOf(before, ...still)[index], `${type.name} is the same`)
    }
    const anew = ['AExampleOrgApple', 'AExampleOrgAppleSpec', 'AExampleOrgAppleInput']
    for (const [index, type] of typesOf(schema, ...anew).entries()) {
      assert.notEqual(type, typesOf(before, ...anew)[index], `${type.name} is another`)
    }
    assert.equal(printSchema(schema), await fresh(more))
  })

  it('makes what leads to a change anew, however far it is', async () => {
    const merge = merger()
    const before = (await merge(all())).schema
    const more = all({
      core: documentOf('', { Pod: ['image'], Service: ['port'] }, template('name', 'label')),
    })
    const { schema } = await merge(more)
    for (const name of ['Template', 'BExampleOrgBerrySpec', 'BExampleOrgBerry', 'Pod']) {
      const [was, is] = [before, schema].map((one) => one.getType(name))
      assert.ok(is)
      assert.notEqual(is, was, `${name} is another`)
    }
    assert.equal(printSchema(schema), await fresh(more))
  })

  it('comes to the schema that a fresh start comes to, whatever came before', async () => {
    const merge = merger()
    const apples = kinds.filter(({ kind: name }) => name !== 'Berry')
    const renamed = kinds.map((info) =>
      info.kind === 'Berry' ? { ...info, preferred: false } : info,
    )
    const steps: KindParts[] = [
      all(),
      all({}, apples),
      all({ b: documentOf('b.example.org', { Berry: ['taste', 'size'] }) }, apples),
      all({ b: documentOf('b.example.org', { Berry: ['taste', 'size'] }) }),
      all({}, renamed),
      all(),
      all({}, kinds.slice(1)),
      all({}, [...kinds, kind('a.example.org', 'Apricot')]),
      all({ a: documentOf('a.example.org', { Apple: [], Apricot: ['spec'] }) }, [
        ...kinds,
        kind('a.example.org', 'Apricot'),
      ]),
      all(),
    ]
    for (const [step, of] of steps.entries()) {
      const { schema } = await merge(of)
      assert.equal(printSchema(schema), await fresh(of), `after step ${step}`)
      assert.deepEqual(validateSchema(schema), [])
    }
  })

  it('keeps nothing of what was replaced', async () => {
    const merge = merger()
    const documentAt = (n: number) => documentOf('a.example.org', { Apple: [`field${n}`] })
    /** In a scope of its own, which ends before what is in it is looked for. */
    async function mergeAt(n: number): Promise<WeakRef<object>> {
      const document = documentAt(n)
      await merge(all({ a: document }))
      return new WeakRef(document.definitions.values().next().value ?? assert.fail())
    }
    const replaced: WeakRef<object>[] = []
    for (let n = 0; n < 4; n++) replaced.push(await mergeAt(n))
    await merge(all({ a: documentAt(4) }))
    // One change elsewhere, so that the last of them are taken over by others.
    await merge(all({ a: documentAt(4), b: documentOf('b.example.org', { Berry: [] }) }))
    await setImmediate()
    collectGarbage()
    assert.deepEqual(
      replaced.map((ref) => ref.deref() === undefined),
      [true, true, true, true],
    )
  })
})
