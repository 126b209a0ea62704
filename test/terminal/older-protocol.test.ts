import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { createKubeClient } from '../../gateway/kube/client.ts'
import { forward, forwardUpgrade } from '../../gateway/kube/forward.ts'
import { loadKubeconfig } from '../../gateway/kube/kubeconfig.ts'
import { ask, bearer } from '../e2e/http.ts'
import { close, listen } from '../rest/support.ts'
import { startBeside, type Beside } from './beside.ts'
import { eventually, openTerminal, startStage, TERMINAL, type Stage } from './stage.ts'

const POD = '/namespaces/default/pods/box'
const V4 = 'v4.channel.k8s.io'

/** A way to kube-apiserver on which version 5 of the remote-command protocol is not to be had. */
async function startOlder(kubeconfigPath: string) {
  await using stack = new AsyncDisposableStack()
  const credentials = await loadKubeconfig({ path: kubeconfigPath })
  const { target } = stack.use(createKubeClient({ credentials }))
  /** Protocols that were offered by clients. */
  const offered = new Set<string>()
  const path = ({ url = '/' }: { url?: string | undefined }) => url
  const server = createServer((req, res) => {
    const headers = { ...req.headers }
    void forward(req, res, target, { path: path(req), headers }).catch(() => res.destroy())
  })
  server.on('upgrade', (req, socket, head) => {
    offered.add(String(req.headers['sec-websocket-protocol']))
    const headers = { ...req.headers, 'sec-websocket-protocol': V4 }
    socket.on('error', () => {})
    void forwardUpgrade(req, socket, head, target, { path: path(req), headers }).catch(() =>
      socket.destroy(),
    )
  })
  stack.defer(() => close(server))
  const url = await listen(server)
  const owned = stack.move()
  return { url, offered, [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose]() }
}

describe('a terminal where the API server knows only protocol v4', () => {
  let stage: Stage
  let older: Awaited<ReturnType<typeof startOlder>>
  let server: Beside
  let folder: string
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ks-facade-older-'))
    stage = await startStage()
    await stage.pod('box')
    older = await startOlder(stage.plane.kubeconfigPath)
    server = await startBeside(stage, ({ kubernetes }) => ({
      kubernetes: { ...kubernetes, master: older.url },
    }))
  })
  after(async () => {
    await server?.[Symbol.asyncDispose]()
    await older?.[Symbol.asyncDispose]()
    await stage?.[Symbol.asyncDispose]()
    await rm(folder, { recursive: true, force: true })
  })
  const openShell = async () => {
    const terminal = await openTerminal(server.url, `${POD}/exec?shell=sh`, server.admin)
    await terminal.sees(/[#$] $/)
    return terminal
  }

  it('has input, output, a size and an exit code', async () => {
    using terminal = await openShell()
    assert.deepEqual([...older.offered], [`v5.channel.k8s.io,${V4}`])
    terminal.resize(91, 17)
    terminal.type('until [ "$(stty size)" = "17 91" ]; do sleep 0.05; done; echo si""zed\r')
    await terminal.sees(/\nsized\r\n/)
    terminal.type('exit 7\r')
    const reason = 'the shell ended with exit code 7'
    assert.deepEqual(await terminal.closed, { code: 1000, reason })
  })

  it('tells a program that its input ended by Ctrl-D alone, and lets its output come', async () => {
    using terminal = await openShell()
    terminal.type('cat; echo la""te\r')
    await terminal.sees(/la""te\r\n$/)
    terminal.socket.send('{"Op":"unknown"}')
    await terminal.sees(/\nlate\r\n/)
    terminal.socket.close()
    await eventually(() => server.facade.app.terminal.sessions === 0)
  })

  it('ends its program when the client goes away', async () => {
    using terminal = await openShell()
    terminal.type('echo pid=$$=; cat\r')
    const pid = Number((await terminal.sees(/\npid=(\d+)=/))[1])
    terminal.socket.terminate()
    await eventually(() => {
      try {
        process.kill(pid, 0)
        return false
      } catch {
        return true
      }
    })
  })

  it('takes uploads although tar cannot be told where they end, and gives downloads', async () => {
    const bytes = new Uint8Array(randomBytes(3_000_001))
    const file = (path: string) => `${server.url}${TERMINAL}${POD}/file?path=${path}`
    const upload = (path: string) => {
      const body = new FormData()
      body.append('a', new Blob([bytes]), 'big')
      body.append('b', new Blob([]), 'ä'.repeat(90))
      return ask(file(path), { method: 'POST', body, headers: bearer(server.admin) })
    }
    const done = await upload(folder)
    assert.deepEqual([done.status, done.text], [200, ''])
    const sha = (data: Uint8Array) => createHash('sha256').update(data).digest('hex')
    assert.equal(sha(await readFile(join(folder, 'big'))), sha(bytes))
    assert.equal((await readFile(join(folder, 'ä'.repeat(90)))).length, 0)
    const refused = await upload(`${folder}/it's $(no) folder`)
    assert.equal(refused.status, 404)
    assert.match(refused.text, /it's \$\(no\) folder: Cannot open/)
    const got = await fetch(file(join(folder, 'big')), { headers: bearer(server.admin) })
    const tar = new Uint8Array(await got.arrayBuffer())
    assert.equal(got.headers.get('content-length'), String(tar.length))
    assert.equal(sha(tar.subarray(512, 512 + bytes.length)), sha(bytes))
  })
})
