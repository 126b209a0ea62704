import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { checkPatch } from '../../gateway/domain/tenant/patch-rules.ts'

describe('the rules of a workspace template patch', () => {
  it('find the clusters that a placement names', () => {
    const touched = checkPatch([
      { op: 'add', path: '/spec/placement/clusters/-', value: { name: 'host' } },
      { op: 'add', path: '/spec/placement', value: { clusters: [{ name: 'm1' }, { name: 'm2' }] } },
    ])
    assert.deepEqual(touched, { beyondPlacement: false, clusters: ['host', 'm1', 'm2'] })
  })

  it('see what lies beyond the placement, names that only begin like it included', () => {
    for (const path of ['/metadata/labels', '/spec', '', '/spec/placementX', '/spec/template']) {
      assert.equal(checkPatch([{ op: 'add', path, value: {} }]).beyondPlacement, true, path)
    }
  })

  it('refuse other verbs than add and remove under the placement', () => {
    assert.throws(() => checkPatch([{ op: 'replace', path: '/spec/placement', value: {} }]), {
      code: 400,
      message: 'not support operation type',
    })
  })

  for (const [operation, message] of [
    [{ op: 'remove', path: '/spec/placement' }, 'operation, missing value field: missing value'],
    [{ op: 'add', path: '/spec/placement/clusters', value: [] }, "'' expected a map, got 'slice'"],
    [{ op: 'add', path: '/spec/placement', value: 'x' }, "'' expected a map, got 'string'"],
  ] as const) {
    it(`answer ${JSON.stringify(operation)} with the original's text`, () => {
      assert.throws(() => checkPatch([operation]), { code: 500, message })
    })
  }
})
