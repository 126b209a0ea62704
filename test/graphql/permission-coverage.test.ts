import assert from 'node:assert/strict'
import { glob, readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { test } from 'node:test'
import { isObjectType } from 'graphql'
import { loadSchema } from '../../gateway/server/graphql/schema.ts'

const here = import.meta.dirname

/** Where the permission of fields is tested that have no like among the routes of REST, or are judged by what they hold. */
const elsewhere: Readonly<Record<string, string>> = {
  me: 'platform.test.ts',
  node: 'platform.test.ts',
  nodes: 'platform.test.ts',
  _entities: 'platform.test.ts',
  _service: 'federation.test.ts',
  resource: 'objects.test.ts',
  resources: 'objects.test.ts',
  createResource: 'objects.test.ts',
  applyResource: 'objects.test.ts',
  updateResource: '../attacks/graph.test.ts',
  patchResource: 'objects.test.ts',
  deleteResource: 'objects.test.ts',
  scaleResource: 'scale.test.ts',
  applyManifests: 'typed-writes.test.ts',
  resourcesIn: 'lists.test.ts',
  table: 'lists.test.ts',
  revokeSessions: '../identity/session-ends.test.ts',
  graphExtensions: 'extensions.test.ts',
}

test('every field of the roots is in a table that compares its permission with that of REST, or in a test of its own', async () => {
  const { schema } = await loadSchema()
  const read = (file: string) => readFile(resolve(here, file), 'utf8')
  const tables: string[] = []
  for await (const file of glob(['*permissions.test.ts', '../live/*.ts'], { cwd: here })) {
    tables.push(await read(file))
  }
  const named = (field: string, text: string) => new RegExp(`\\b${field}\\b`).test(text)
  const missing: string[] = []
  for (const name of ['Query', 'Mutation', 'Subscription']) {
    const root = schema.getType(name)
    if (!isObjectType(root)) continue
    for (const field of Object.keys(root.getFields())) {
      if (tables.some((text) => named(field, text))) continue
      const own = elsewhere[field]
      if (!own || !named(field, await read(own))) missing.push(`${name}.${field}`)
    }
  }
  assert.deepEqual(missing, [])
})
