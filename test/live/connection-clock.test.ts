import assert from 'node:assert/strict'
import { mock, test } from 'node:test'
import { openConnection } from '../../gateway/server/graphql/live/connection.ts'

const hour = 3_600_000

/** A connection whose token runs out in two hours, and clocks that a test turns. */
async function opened() {
  const clock = { date: 1_800_000_000_000, time: 0 }
  const over: string[] = []
  const exp = clock.date / 1000 + 7200
  const app = {
    authenticator: { authenticate: async () => ({ name: 'ann', uid: '', groups: [], extra: {} }) },
    identity: { verify: async () => ({ exp }) },
    guard: { watch: () => () => {} },
    now: () => clock.date,
    ticks: () => clock.time,
  }
  const headers = { authorization: 'Bearer a.b.c' }
  const view = { method: 'GET', url: '/graphql', headers, remoteAddress: '127.0.0.1' }
  const wire = {
    buffered: () => 0,
    drained: async () => {},
    onOver: (why: string) => over.push(why),
  }
  const connection = await openConnection(app as never, view, wire)
  const pass = (ms: number, date = ms) => {
    clock.time += ms
    clock.date += date
    mock.timers.tick(ms)
  }
  return { clock, over, pass, connection }
}

test('a connection ends with its token: by the date where that is put on, by time where it is put back', async () => {
  mock.timers.enable({ apis: ['setTimeout'] })
  try {
    const plain = await opened()
    plain.pass(2 * hour - 1)
    assert.deepEqual(plain.over, [])
    plain.pass(60_000)
    assert.deepEqual(plain.over, ['the token has expired'])
    plain.connection.close()

    const back = await opened()
    back.clock.date -= hour
    back.pass(2 * hour - 1)
    assert.deepEqual(back.over, [])
    back.pass(60_000)
    assert.deepEqual(back.over, ['the token has expired'])
    back.connection.close()

    const ahead = await opened()
    ahead.clock.date += 24 * hour
    ahead.pass(60_000)
    assert.deepEqual(ahead.over, ['the token has expired'])
    ahead.connection.close()
  } finally {
    mock.timers.reset()
  }
})
