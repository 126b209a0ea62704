import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { parseSync, Visitor } from 'oxc-parser'
import { root, sources } from './env/sources.ts'

/**
 * Object literals with getters, which V8 gives a hidden class each: it stands in old space and holds the getter and all that
 * this sees until the next full collection. Right for what there is one of; rows, requests and events have classes.
 */
const fewOf: Readonly<Record<string, string>> = {
  'gateway/domain/live/access.ts': 'a subscription',
  'gateway/domain/live/counts.ts': 'a subscription',
  'gateway/domain/logs/merge.ts': 'a stream of logs',
  'gateway/domain/terminal/service.ts': 'a server',
  'gateway/domain/terminal/session.ts': 'a terminal',
  'gateway/domain/auditing/queue.ts': 'a server',
  'gateway/kube/watch.ts': 'a kind that is watched',
  'gateway/server/graphql/extensions/index.ts': 'a server',
  'gateway/server/graphql/index.ts': 'a server',
  'gateway/server/graphql/kinds.ts': 'a server',
  'gateway/server/graphql/live/connection.ts': 'a connection',
  'gateway/server/graphql/live/wire.ts': 'a connection',
  'resolvers/user-mutations.ts': 'a mutation',
}

/** Lines with an accessor of an object literal. */
function accessors(file: string, text: string): number[] {
  const lines: number[] = []
  const { program } = parseSync(file, text)
  new Visitor({
    ObjectExpression({ properties }) {
      for (const property of properties) {
        if (property.type !== 'Property' || property.kind === 'init') continue
        lines.push(text.slice(0, property.start).split('\n').length)
      }
    },
  }).visit(program)
  return lines
}

test('the check sees getters of object literals, and none of classes', () => {
  const text =
    'class A {\n  get a() { return 1 }\n}\nconst b = { get c() { return 2 },\n  set c(_) {} }\n'
  assert.deepEqual(accessors('some.ts', text), [4, 5])
})

test('what is made for each request, row or event has no getters of its own', async () => {
  const found = new Map<string, number[]>()
  for (const file of await sources()) {
    const lines = accessors(file, await readFile(join(root, file), 'utf8'))
    if (lines.length > 0) found.set(file, lines)
  }
  const wrong = [...found].filter(([file]) => !(file in fewOf))
  assert.deepEqual(
    wrong,
    [],
    'these need a class, or a word in this file how few there are of them',
  )
  const gone = Object.keys(fewOf).filter((file) => !found.has(file))
  assert.deepEqual(gone, [], 'these have no getters any more')
})
