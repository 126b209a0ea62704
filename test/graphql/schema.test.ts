import assert from 'node:assert/strict'
import { glob, readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { describe, it } from 'node:test'
import {
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isScalarType,
  type GraphQLSchema,
} from 'graphql'
import { parse as parseYaml } from 'yaml'
import { loadSchema } from '../../gateway/server/graphql/schema.ts'
import { resolvers } from '../../resolvers/index.ts'

const root = resolve(import.meta.dirname, '../..')

/** Parts that the federation library adds. */
const added = /^(?:_|federation__|link__)/

function ownTypes(schema: GraphQLSchema) {
  return Object.values(schema.getTypeMap()).filter(
    ({ name, astNode }) => astNode && !added.test(name),
  )
}

describe('the schema', () => {
  it('describes every type, field, argument and value', async () => {
    const { schema } = await loadSchema()
    const silent: string[] = []
    const check = (path: string, described: { description?: string | null | undefined }) => {
      if (!described.description) silent.push(path)
    }
    for (const type of ownTypes(schema)) {
      if (!['Query', 'Mutation', 'Subscription'].includes(type.name)) check(type.name, type)
      if (isObjectType(type) || isInterfaceType(type)) {
        for (const field of Object.values(type.getFields())) {
          if (added.test(field.name)) continue
          check(`${type.name}.${field.name}`, field)
          for (const arg of field.args) check(`${type.name}.${field.name}(${arg.name})`, arg)
        }
      } else if (isInputObjectType(type)) {
        for (const field of Object.values(type.getFields()))
          check(`${type.name}.${field.name}`, field)
      } else if (isEnumType(type)) {
        for (const value of type.getValues()) check(`${type.name}.${value.name}`, value)
      }
    }
    assert.deepEqual(silent, [])
  })

  it('has connections in the form of Relay', async () => {
    const { schema } = await loadSchema()
    const connections = ownTypes(schema).filter(({ name }) => name.endsWith('Connection'))
    assert.ok(connections.length >= 7)
    for (const type of connections) {
      assert.ok(isObjectType(type))
      const fields = type.getFields()
      assert.equal(String(fields['pageInfo']?.type), 'PageInfo!')
      const edge = type.name.replace(/Connection$/, 'Edge')
      assert.equal(String(fields['edges']?.type), `[${edge}!]!`)
      const edgeType = schema.getType(edge)
      assert.ok(isObjectType(edgeType))
      assert.equal(String(edgeType.getFields()['cursor']?.type), 'String!')
    }
  })

  it('has a resolver for every field that its domain object does not hold by that name', async () => {
    const { schema } = await loadSchema()
    const config = parseYaml(await readFile(resolve(root, 'codegen.yml'), 'utf8')) as {
      generates: Record<string, { config: { mappers: Record<string, string> } }>
    }
    const { mappers } = config.generates['resolvers/types.generated.ts']?.config ?? assert.fail()
    const held: Record<string, readonly string[]> = {
      ObjectMeta: [
        'namespace',
        'uid',
        'resourceVersion',
        'generation',
        'creationTimestamp',
        'deletionTimestamp',
        'generateName',
        'deletionGracePeriodSeconds',
      ],
      RoleSubject: ['kind', 'name', 'namespace', 'binding'],
      Membership: ['username'],
      PolicyRule: ['verbs'],
      GenericObject: ['cluster'],
      ResourceTable: ['columns', 'rows', 'pageInfo', 'totalCount', 'resourceVersion'],
      TableRow: ['cells'],
      Scale: ['selector'],
      ScalePayload: ['scale', 'warnings'],
      KubernetesObjectChange: ['type', 'object', 'previous', 'cluster', 'clusterResults'],
    }
    const map = resolvers as Record<string, Record<string, unknown>>
    const missing: string[] = []
    for (const name of ['Query', 'Mutation', 'Subscription', ...Object.keys(mappers)]) {
      const type = schema.getType(name)
      if (!isObjectType(type)) continue
      for (const field of Object.keys(type.getFields())) {
        const known = map[name]?.[field] ?? held[name]?.includes(field) ?? added.test(field)
        if (!known && !added.test(field)) missing.push(`${name}.${field}`)
      }
    }
    assert.deepEqual(missing, [])
  })

  it('has an implementation for every scalar', async () => {
    const { schema } = await loadSchema()
    const map = resolvers as Record<string, unknown>
    const scalars = ownTypes(schema).filter(isScalarType)
    assert.equal(scalars.length, 9)
    for (const { name } of scalars) assert.ok(map[name], name)
  })

  it('stands in its folder alone, and nowhere in TypeScript', async () => {
    const files = await Array.fromAsync(glob('schema/**/*.*', { cwd: root }))
    assert.deepEqual(
      files.filter((file) => !file.endsWith('.graphql')),
      [],
    )
    for await (const file of glob('{gateway,resolvers}/**/*.ts', { cwd: root })) {
      const text = await readFile(resolve(root, file), 'utf8')
      assert.ok(!/\bextend type (?:Query|Mutation|Subscription)\b/.test(text), file)
    }
  })
})
