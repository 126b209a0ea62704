import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pino } from 'pino'
import { createAccessChanges } from '../../gateway/domain/access/index.ts'
import { NAMESPACES, ROLE_BINDINGS, USERS, WORKSPACE_LABEL } from '../../gateway/domain/names.ts'
import type { WritableStore } from '../../gateway/kube/store.ts'
import { fakeCluster } from '../resources/support.ts'

/** A cluster whose rights are followed; `heard` resolves with the next call. */
async function stage() {
  const { caches } = fakeCluster()
  const users = fakeStore(await caches.store(USERS))
  const namespaces = fakeStore(await caches.store(NAMESPACES))
  const bindings = fakeStore(await caches.store(ROLE_BINDINGS))
  const changes = createAccessChanges({ caches, log: pino({ level: 'silent' }) })
  let calls = 0
  let next = Promise.withResolvers<void>()
  const stop = await changes.follow(() => {
    calls++
    next.resolve()
  })
  return {
    users,
    namespaces,
    bindings,
    changes,
    stop,
    calls: () => calls,
    heard: async () => {
      await next.promise
      next = Promise.withResolvers()
    },
  }
}

/** Puts changes into a store of a fake cluster. */
function fakeStore(store: unknown) {
  const writable = store as WritableStore
  let version = 1000
  return (
    type: 'ADDED' | 'MODIFIED' | 'DELETED',
    name: string,
    rest: Record<string, unknown> = {},
  ) => {
    const { labels, ...fields } = rest
    const metadata = { name, uid: `uid-${name}`, resourceVersion: String(++version) }
    writable.apply(type, {
      metadata: { ...metadata, labels: (labels ?? {}) as Record<string, string> },
      ...fields,
    })
  }
}

test('what says who may do what is heard of, many changes as one', async () => {
  const { bindings, changes, heard, calls } = await stage()
  using _ = changes
  for (let index = 0; index < 50; index++) bindings('ADDED', `binding-${index}`)
  await heard()
  assert.equal(calls(), 1)
  bindings('DELETED', 'binding-7')
  await heard()
  assert.equal(calls(), 2)
})

test('the workspace of a namespace counts, its other labels do not', async () => {
  const { namespaces, bindings, changes, heard, calls } = await stage()
  using _ = changes
  namespaces('ADDED', 'deck', { labels: { [WORKSPACE_LABEL]: 'crew' } })
  await heard()
  namespaces('MODIFIED', 'deck', { labels: { [WORKSPACE_LABEL]: 'crew', other: 'label' } })
  bindings('ADDED', 'mark')
  await heard()
  assert.equal(calls(), 2)
  namespaces('MODIFIED', 'deck', { labels: { [WORKSPACE_LABEL]: 'others' } })
  await heard()
  assert.equal(calls(), 3)
})

test('accounts that are disabled or deleted are known as such; a login changes nothing', async () => {
  const { users, bindings, changes, heard, calls } = await stage()
  using _ = changes
  users('ADDED', 'ann', { status: { state: 'Active' } })
  users('MODIFIED', 'ann', { status: { state: 'Active', lastLoginTime: '2026-01-01T00:00:00Z' } })
  bindings('ADDED', 'mark')
  await heard()
  assert.equal(calls(), 1)
  assert.equal(changes.ended('ann'), undefined)
  users('MODIFIED', 'ann', { status: { state: 'Disabled' } })
  await heard()
  assert.equal(changes.ended('ann'), 'disabled')
  users('MODIFIED', 'ann', { status: { state: 'Active' } })
  await heard()
  assert.equal(changes.ended('ann'), undefined)
  users('DELETED', 'ann')
  await heard()
  assert.equal(changes.ended('ann'), 'deleted')
})

test('whoever stopped hears nothing more', async () => {
  const { bindings, changes, stop, calls } = await stage()
  using _ = changes
  const other = Promise.withResolvers<void>()
  const end = await changes.follow(() => other.resolve())
  stop()
  bindings('ADDED', 'mark')
  await other.promise
  assert.equal(calls(), 0)
  end()
})
