import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { SlowConsumer } from '../../gateway/domain/live/index.ts'
import { ApiError } from '../../gateway/lib/errors.ts'
import { pick, random } from '../resources/support.ts'
import { catchUp, Known, Model, next } from './watch-model.ts'

const names = Array.from({ length: 12 }, (_, index) => `map-${index}`)
const namespaces = ['left', 'right']
const red = { labels: { colour: 'red' } }
const isRed = (object: { metadata: { labels?: Record<string, string> } }) =>
  object.metadata.labels?.['colour'] === 'red'

/** One change that chance picks: of an object, or of what the watch cache hears. */
function disturb(model: Model, chance: () => number): void {
  const namespace = pick(chance, namespaces)
  const name = pick(chance, names)
  const kind = chance()
  if (kind < 0.6) model.put(namespace, name, { colour: pick(chance, ['red', 'blue']) })
  else if (kind < 0.85) model.remove(namespace, name)
  else if (kind < 0.93) model.cut()
  else model.relist()
}

describe('folded events equal the list', { timeout: 480_000 }, () => {
  for (const seed of [1, 2, 3, 4, 5, 6, 7, 8]) {
    test(`through lost watches, filters, pauses and reconnections: seed ${seed}`, async () => {
      using model = new Model()
      const chance = random(seed)
      for (let index = 0; index < 30; index++) disturb(model, chance)
      model.relist()
      const filter = seed % 2 === 0 ? { labelSelector: 'colour=red' } : undefined
      const list = () => model.listOf((object) => !filter || isRed(object))
      const known = new Known()
      let events = await model.watch({ filter })
      for (let round = 0; round < 200; round++) {
        for (let index = chance() * 6; index > 0; index--) disturb(model, chance)
        const taken = Math.floor(chance() * 4)
        // What is there to be taken for certain: SYNCED, or a change that was made above.
        for (let index = 0; index < taken && known.list.join() !== list().join(); index++) {
          if (chance() < 0.5) model.relist()
          else known.take(await Promise.race([next(events), relisted(model)]))
        }
        if (chance() < 0.1) {
          await events.return?.()
          events = await model.watch({ filter, from: known.position })
        }
      }
      model.relist()
      await catchUp(events, known, list)
      assert.deepEqual(known.list, list())
      await events.return?.()
      assert.equal(model.live.samples().subscribers, 0)
    })
  }
})

/** Lets the cache catch up, so that an event must come; never resolves. */
function relisted(model: Model): Promise<never> {
  model.relist()
  model.put('left', 'heartbeat', red.labels)
  return new Promise(() => {})
}

test('what goes while nobody hears is told as DELETED, what changes as MODIFIED', async () => {
  using model = new Model()
  model.put('left', 'kept')
  model.put('left', 'gone')
  model.put('left', 'again')
  const events = await model.watch()
  const known = new Known()
  await catchUp(events, known, () => model.list)
  model.cut()
  model.remove('left', 'gone')
  model.remove('left', 'again')
  model.put('left', 'again')
  model.put('left', 'kept', { now: 'labelled' })
  model.relist()
  const told = new Set<string>()
  for (let index = 0; index < 4; index++) {
    const event = await next(events)
    known.take(event)
    told.add(`${event.type} ${event.object?.object.metadata.name}`)
  }
  assert.deepEqual(told, new Set(['MODIFIED kept', 'DELETED gone', 'DELETED again', 'ADDED again']))
  assert.deepEqual(known.list, model.list)
})

test('an object that begins to match is ADDED, one that no longer does DELETED', async () => {
  using model = new Model()
  model.put('left', 'one', red.labels)
  const events = await model.watch({ filter: { labelSelector: 'colour=red' } })
  const heard: string[] = []
  const hear = async () => {
    const { type, object } = await next(events)
    heard.push(`${type} ${object?.object.metadata.name ?? ''}`.trim())
  }
  await hear()
  await hear()
  model.put('left', 'one', { colour: 'blue' })
  await hear()
  model.put('left', 'one', { colour: 'green' })
  model.put('left', 'one', red.labels)
  await hear()
  model.put('left', 'one', red.labels, 'more')
  await hear()
  assert.deepEqual(heard, ['ADDED one', 'SYNCED', 'DELETED one', 'ADDED one', 'MODIFIED one'])
})

