import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { logSink } from '../../gateway/domain/auditing/log-sink.ts'
import { webhookSink } from '../../gateway/domain/auditing/webhook-sink.ts'
import { upstream } from '../rest/support.ts'

async function folder() {
  const dir = await mkdtemp(join(tmpdir(), 'audit-'))
  return { dir, [Symbol.asyncDispose]: () => rm(dir, { recursive: true }) }
}

const line = (size: number) => JSON.stringify({ text: 'x'.repeat(size) })

describe('the log', () => {
  test('has an event on each line, for its owner alone, and goes on after a restart', async () => {
    await using made = await folder()
    const path = join(made.dir, 'deep', 'audit.log')
    for (const round of ['1', '2']) {
      await using sink = logSink({ path, maxSize: 1, maxBackups: 1, maxAge: 1, now: Date.now })
      await sink.deliver([`{"round":${round}}`, '{}'])
    }
    assert.equal(await readFile(path, 'utf8'), '{"round":1}\n{}\n{"round":2}\n{}\n')
    assert.equal((await stat(path)).mode & 0o777, 0o600)
    assert.equal((await stat(join(made.dir, 'deep'))).mode & 0o777, 0o700)
  })

  test('is renamed when full; only the newest and young ones stay', async () => {
    await using made = await folder()
    const path = join(made.dir, 'audit.log')
    let now = Date.parse('2026-01-01T00:00:00Z')
    await using sink = logSink({ path, maxSize: 1, maxBackups: 2, maxAge: 1, now: () => now })
    for (let round = 0; round < 5; round++) {
      now += 1000
      await sink.deliver([line(700_000), line(200_000)])
    }
    assert.deepEqual((await readdir(made.dir)).toSorted(), [
      'audit-2026-01-01T00-00-04.000.log',
      'audit-2026-01-01T00-00-05.000.log',
      'audit.log',
    ])
    now += 2 * 24 * 60 * 60 * 1000
    await sink.deliver([line(700_000)])
    const left = (await readdir(made.dir)).toSorted()
    assert.deepEqual(left, ['audit-2026-01-03T00-00-05.000.log', 'audit.log'])
    for (const name of left) {
      for (const text of (await readFile(join(made.dir, name), 'utf8')).trim().split('\n')) {
        JSON.parse(text)
      }
    }
  })

  test('keeps the order of batches, and one that cannot be written does not stop the next', async () => {
    await using made = await folder()
    const path = join(made.dir, 'audit.log')
    await using sink = logSink({ path, maxSize: 1, maxBackups: 1, maxAge: 1, now: Date.now })
    await Promise.all(['1', '2', '3'].map((event) => sink.deliver([event])))
    assert.equal(await readFile(path, 'utf8'), '1\n2\n3\n')
    await using blocked = logSink({
      path: join(path, 'below-a-file.log'),
      maxSize: 1,
      maxBackups: 1,
      maxAge: 1,
      now: Date.now,
    })
    await assert.rejects(blocked.deliver(['1']), /ENOTDIR|EEXIST/)
  })
})

describe('the webhook', () => {
  test('gets a batch as JSON objects without anything between them', async () => {
    await using server = await upstream()
    await using sink = webhookSink(`${server.url}/audit?x=1`)
    await sink.deliver(['{"a":1}', '{"b":2}'])
    const [seen] = server.seen
    assert.equal(seen?.method, 'POST')
    assert.equal(seen?.url, '/audit?x=1')
    assert.equal(seen?.headers['content-type'], 'application/json')
    assert.equal(seen?.body, '{"a":1}{"b":2}')
  })

  test('has failed with any answer but 200, is not asked twice, and must be an address', async () => {
    await using server = await upstream((_req, res) => void res.writeHead(202).end())
    await using sink = webhookSink(server.url)
    await assert.rejects(sink.deliver(['{}']), /answered 202/)
    assert.equal(server.seen.length, 1)
    assert.throws(() => webhookSink('file:///etc/passwd'), TypeError)
    assert.throws(() => webhookSink('nonsense'), TypeError)
  })
})
