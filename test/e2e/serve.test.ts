import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { Agent, request } from 'node:https'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, type TLSSocket } from 'node:tls'
import { after, before, describe, it } from 'node:test'
import type { IncomingMessage } from 'node:http'
import { WebSocket } from 'ws'
import { createAuthority, issue, type KeyPair } from '../../gateway/embedded/certs.ts'
import type { Plane } from '../../gateway/embedded/index.ts'
import { startTestPlane } from '../env/plane.ts'
import { freePort, onFreePort } from '../env/ports.ts'
import { Command, type Ended } from './command.ts'
import { eventually, open, raw } from './http.ts'
import { followWatch } from './watch.ts'

const configMaps = '/api/v1/namespaces/default/configmaps'

let dir: string
let plane: Plane
let authority: KeyPair

before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'ks-facade-test-'))
  plane = await startTestPlane({ components: ['etcd', 'kube-apiserver'] })
  authority = createAuthority('test', new Date())
  const pair = issue(authority, 'test', {
    commonName: 'ks-apiserver',
    hosts: ['127.0.0.1'],
    now: new Date(),
  })
  await writeFile(join(dir, 'tls.crt'), pair.cert)
  await writeFile(join(dir, 'tls.key'), pair.key)
  await writeFile(join(dir, 'junk.pem'), 'no certificate')
  const config =
    'authentication: { issuer: { jwtSecret: secret-of-this-test } }\nauthorization: { mode: AlwaysAllow }\n'
  await writeFile(join(dir, 'kubesphere.yaml'), config)
})

after(async () => {
  await plane[Symbol.asyncDispose]()
  await rm(dir, { recursive: true, force: true })
})

/** A `serve` that listens, by `flag` on a port that nobody else took meanwhile. */
function listening(flag: string, ...flags: string[]): Promise<[Command, url: string]> {
  return onFreePort(async (port) => {
    const command = serve(flag, String(port), ...flags)
    const [, url = ''] = await command.prints(/^listening on (\S+)$/m, 'stderr')
    return [command, url]
  })
}

/** `serve` with the configuration of the folder it stands in. */
function serve(...flags: string[]): Command {
  const common = ['--kubeconfig', plane.kubeconfigPath, '--bind-address', '127.0.0.1']
  return Command.main(['serve', ...common, ...flags], { cwd: dir })
}

const tlsFlags = ['--tls-cert-file', 'tls.crt', '--tls-private-key', 'tls.key']

/** Ends as it should: by itself, with code 0 and without complaint. */
function assertClean({ code, signal, stderr }: Ended): void {
  assert.deepEqual([code, signal], [0, null], stderr)
  assert.doesNotMatch(stderr, /"level":(?:50|60)|Unhandled|^ {4}at /m)
}

/** What says who is listening. */
const listeners = [
  ['one thread', []],
  ['threads in front', ['--threads', '2']],
] as const

// Two at a time: they mostly wait for what a stop gives to connections.
describe('serve', { concurrency: 2 }, () => {
  it('says with --help what it takes, and ends with 0', async () => {
    await using command = Command.main(['serve', '--help'])
    const { code, stdout, stderr } = await command.ended
    assert.deepEqual([code, stderr], [0, ''])
    for (const flag of ['--kubeconfig', '--insecure-port', '--tls-cert-file', '--config']) {
      assert.match(stdout, new RegExp(`^ {2}${flag} `, 'm'))
    }
    for (const name of ['start', 'plane']) {
      await using other = Command.main([name, '--help'])
      const ended = await other.ended
      assert.equal(ended.code, 0)
      assert.match(ended.stdout, /--data-dir/)
    }
  })

  for (const [name, threads] of listeners) {
    it(`speaks TLS, and only TLS, with the certificate it is given, by ${name}`, async () => {
      const [started, url] = await listening('--secure-port', ...tlsFlags, ...threads)
      await using command = started
      assert.match(url, /^https:/)
      const agent = new Agent({ ca: authority.cert })
      const call = request(`${url}/healthz`, { agent })
      call.end()
      const [response] = (await once(call, 'response')) as [IncomingMessage]
      assert.equal(response.statusCode, 200)
      const socket = response.socket as TLSSocket
      assert.equal(socket.getPeerCertificate().subject.CN, 'ks-apiserver')
      response.resume()
      agent.destroy()
      assert.doesNotMatch(await raw(url, 'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n'), /200 OK/)

      // One client that never finishes its handshake, and one that never says anything after it.
      const { port } = new URL(url)
      await open(url)
      const quiet = connect({ port: Number(port), host: '127.0.0.1', ca: authority.cert })
      quiet.on('error', () => undefined)
      await once(quiet, 'secureConnect')
      const ended = await command.stop('SIGTERM')
      assertClean(ended)
    })
  }

  it('says in one line that a certificate or a port cannot be had', async () => {
    const port = String(await freePort())
    const files = ['--tls-cert-file', 'junk.pem', '--tls-private-key', 'tls.key']
    await using wrong = serve('--secure-port', port, ...files)
    const refused = await wrong.ended
    assert.equal(refused.code, 1)
    assert.match(refused.stderr, /^ks-facade serve: .*junk\.pem and tls\.key cannot be used.*\n$/)

    // As the listeners of another server with threads would, who share it among themselves.
    const taken = createServer()
    taken.listen({ port: 0, host: '127.0.0.1', reusePort: true })
    await once(taken, 'listening')
    const { port: held } = taken.address() as AddressInfo
    for (const [name, threads] of listeners) {
      await using second = serve('--insecure-port', String(held), ...threads)
      const { code, stderr } = await second.ended
      assert.equal(code, 1, name)
      assert.match(stderr, new RegExp(`^ks-facade serve: .*EADDRINUSE.*:${held}\\n$`), name)
    }
    taken.close()
  })

  for (const [name, threads] of listeners) {
    it(`finishes at SIGTERM what is in flight, ends watches and sockets, and exits with 0, by ${name}`, async () => {
      const [started, url] = await listening('--insecure-port', ...threads)
      await using command = started
      const watch = await followWatch(`${url}${configMaps}?watch=true`)
      const socket = new WebSocket(`${url.replace('http', 'ws')}/api/v1/watch/namespaces`, {
        origin: url,
      })
      await once(socket, 'message')
      const socketEnded = once(socket, 'close')
      const idle = await open(url)
      const idleEnded = once(idle, 'close')

      const body = JSON.stringify({ metadata: { name: `made-while-stopping-${threads.length}` } })
      const inFlight = await open(url)
      let answer = ''
      inFlight.on('data', (chunk) => (answer += String(chunk)))
      const inFlightEnded = once(inFlight, 'close')
      const head = `Host: x\r\nContent-Type: application/json\r\nContent-Length: ${body.length}`
      inFlight.write(`POST ${configMaps} HTTP/1.1\r\n${head}\r\nExpect: 100-continue\r\n\r\n`)
      await once(inFlight, 'data')
      assert.match(answer, /^HTTP\/1\.1 100 Continue\r\n\r\n$/)
      inFlight.write(body.slice(0, 10))

      const stopped = command.stop('SIGTERM')
      const knock = async (): Promise<boolean> => {
        const socket = await open(url).catch(() => undefined)
        socket?.destroy()
        return socket !== undefined
      }
      await eventually('new connections are refused', knock, (answered) => !answered)
      inFlight.write(body.slice(10))
      await inFlightEnded
      assert.match(answer, /\r\nHTTP\/1\.1 201 Created\r\n/)
      await Promise.all([watch.ended, socketEnded, idleEnded])
      const ended = await stopped
      assertClean(ended)
    })
  }
})
