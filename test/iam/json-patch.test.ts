import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { applyPatch, sameJson } from '../../gateway/lib/json-patch.ts'

describe('a JSON Patch (RFC 6902)', () => {
  const cases: [string, unknown, Parameters<typeof applyPatch>[1], unknown][] = [
    ['adds a member', { a: 1 }, [{ op: 'add', path: '/b', value: 2 }], { a: 1, b: 2 }],
    ['inserts into an array', [1, 3], [{ op: 'add', path: '/1', value: 2 }], [1, 2, 3]],
    ['appends with a dash', [1], [{ op: 'add', path: '/-', value: 2 }], [1, 2]],
    ['removes a member', { a: 1, b: 2 }, [{ op: 'remove', path: '/a' }], { b: 2 }],
    ['replaces an element', [1, 2], [{ op: 'replace', path: '/0', value: 9 }], [9, 2]],
    ['moves', { a: { b: 1 } }, [{ op: 'move', from: '/a/b', path: '/c' }], { a: {}, c: 1 }],
    ['copies', { a: [1] }, [{ op: 'copy', from: '/a', path: '/b' }], { a: [1], b: [1] }],
    ['replaces the whole', { a: 1 }, [{ op: 'replace', path: '', value: 2 }], 2],
    ['undoes the escapes', { 'a/b~': 1 }, [{ op: 'remove', path: '/a~1b~0' }], {}],
    ['goes on after a test that holds', { a: 1 }, [{ op: 'test', path: '/a', value: 1 }], { a: 1 }],
  ]
  for (const [promise, document, operations, expected] of cases) {
    it(promise, () => {
      const before = structuredClone(document)
      assert.deepEqual(applyPatch(document, operations), expected)
      assert.deepEqual(document, before, 'the document given is left as it is')
    })
  }

  it('takes __proto__ for a key like any other', () => {
    const patched = applyPatch({}, [{ op: 'add', path: '/__proto__', value: { admin: true } }])
    assert.equal(Object.getPrototypeOf(patched), Object.prototype)
    assert.equal(JSON.stringify(patched), '{"__proto__":{"admin":true}}')
  })

  for (const [why, operation] of [
    ['a missing path', { op: 'remove', path: '/x' }],
    ['an index beyond the end', { op: 'add', path: '/list/5', value: 1 }],
    ['a test that fails', { op: 'test', path: '/list', value: [] }],
    ['an unknown op', { op: 'spam', path: '/list' }],
    ['a pointer without its slash', { op: 'remove', path: 'list' }],
  ] as const) {
    it(`is refused for ${why}`, () => {
      assert.throws(() => applyPatch({ list: [1] }, [operation]), { code: 400 })
    })
  }

  it('compares JSON values whatever the order of their keys', () => {
    assert.ok(sameJson({ a: [1, { b: null }], c: 's' }, { c: 's', a: [1, { b: null }] }))
    assert.ok(!sameJson({ a: 1 }, { a: 1, b: undefined }))
    assert.ok(!sameJson([1], { 0: 1 }))
  })
})
