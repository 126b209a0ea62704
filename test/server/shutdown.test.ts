import assert from 'node:assert/strict'
import { once } from 'node:events'
import { get, type IncomingMessage, type ServerResponse } from 'node:http'
import { test } from 'node:test'
import { pino } from 'pino'
import { listen } from '../../gateway/server/http.ts'

const log = pino({ level: 'silent' })

async function begin(url: string): Promise<IncomingMessage> {
  const [response] = (await once(get(url), 'response')) as [IncomingMessage]
  return response
}

async function whole(response: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of response.setEncoding('utf8')) text += chunk as string
  return text
}

function serverOf(graceMs: number) {
  const open = new Map<string, ServerResponse>()
  const face = {
    handle: async (req: IncomingMessage, res: ServerResponse) => {
      res.write('first ')
      open.set(req.url ?? '', res)
    },
    upgrade: async () => {},
    shouldUpgrade: () => false,
  }
  const server = listen({ host: '127.0.0.1', port: 0, rest: face, graphql: face, log, graceMs })
  return { open, server }
}

test('a stop waits for a stream that ends in time, and for nothing after it', async () => {
  const { open, server } = serverOf(600_000)
  const { url, [Symbol.asyncDispose]: stop } = await server
  const response = await begin(`${url}/stream`)
  const stopped = stop()
  await assert.rejects(begin(url), { code: 'ECONNREFUSED' })
  open.get('/stream')?.write('second ')
  open.get('/stream')?.end('last')
  assert.equal(await whole(response), 'first second last')
  await stopped
})

test('a stream that goes on is cut at the limit, which its client can tell from an end', async () => {
  const { server } = serverOf(100)
  const { url, [Symbol.asyncDispose]: stop } = await server
  const response = await begin(`${url}/endless`)
  const told = assert.rejects(whole(response), { code: 'ECONNRESET' })
  await stop()
  await told
})
