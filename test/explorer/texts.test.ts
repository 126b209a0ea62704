import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parse } from 'graphql'
import type { Kind } from '../../gateway/server/explorer/client/app/kinds.ts'
import { sectionsOf } from '../../gateway/server/explorer/client/app/kinds.ts'
import { en } from '../../gateway/server/explorer/client/i18n/en.ts'
import { zh } from '../../gateway/server/explorer/client/i18n/zh.ts'
import {
  layout,
  listDocument,
  pageDocument,
} from '../../gateway/server/explorer/client/table/documents.ts'
import { age } from '../../gateway/server/explorer/client/table/row.ts'
import { createInput, decode } from '../../gateway/server/explorer/client/terminal/input.ts'

const pods: Kind = {
  group: '',
  version: 'v1',
  kind: 'Pod',
  plural: 'pods',
  namespaced: true,
  shortNames: ['po'],
  typeName: 'Pod',
  listField: 'pods',
  watchField: 'podsChanged',
  allowed: ['list', 'watch'],
}

describe('texts of the explorer', () => {
  it('has each text in both languages, with the same places for values', () => {
    const places = (text: string) => new Set(text.match(/\{\w+\}/g))
    assert.deepEqual(new Set(Object.keys(zh)), new Set(Object.keys(en)))
    for (const [key, text] of Object.entries(en)) {
      const other = zh[key as keyof typeof zh]
      assert.deepEqual(places(other), places(text), key)
      assert.notEqual(other, '')
    }
  })

  it('lays out documents that parse, a field a line', () => {
    const text = listDocument(pods)
    parse(text)
    parse(pageDocument(pods))
    assert.match(text, /\n {4}nodes \{\n {6}\.\.\.Row\n {4}\}/)
    assert.equal(
      layout('query A($a: Int) { b(c: $a) { d e } }'),
      ['query A($a: Int) {', '  b(c: $a) {', '    d', '    e', '  }', '}'].join('\n'),
    )
  })

  it('follows a kind only where that may be', () => {
    assert.match(pageDocument(pods), /podsChanged/)
    assert.equal(pageDocument({ ...pods, allowed: ['list'] }), '')
    assert.equal(pageDocument({ ...pods, watchField: null }), '')
    assert.match(pageDocument({ ...pods, listField: null, watchField: null }), /resourcesChanged/)
    parse(listDocument({ ...pods, listField: null, namespaced: false }))
  })

  it('shows kinds that may be listed, by name, short name or group', () => {
    const secret: Kind = { ...pods, kind: 'Secret', plural: 'secrets', shortNames: [], allowed: [] }
    const found = (text: string) => sectionsOf([pods, secret], text).flatMap(({ kinds }) => kinds)
    assert.deepEqual(found(''), [pods])
    assert.deepEqual(found('PO'), [pods])
    assert.deepEqual(found('nothing'), [])
  })

  it('says an age in its largest unit', () => {
    const now = Date.parse('2026-01-02T00:00:00Z')
    assert.equal(age('2026-01-01T23:59:58Z', now), '2s')
    assert.equal(age('2026-01-01T22:00:00Z', now), '2h')
    assert.equal(age('2025-12-01T00:00:00Z', now), '32d')
    assert.equal(age(null, now), '')
  })
})

describe('what is typed into the terminal', () => {
  it('goes in order, piece by piece, each after the last was taken', async () => {
    const text = 'äöü€😀'.repeat(5000)
    const pieces: Uint8Array[] = []
    let sending = 0
    const done = Promise.withResolvers<void>()
    const type = createInput(async (data) => {
      assert.equal(sending++, 0, 'one at a time')
      const piece = decode(data)
      pieces.push(piece)
      await Promise.resolve()
      sending--
      if (Buffer.concat(pieces).includes('!')) done.resolve()
      return piece.length
    })
    type(text)
    type('!')
    await done.promise
    assert.ok(pieces.length > 3)
    assert.equal(Buffer.concat(pieces).toString(), `${text}!`)
  })

  it('stops when the session takes no more', async () => {
    let count = 0
    const type = createInput(async () => {
      count++
      return 0
    })
    type('x'.repeat(100_000))
    await new Promise((resolve) => setImmediate(resolve))
    type('more')
    await new Promise((resolve) => setImmediate(resolve))
    assert.equal(count, 1)
  })
})