describe('a subscriber that does not take what comes', () => {
  test('finds the latest state of each object in one event', async () => {
    using model = new Model()
    model.put('left', 'busy')
    const events = await model.watch({ initial: false })
    assert.equal((await next(events)).type, 'SYNCED')
    for (let turn = 1; turn <= 5000; turn++) model.put('left', 'busy', {}, String(turn))
    const event = await next(events)
    assert.equal(event.type, 'MODIFIED')
    assert.deepEqual(event.object?.object['data'], { data: '5000' })
    assert.deepEqual(event.previous?.object['data'], { data: '' })
    assert.deepEqual(model.live.samples().coalesced, 4999)
    assert.deepEqual(model.live.samples().queued, 0)
  })

  test('is told that it was too slow, with a place to go on from, and nothing is lost', async () => {
    using model = new Model({ limits: { events: 10, characters: 1_000_000 } })
    const known = new Known()
    let events = await model.watch()
    await catchUp(events, known, () => model.list)
    for (let index = 0; index < 11; index++) model.put('left', `many-${index}`)
    assert.equal(model.live.samples().subscribers, 0, 'its queue is given back at once')
    const error: unknown = await next(events).catch((reason: unknown) => reason)
    assert.ok(error instanceof SlowConsumer)
    assert.equal(model.live.samples().slow, 1)
    assert.deepEqual(await events.next(), { done: true, value: undefined })
    events = await model.watch({ from: error.positions[0] })
    await catchUp(events, known, () => model.list)
    assert.equal(known.list.length, 11)
  })

  test('holds no more characters than it may', async () => {
    using model = new Model({ limits: { events: 1000, characters: 50_000 } })
    const events = await model.watch({ initial: false })
    assert.equal((await next(events)).type, 'SYNCED')
    model.put('left', 'large', {}, 'x'.repeat(30_000))
    model.put('left', 'large', {}, 'y'.repeat(40_000))
    assert.equal(model.live.samples().queued, 1)
    model.put('left', 'other', {}, 'z'.repeat(30_000))
    await assert.rejects(next(events), SlowConsumer)
  })
})

describe('resume', () => {
  test('tells what was missed, and nothing else', async () => {
    using model = new Model()
    model.put('left', 'old')
    const known = new Known()
    const first = await model.watch()
    await catchUp(first, known, () => model.list)
    await first.return?.()
    model.put('left', 'new')
    model.remove('left', 'old')
    const again = await model.watch({ from: known.position })
    const types: string[] = []
    for (let index = 0; index < 3; index++) {
      const event = await next(again)
      known.take(event)
      types.push(event.type)
    }
    assert.deepEqual(types, ['SYNCED', 'ADDED', 'DELETED'])
    assert.deepEqual(known.list, model.list)
  })

  test('from too long ago is RESYNC, then everything anew', async () => {
    using model = new Model({ limits: { events: 3, characters: 1_000_000 } })
    model.put('left', 'old')
    const known = new Known()
    const first = await model.watch()
    await catchUp(first, known, () => model.list)
    await first.return?.()
    model.remove('left', 'old')
    for (const name of names) model.put('left', name)
    const again = await model.watch({ from: known.position })
    assert.equal((await next(again)).type, 'RESYNC')
    known.objects.clear()
    await catchUp(again, known, () => model.list)
  })

  test('of a place that this server never reached is RESYNC', async () => {
    using model = new Model()
    for (const version of ['99', '9999999', 'x', null]) {
      const again = await model.watch({ from: { cluster: 'host', version, sight: '' } })
      assert.equal((await next(again)).type, 'RESYNC', String(version))
    }
  })

  test('goes on from a BOOKMARK when the objects of a filter are quiet', async () => {
    using model = new Model({ markMs: 5 })
    const events = await model.watch({ filter: { labelSelector: 'colour=red' } })
    assert.equal((await next(events)).type, 'SYNCED')
    for (const name of names) model.put('left', name)
    const { type, positions } = await next(events)
    assert.deepEqual([type, positions[0]?.version], ['BOOKMARK', model.store.resourceVersion])
  })
})

