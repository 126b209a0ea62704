import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { logSink } from '../../gateway/domain/auditing/log-sink.ts'
import { createRecorder } from '../../gateway/domain/terminal/recording.ts'

const kilobytes = 64

/** A file system of 64 KiB; undefined, and a line that says so, where this process may not mount one. */
async function smallDisk(): Promise<(AsyncDisposable & { path: string }) | undefined> {
  const path = await mkdtemp(join(tmpdir(), 'ks-facade-disk-'))
  const options = ['-t', 'tmpfs', '-o', `size=${kilobytes}k`, 'tmpfs', path]
  if (spawnSync('mount', options).status !== 0) {
    console.error('no disk can be mounted here: what happens on a full one is not tried')
    await rm(path, { recursive: true })
    return undefined
  }
  return {
    path,
    async [Symbol.asyncDispose]() {
      spawnSync('umount', [path])
      await rm(path, { recursive: true })
    },
  }
}

describe('a full disk', () => {
  test('costs the audit events that did not fit, never half a line, and those after it are written', async () => {
    await using disk = await smallDisk()
    if (!disk) return
    const path = join(disk.path, 'audit.log')
    await using sink = logSink({ path, maxSize: 1, maxBackups: 1, maxAge: 1, now: Date.now })
    const ballast = join(disk.path, 'ballast')
    await sink.deliver(['{"event":"before"}'])
    await writeFile(ballast, Buffer.alloc((kilobytes - 12) * 1024))
    const large = JSON.stringify({ event: 'x'.repeat(20_000) })
    await assert.rejects(sink.deliver([large]), { code: 'ENOSPC' })
    await rm(ballast)
    await sink.deliver(['{"event":"after"}'])
    assert.equal(await readFile(path, 'utf8'), '{"event":"before"}\n{"event":"after"}\n')
  })

  test('ends the recording of a terminal, not the terminal', async () => {
    await using disk = await smallDisk()
    if (!disk) return
    const recorder = await createRecorder(disk.path, { id: 'one', title: 'one', startedAt: 0 })
    for (let count = 0; count < 200; count++) {
      await recorder.output(Buffer.from('x'.repeat(1000)))
    }
    await recorder.close()
    const [header] = (await readFile(join(disk.path, 'one.cast'), 'utf8')).split('\n')
    assert.equal((JSON.parse(header ?? '') as { version: number }).version, 2)
  })
})
