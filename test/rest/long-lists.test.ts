import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { describe, test } from 'node:test'
import type { Shown } from '../../gateway/domain/resources/index.ts'
import { TextCache } from '../../gateway/domain/resources/shown.ts'
import { goJson } from '../../gateway/lib/go-json.ts'
import { kubePageReply, pageReply } from '../../rest-compat/routes/resources/render.ts'
import type { Reply } from '../../rest-compat/routes/registry.ts'
import { fixedStore } from './support.ts'

const things = { group: '', version: 'v1', resource: 'things' }

function shown(count: number): Shown[] {
  const objects = Array.from({ length: count }, (_, index) => ({
    apiVersion: 'v1',
    kind: 'Thing',
    metadata: { name: `thing-${index}`, resourceVersion: '1', uid: `u-${index}` },
    spec: { empty: {}, list: [index, 'ö"<'] },
  }))
  return [...fixedStore(things, 'Thing', objects).byName()].map((entry) => ({
    entry,
    variant: '',
    json: entry.json,
    object: entry.object,
  }))
}

function bodyOf({ body }: Reply): Promise<string> {
  return body instanceof Readable ? text(body) : Promise.resolve(String(body))
}

describe('a list of so many objects', () => {
  for (const count of [0, 1, 500, 501, 1234]) {
    test(`${count} are written as one text would be`, async () => {
      const items = shown(count)
      const objects = items.map(({ entry }) => entry.object)
      const page = { items, totalItems: count, remainingItems: 0 }
      assert.equal(
        await bodyOf(pageReply(new TextCache(), page)),
        goJson({ items: objects, totalItems: count }, 1),
      )
      assert.equal(
        await bodyOf(kubePageReply(new TextCache(), page, { apiVersion: 'v1', kind: 'ThingList' })),
        goJson(
          {
            apiVersion: 'v1',
            items: objects,
            kind: 'ThingList',
            metadata: { continue: String(count), remainingItemCount: 0 },
          },
          1,
        ),
      )
    })
  }

  test('a reader who leaves ends the work', async () => {
    const { body } = pageReply(new TextCache(), {
      items: shown(2000),
      totalItems: 2000,
      remainingItems: 0,
    })
    assert.ok(body instanceof Readable)
    for await (const chunk of body) {
      assert.match(String(chunk), /"items": \[/)
      break
    }
    assert.ok(body.destroyed)
  })
})
