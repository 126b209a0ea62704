import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, type TLSSocket } from 'node:tls'
import { test } from 'node:test'
import { pino } from 'pino'
import { createAuthority, issue } from '../../gateway/embedded/certs.ts'
import { listen } from '../../gateway/server/http.ts'

const authority = createAuthority('test', new Date())
const pairOf = (commonName: string) =>
  issue(authority, 'test', { commonName, hosts: ['127.0.0.1'], now: new Date() })

test('a renewed certificate is served to new connections, a broken one never', async () => {
  await using stack = new AsyncDisposableStack()
  const dir = await mkdtemp(join(tmpdir(), 'certificate-'))
  stack.defer(() => rm(dir, { recursive: true }))
  const tls = { certFile: join(dir, 'tls.crt'), keyFile: join(dir, 'tls.key') }
  const put = async ({ cert, key }: { cert: string; key: string }) => {
    await writeFile(tls.certFile, cert)
    await writeFile(tls.keyFile, key)
  }
  const lines: string[] = []
  const heard = new Set<() => void>()
  const log = pino(
    { level: 'info' },
    {
      write(line: string) {
        lines.push(line)
        for (const tell of heard) tell()
      },
    },
  )
  const said = async (text: RegExp): Promise<void> => {
    while (!lines.some((line) => text.test(line))) {
      await new Promise<void>((resolve) => void heard.add(resolve))
    }
  }
  await put(pairOf('first'))
  const face = { handle: async () => {}, upgrade: async () => {}, shouldUpgrade: () => false }
  const server = stack.use(
    await listen({
      host: '127.0.0.1',
      port: 0,
      tls,
      rest: face,
      graphql: face,
      log,
      certificateMs: 5,
      graceMs: 100,
    }),
  )
  const open = async (): Promise<TLSSocket> => {
    const socket = connect({ port: server.port, host: '127.0.0.1', ca: authority.cert })
    await once(socket, 'secureConnect')
    return socket
  }
  const nameOf = (socket: TLSSocket) => socket.getPeerCertificate().subject.CN
  const early = await open()
  assert.equal(nameOf(early), 'first')
  await writeFile(tls.certFile, 'half written')
  await said(/stays as it was/)
  const during = await open()
  assert.equal(nameOf(during), 'first')
  await put(pairOf('second'))
  await said(/was renewed/)
  const late = await open()
  assert.equal(nameOf(late), 'second')
  assert.equal(early.destroyed, false, 'an open connection stays')
  for (const socket of [early, during, late]) socket.destroy()
})
