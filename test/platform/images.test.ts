import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { Redis } from 'ioredis'
import { createImages } from '../../gateway/domain/platform/index.ts'
import { createLogger } from '../../gateway/telemetry/index.ts'
import { startRedis, type RedisServer } from '../env/redis.ts'
import { startWorld, type World } from '../iam/world.ts'

const log = createLogger({ level: 'silent' })
const png = Buffer.from('89504e470d0a1a0a', 'hex')
const md5 = (bytes: Buffer): string => createHash('md5').update(bytes).digest('hex')

describe('pictures of the console', () => {
  let redis: RedisServer
  let client: Redis
  let world: World
  let token: string

  before(async () => {
    redis = await startRedis()
    client = new Redis(redis.port, '127.0.0.1')
    client.on('error', () => {})
    const options = { host: '127.0.0.1', port: redis.port }
    world = await startWorld({ config: { cache: { type: 'redis', options } } })
    token = await world.login('admin')
  })
  after(async () => {
    client?.disconnect()
    await world?.[Symbol.asyncDispose]()
    await redis?.[Symbol.asyncDispose]()
  })

  async function upload(name: string, bytes: Buffer, type = '', field = 'image') {
    const body = new FormData()
    body.append(field, new File([new Uint8Array(bytes)], name, { type }))
    const headers = { authorization: `Bearer ${token}` }
    const response = await fetch(`${world.url}/static/images`, { method: 'POST', headers, body })
    return { status: response.status, text: await response.text() }
  }
  const show = (name: string, init: RequestInit = {}) =>
    fetch(`${world.url}/static/images/${name}`, init)

  it('lie in Redis under the original’s keys, without an end, and are there for everybody', async () => {
    const name = `${md5(png)}.PNG`
    const stored = await upload('logo.PNG', png)
    assert.deepEqual([stored.status, JSON.parse(stored.text)], [200, { image: name }])
    assert.equal(await client.get(`static:images:${name}`), png.toString('base64'))
    assert.equal(await client.ttl(`static:images:${name}`), -1)
    const answer = await show(name)
    assert.equal(answer.status, 200)
    assert.deepEqual(Buffer.from(await answer.arrayBuffer()), png)
    assert.equal(answer.headers.get('content-type'), 'image/png')
    assert.equal(answer.headers.get('cache-control'), 'public, max-age=86400')
    assert.ok(Date.parse(answer.headers.get('expires') ?? '') > Date.now())
  })

  it('of another replica, also one of the original, are shown', async () => {
    const name = `${'a'.repeat(32)}.svg`
    await client.set(`static:images:${name}`, Buffer.from('<svg/>').toString('base64'))
    const answer = await show(name)
    assert.equal(answer.headers.get('content-type'), 'image/svg+xml')
    assert.equal(await answer.text(), '<svg/>')
    await using other = await createImages(
      { type: 'redis', options: { host: '127.0.0.1', port: String(redis.port) } },
      log,
    )
    assert.equal((await other.get(name))?.bytes.length, 6)
  })

  it('nothing else of Redis is, and what is missing is a 404', async () => {
    await client.set('static:images:secret', Buffer.from('x').toString('base64'))
    for (const name of ['secret', '..%2f..%2fx', `${'b'.repeat(32)}.png`]) {
      const answer = await show(name)
      assert.ok([400, 404].includes(answer.status), `${name}: ${answer.status}`)
    }
    const answer = await show(`${'c'.repeat(32)}.png`)
    assert.equal(await answer.text(), `image ${'c'.repeat(32)}.png not found\n`)
    assert.equal(
      (await show(`${'c'.repeat(32)}.png`, { headers: { accept: 'image/png' } })).status,
      406,
    )
  })

  it('are of four types and at most 2 MiB', async () => {
    assert.deepEqual(await upload('page.html', png, 'text/html'), {
      status: 400,
      text: 'the provided file format is not allowed\n',
    })
    assert.deepEqual(await upload('logo.png', png, '', 'other'), {
      status: 400,
      text: 'invalid form data\n',
    })
    const large = await upload('large.png', Buffer.alloc(2 * 1024 * 1024))
    assert.equal(large.status, 400)
    assert.match(large.text, /^failed to parse multipart form: .*too large\n$/)
    const declared = await upload('favicon.unknown', png, 'image/x-icon')
    assert.deepEqual(JSON.parse(declared.text), { image: `${md5(png)}.unknown` })
  })

  it('cannot be had while Redis is away, and are back with it', async () => {
    await redis.stop()
    assert.equal((await show(`${md5(png)}.PNG`)).status, 503)
    await redis.start()
    const deadline = Date.now() + 60_000
    let status = 503
    while (status === 503 && Date.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 100))
      status = (await show(`${md5(png)}.PNG`)).status
    }
    assert.equal(status, 404, 'a Redis without a disk has forgotten it')
  })
})

it('a Redis that does not answer at the start is an error of the configuration', async () => {
  await assert.rejects(
    createImages({ type: 'redis', options: { host: '127.0.0.1', port: 1 } }, log),
    /cache: redis at 127\.0\.0\.1:1 does not answer/,
  )
})
