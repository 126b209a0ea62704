import assert from 'node:assert/strict'
import { fork, type ChildProcess } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { openAsBlob, readFileSync } from 'node:fs'
import { mkdtemp, open, readdir, readlink, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { pino } from 'pino'
import { sweepHelpers } from '../../gateway/domain/terminal/leases.ts'
import { ask, bearer, login } from '../e2e/http.ts'
import type { Held } from './server-process.ts'
import { eventually, openTerminal, PASSWORD, startStage, TERMINAL, type Stage } from './stage.ts'

const POD = '/namespaces/default/pods/box'
const PODS = { group: '', version: 'v1', resource: 'pods' }
const MB = 1024 * 1024

describe('what terminals take of the server', () => {
  let stage: Stage
  let child: ChildProcess
  let url: string
  let token: string
  let folder: string
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ks-facade-bounds-'))
    stage = await startStage()
    await stage.pod('box')
    const change = {
      authentication: { multipleLogin: true, issuer: { jwtSecret: 'secret-of-the-child' } },
      terminal: { uploadFileLimit: '250Mi' },
    }
    child = fork(join(import.meta.dirname, 'server-process.ts'), [
      stage.plane.kubeconfigPath,
      JSON.stringify(change),
    ])
    url = ((await once(child, 'message')) as [string])[0]
    token = await login(url, 'admin', PASSWORD)
  })
  after(async () => {
    if (child?.connected) {
      const gone = once(child, 'exit')
      child.disconnect()
      await gone
    }
    await stage?.[Symbol.asyncDispose]()
    await rm(folder, { recursive: true, force: true })
  })
  async function held(): Promise<Held> {
    const answer = once(child, 'message') as Promise<[Held]>
    child.send('held')
    return (await answer)[0]
  }
  /** Sockets that the server has open, to anybody. */
  async function sockets(): Promise<number> {
    const at = `/proc/${child.pid}/fd`
    const links = await Promise.all(
      (await readdir(at)).map((name) => readlink(join(at, name)).catch(() => '')),
    )
    return links.filter((link) => link.startsWith('socket:')).length
  }
  async function openAndDrop(count: number): Promise<void> {
    for (let done = 0; done < count; done += 10) {
      await Promise.all(
        Array.from({ length: 10 }, async (_, at) => {
          const path = at === 9 ? '/users/admin/kubectl' : `${POD}/exec?shell=sh`
          const terminal = await openTerminal(url, path, token)
          if (at % 2) await terminal.sees(/[#$] /)
          if (at % 3) terminal.socket.close()
          else terminal.socket.terminate()
          await terminal.closed
        }),
      )
    }
    await eventually(async () => (await held()).sessions === 0)
  }
  const helpers = async () => {
    const { items } = await stage.kube.list(PODS, { namespace: 'kubesphere-system' })
    return items.filter(({ metadata }) => metadata.name?.startsWith('ks-managed-kubectl-')).length
  }

  it('is given back after 1,000 that were opened and dropped', { timeout: 300_000 }, async () => {
    await openAndDrop(100)
    const before = { sockets: await sockets(), live: (await held()).live, helpers: await helpers() }
    await openAndDrop(1000)
    await eventually(async () => (await sockets()) <= before.sockets)
    const { live } = await held()
    const grown = live - before.live
    console.log(`1,000 terminals later: ${Math.round(grown / 1024)} KiB and no socket more`)
    assert.ok(grown < 5 * MB, `${grown} bytes more`)
    assert.equal(await helpers(), before.helpers)
    const later = Date.now() + 61_000
    const { signal } = new AbortController()
    await sweepHelpers(stage.kube, later, pino({ level: 'silent' }), signal)
    await eventually(async () => (await helpers()) === 0)
  })

  it(
    'is little for 200 MB sent and fetched, which come back as they were',
    { timeout: 300_000 },
    async () => {
      const sent = join(folder, 'sent')
      const size = 200 * MB
      const digest = await writeNoise(sent, size)
      const file = (path: string) => `${url}${TERMINAL}${POD}/file?path=${path}`
      const transfer = async (path: string, name: string) => {
        const body = new FormData()
        body.append('file', await openAsBlob(path), name)
        const answer = await ask(file(folder), { method: 'POST', body, headers: bearer(token) })
        assert.deepEqual([answer.status, answer.text], [200, ''])
        const got = await fetch(file(join(folder, name)), { headers: bearer(token) })
        const hash = createHash('sha256')
        let at = 0
        const length = Number(got.headers.get('content-length')) - 1024
        for await (const chunk of got.body ?? []) {
          // One header before, the end of the archive behind: sizes here fill whole blocks.
          hash.update(chunk.subarray(Math.max(0, 512 - at), Math.max(0, length - at)))
          at += chunk.length
        }
        assert.equal(at, length + 1024)
        return hash.digest('hex')
      }
      // What code, buffers and pools take once is not what a file takes.
      const small = join(folder, 'small')
      const first = await writeNoise(small, 8 * MB)
      assert.equal(await transfer(small, 'first'), first)
      await held()
      const before = residentBytes(child)
      let peak = before
      const meter = setInterval(() => (peak = Math.max(peak, residentBytes(child))), 10)
      try {
        assert.equal(await transfer(sent, 'received'), digest)
      } finally {
        clearInterval(meter)
      }
      console.log(`200 MB both ways: at most ${Math.round((peak - before) / MB)} MiB more`)
      assert.ok(peak - before < 50e6, `${peak - before} bytes more`)
    },
  )
})

function residentBytes({ pid }: ChildProcess): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) * 1024
}

/** Fills a file with bytes that do not repeat; returns their SHA-256. */
async function writeNoise(path: string, size: number): Promise<string> {
  const hash = createHash('sha256')
  await using file = await open(path, 'w')
  const piece = Buffer.alloc(MB)
  for (let done = 0; done < size; done += MB) {
    for (let at = 0; at < MB; at += 64) piece.writeUInt32LE(((done + at) * 2654435761) >>> 0, at)
    hash.update(piece)
    await file.writeFile(piece)
  }
  return hash.digest('hex')
}
