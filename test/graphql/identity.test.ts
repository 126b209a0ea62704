import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import {
  buildClientSchema,
  getIntrospectionQuery,
  getNamedType,
  isObjectType,
  type GraphQLNamedType,
  type GraphQLSchema,
  type IntrospectionQuery,
} from 'graphql'
import type { KubeObject } from '../../gateway/kube/types.ts'
import { createGraphql, type GraphqlFace } from '../../gateway/server/graphql/index.ts'
import { ask, listenOn } from './double.ts'
import { fixtures } from './every-kind.ts'
import { startGraphWorld, type GraphWorld } from './graph.ts'

interface Selection {
  [field: string]: Selection
}

const legal = (wire: string) => wire.replaceAll(/[^_0-9A-Za-z]/g, '_')

/** Selects what a value holds: the fields of its members, of all items of a list, of all entries of a map. */
function selectionOf(type: GraphQLNamedType, value: unknown, into: Selection): void {
  // An object or a list may be empty, and a selection may not.
  if (isObjectType(type)) into['__typename'] = {}
  if (Array.isArray(value)) {
    for (const item of value) selectionOf(type, item, into)
    return
  }
  if (!isObjectType(type) || value === null || typeof value !== 'object') return
  const fields = type.getFields()
  if (type.name.endsWith('MapEntry')) {
    into['key'] ??= {}
    into['value'] ??= {}
    const of = fields['value']
    for (const item of Object.values(value)) {
      if (of) selectionOf(getNamedType(of.type), item, into['value'])
    }
    return
  }
  for (const [wire, inner] of Object.entries(value)) {
    const name = legal(wire)
    const field = fields[name] ?? fields['_extra']
    assert.ok(field, `${type.name} has no field for ${wire}`)
    selectionOf(getNamedType(field.type), inner, (into[field.name] ??= {}))
  }
}

function print(selection: Selection): string {
  const fields = Object.entries(selection).map(([name, inner]) =>
    Object.keys(inner).length > 0 ? `${name} ${print(inner)}` : name,
  )
  return `{ ${fields.join(' ')} }`
}

/** Leaves out null: a selection is that of all items, and some have less. */
function filled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(filled)
  if (value === null || typeof value !== 'object') return value
  const entries = Object.entries(value).filter(
    ([key, inner]) => key !== '__typename' && inner !== null,
  )
  return Object.fromEntries(entries.map(([key, inner]) => [key, filled(inner)]))
}

/** What an object says, without what every write changes. */
function content({ metadata, status: _status, ...rest }: KubeObject): unknown {
  const {
    managedFields: _fields,
    resourceVersion: _version,
    generation: _count,
    ...kept
  } = metadata
  return { ...rest, metadata: kept }
}

describe('reading a typed object and applying what was read', () => {
  let world: GraphWorld
  let face: GraphqlFace
  let url: string
  let token: string
  let schema: GraphQLSchema
  const stack = new AsyncDisposableStack()

  const data = async <T>(query: string, variables: object = {}): Promise<T> => {
    const { body } = await ask(url, query, { token, variables })
    assert.deepEqual(body.errors, undefined, query.slice(0, 200))
    return body.data as T
  }

  before(async () => {
    world = stack.use(await startGraphWorld())
    for (const { gvr, object } of fixtures) await world.kube.create(gvr, object)
    const wide = { tokens: 1e6, depth: 100, aliases: 1e6, rootFields: 20, directives: 50 }
    face = stack.use(await createGraphql(world.app, { limits: { ...wide, cost: 1e9, batch: 1 } }))
    const server = stack.use(await listenOn(face))
    url = server.url
    token = await world.login('admin')
    schema = buildClientSchema(await data<IntrospectionQuery>(getIntrospectionQuery()))
  })
  after(() => stack.disposeAsync())

  it('changes nothing, for every kind that can be applied', async () => {
    const { kinds } = await data<{ kinds: Record<string, string | null>[] }>(
      '{ kinds { group version plural namespaced typeName getField listField verbs } }',
    )
    const without: string[] = []
    let done = 0
    for (const kind of kinds) {
      const { typeName, getField, listField, namespaced } = kind
      const verbs = kind['verbs'] as unknown as string[]
      if (!getField || !listField || !verbs.includes('patch')) continue
      const list = `{ ${listField}(first: 500) { nodes { raw } } }`
      const { [listField]: page } =
        await data<Record<string, { nodes: { raw: KubeObject }[] }>>(list)
      const raw =
        page?.nodes.find(({ raw: { metadata } }) => metadata.name === 'fixture')?.raw ??
        page?.nodes[0]?.raw
      if (!raw) {
        without.push(`${kind['group']}/${kind['plural']}`)
        continue
      }
      const type = schema.getType(typeName ?? '')
      assert.ok(type)
      const selection: Selection = {}
      selectionOf(type, raw, selection)
      delete selection['metadata']?.['managedFields']
      const { name = '', namespace } = raw.metadata
      const at = namespaced ? { name, namespace } : { name }
      const args = Object.entries(at).map(([key, value]) => `${key}: ${JSON.stringify(value)}`)
      const read = await data<Record<string, Record<string, unknown>>>(
        `{ ${getField}(${args.join(', ')}) ${print(selection)} }`,
      )
      const input = filled(read[getField]) as Record<string, unknown>
      const apply = `mutation ($input: ${typeName}Input!) {
        apply${typeName}(input: $input, options: { fieldManager: "identity", force: true, fieldValidation: STRICT }) {
          changed conflicts { field } object { raw } } }`
      const applied = await data<Record<string, { changed: boolean; object: { raw: KubeObject } }>>(
        apply,
        { input },
      )
      const result = applied[`apply${typeName}`]
      assert.ok(result)
      assert.deepEqual(content(result.object.raw), content(raw), typeName ?? '')
      done++
    }
    assert.ok(done >= 60, `${done} kinds, none of: ${without.join(' ')}`)
    console.log(`${done} kinds; no objects of: ${without.join(' ')}`)
  })
})