describe('rights', () => {
  test('to nothing are refused before anything is told', async () => {
    using model = new Model({ namespaces })
    model.allowed = new Set(['left'])
    await assert.rejects(model.watch(), forbiddenError)
    await assert.rejects(model.watch({ namespaces: ['left', 'right'] }), forbiddenError)
    assert.equal(model.live.samples().subscribers, 0)
    const events = await model.watch({ namespaces: ['left'] })
    assert.equal((await next(events)).type, 'SYNCED')
  })

  test('that are taken away end the subscription, whatever still waits', async () => {
    using model = new Model({ namespaces })
    const events = await model.watch()
    assert.equal((await next(events)).type, 'SYNCED')
    const waiting = next(events)
    model.allowed = new Set()
    model.judge()
    await assert.rejects(waiting, forbiddenError)
    assert.deepEqual(await events.next(), { done: true, value: undefined })
  })

  test('to some namespaces show these alone, and follow what is given and taken', async () => {
    using model = new Model({ namespaces })
    model.allowed = new Set(['left'])
    for (const name of names.slice(0, 3)) for (const place of namespaces) model.put(place, name)
    const known = new Known()
    const events = await model.watch({ accessibleOnly: true })
    const list = () =>
      model.listOf(({ metadata }) => model.allowed?.has(metadata.namespace ?? '') ?? true)
    await catchUp(events, known, list)
    model.put('right', 'secret')
    model.put('left', 'open')
    await catchUp(events, known, list)
    model.allowed = new Set(['left', 'right'])
    model.judge()
    await catchUp(events, known, list)
    assert.ok(known.list.some((one) => one.startsWith('right/secret')))
    // Nothing of what happens after the loss, though nobody has judged anew.
    model.allowed = new Set(['right'])
    model.put('left', 'open', {}, 'hidden')
    model.remove('left', 'map-0')
    model.put('right', 'last')
    const seen: unknown[] = []
    model.judge()
    while (known.list.join() !== list().join()) {
      const event = await next(events)
      known.take(event)
      if (event.object?.object.metadata.namespace === 'left') {
        seen.push([event.type, Object.keys(event.object.object)])
      }
    }
    assert.equal(seen.length, 4)
    for (const one of seen) assert.deepEqual(one, ['DELETED', ['apiVersion', 'kind', 'metadata']])
  })

  test('that differ from those of before make a resumed subscription begin anew', async () => {
    using model = new Model({ namespaces })
    model.allowed = new Set(['left'])
    model.put('right', 'one')
    const known = new Known()
    const first = await model.watch({ accessibleOnly: true })
    known.take(await next(first))
    await first.return?.()
    model.allowed = new Set(['left', 'right'])
    const again = await model.watch({ accessibleOnly: true, from: known.position })
    assert.equal((await next(again)).type, 'RESYNC')
  })
})

test('ends with its signal, also while it waits', async () => {
  using model = new Model()
  const gone = new AbortController()
  const events = await model.watch({ signal: gone.signal })
  assert.equal((await next(events)).type, 'SYNCED')
  const waiting = events.next()
  gone.abort()
  assert.deepEqual(await waiting, { done: true, value: undefined })
  assert.equal(model.live.samples().subscribers, 0)
})

test('one cache is asked for however many subscribe', async () => {
  using model = new Model()
  const all = await Promise.all(Array.from({ length: 50 }, () => model.watch()))
  assert.equal(model.live.samples().subscribers, 50)
  assert.deepEqual(
    model.live.samples().feeds.map(({ listeners }) => listeners),
    [50],
  )
  for (const events of all) await events.return?.()
})

test('a throttled subscription tells the states of an object in between as one', async () => {
  using model = new Model()
  model.put('left', 'busy')
  const events = await model.watch({ initial: false, throttleMs: 1000 })
  assert.equal((await next(events)).type, 'SYNCED')
  model.put('left', 'busy', {}, 'first')
  assert.deepEqual((await next(events)).object?.object['data'], { data: 'first' })
  for (const text of ['second', 'third', 'last']) model.put('left', 'busy', {}, text)
  assert.deepEqual((await next(events)).object?.object['data'], { data: 'last' })
})

test('a kind that cannot be watched, and a namespace that is none, are refused', async () => {
  using model = new Model()
  const code = (expected: number) => (error: unknown) =>
    error instanceof ApiError && error.code === expected
  const targets = [{ scope: model.scope(), info: noWatch }]
  await assert.rejects(model.live.watch({ targets }), code(405))
  await assert.rejects(model.watch({ namespaces: ['../x'] }), code(400))
  await assert.rejects(model.live.watch({ targets: [] }), code(400))
})

const noWatch = {
  group: 'authorization.k8s.io',
  version: 'v1',
  resource: 'subjectaccessreviews',
  kind: 'SubjectAccessReview',
  singular: '',
  namespaced: false,
  verbs: ['create'],
  shortNames: [],
  categories: [],
  preferred: true,
}

function forbiddenError(error: unknown): boolean {
  return error instanceof ApiError && error.code === 403
}
