import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer, get, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { Command, ready } from './command.ts'
import { ask, bearer, eventually, login } from './http.ts'

const MIB = 1024 * 1024
/** More than what buffers on the way hold, and far less than what is sent. */
const GROWTH = 100 * MIB

/** Bytes of memory that a process holds. */
async function residentOf(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(text)?.[1]) * 1024
}

interface Source extends AsyncDisposable {
  readonly url: string
  /** Bytes handed to the socket so far. */
  readonly sent: number
}

/** Answers every request with `size` bytes, as fast as they are taken. */
async function startSource(size: number): Promise<Source> {
  const block = Buffer.alloc(MIB, 'x')
  let sent = 0
  const server = createServer((_req, res) => {
    sent = 0
    const more = (): void => {
      while (sent < size) {
        sent += block.length
        if (!res.write(block)) return void res.once('drain', more)
      }
      res.end()
    }
    more()
  })
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', () => done()))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get sent() {
      return sent
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise<void>((done) => void server.close(() => done()))
    },
  }
}

test('the server’s memory stays flat while a gibibyte goes to a slow reader, by each way', async (t) => {
  if (process.platform !== 'linux') {
    t.diagnostic('left out: the memory of a process is read from /proc')
    return
  }
  const size = 1024 * MIB
  await using source = await startSource(size)
  await using command = Command.main(['start'])
  const { url, password } = await ready(command)
  const pid = command.child.pid ?? 0
  const headers = bearer(await login(url, 'admin', password))
  const create = async (path: string, body: object): Promise<void> => {
    const json = { 'content-type': 'application/json', ...headers }
    const made = await ask(url + path, {
      method: 'POST',
      headers: json,
      body: JSON.stringify(body),
    })
    assert.equal(made.status, 201, made.text)
  }
  await create('/apis/extensions.kubesphere.io/v1alpha1/apiservices', {
    apiVersion: 'extensions.kubesphere.io/v1alpha1',
    kind: 'APIService',
    metadata: { name: 'v1.large.io' },
    spec: { group: 'large.io', version: 'v1', url: source.url },
    status: { state: 'Available' },
  })
  await create('/apis/cluster.kubesphere.io/v1alpha1/clusters', {
    apiVersion: 'cluster.kubesphere.io/v1alpha1',
    kind: 'Cluster',
    metadata: { name: 'large' },
    spec: { connection: { type: 'direct', kubesphereAPIEndpoint: source.url } },
    status: { conditions: [{ type: 'Ready', status: 'True' }] },
  })
  for (const path of ['/kapis/large.io/v1/things', '/clusters/large/things']) {
    await t.test(path, async () => {
      await eventually(
        'it is served',
        async () => {
          const asked = get(url + path, { headers })
          const [response] = (await once(asked, 'response')) as [IncomingMessage]
          asked.destroy()
          return response.statusCode
        },
        (status) => status === 200,
      )
      const before = await residentOf(pid)
      const asked = get(url + path, { headers })
      const [response] = (await once(asked, 'response')) as [IncomingMessage]
      // Nobody reads: the source comes to a halt, and the server holds no more than what is on its way.
      let halted = -1
      while (halted !== source.sent) {
        halted = source.sent
        await delay(500)
      }
      assert.ok(source.sent < GROWTH, `${source.sent / MIB} MiB were taken that nobody read`)
      let [got, looked, most] = [0, 0, await residentOf(pid)]
      for await (const chunk of response as AsyncIterable<Buffer>) {
        got += chunk.length
        if (got - looked < 16 * MIB) continue
        looked = got
        most = Math.max(most, await residentOf(pid))
      }
      assert.equal(got, size)
      const grown = most - before
      t.diagnostic(`${path}: grew by ${(grown / MIB).toFixed(0)} MiB`)
      assert.ok(grown < GROWTH, `the server grew by ${grown / MIB} MiB`)
    })
  }
})
