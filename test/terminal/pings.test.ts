import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { WebSocket } from 'ws'
import { acceptSocket, type ClientSocket } from '../../gateway/domain/terminal/client-socket.ts'

test('pings are answered with what they carry; of a flood the last is', async () => {
  const server = createServer()
  const accepted: ClientSocket[] = []
  server.on('upgrade', (req, socket, head) => {
    void (async () => {
      const client = await acceptSocket(req, socket, head)
      client?.onMessage(() => {})
      if (client) accepted.push(client)
    })()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const client = new WebSocket(`ws://127.0.0.1:${port}`)
  await once(client, 'open')
  client.ping('first')
  const [first] = (await once(client, 'pong')) as [Buffer]
  assert.equal(first.toString(), 'first')

  const last = new Promise<void>((resolve) => {
    client.on('pong', (data: Buffer) => {
      if (data.toString() === '4999') resolve()
    })
  })
  for (let count = 0; count < 5000; count++) client.ping(String(count))
  await last
  client.terminate()
  await accepted[0]?.closed
  server.close()
  await once(server, 'close')
})
