import assert from 'node:assert/strict'
import { once } from 'node:events'
import { request } from 'node:http'
import { after, before, describe, it } from 'node:test'
import { defaultConfig } from '../../gateway/config/index.ts'
import { createExplorer } from '../../gateway/server/explorer/index.ts'
import { listen, type HttpServer, type UpgradingFace } from '../../gateway/server/http.ts'
import { createLogger } from '../../gateway/telemetry/index.ts'

/** A face that answers with its name. */
const face = (name: string): UpgradingFace => ({
  handle: async (_req, res) => void res.end(name),
  upgrade: async (_req, socket) => void socket.destroy(),
  shouldUpgrade: () => false,
})

const serve = (explorer: ReturnType<typeof createExplorer> | undefined): Promise<HttpServer> =>
  listen({
    host: '127.0.0.1',
    port: 0,
    rest: face('rest'),
    graphql: face('graphql'),
    explorer,
    log: createLogger({ level: 'silent' }),
  })

describe('/explorer', () => {
  let server: HttpServer
  before(async () => {
    server = await serve(createExplorer())
  })
  after(() => server[Symbol.asyncDispose]())
  const get = (path: string, init: RequestInit = {}) => fetch(server.url + path, init)

  it('is a page with a strict content security policy and nothing from elsewhere', async () => {
    const response = await get('/explorer')
    assert.equal(response.status, 200)
    assert.match(response.headers.get('content-type') ?? '', /^text\/html/)
    const policy = response.headers.get('content-security-policy') ?? ''
    for (const directive of [
      "default-src 'none'",
      "script-src 'self'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ])
      assert.ok(policy.split('; ').includes(directive), directive)
    assert.doesNotMatch(policy, /unsafe/)
    assert.equal(response.headers.get('referrer-policy'), 'no-referrer')
    assert.equal(response.headers.get('x-content-type-options'), 'nosniff')
    const html = await response.text()
    assert.doesNotMatch(html, /:\/\//)
    const nonce = /'nonce-([^']+)'/.exec(policy)?.[1] ?? ''
    assert.ok(html.includes(`nonce="${nonce}"`))
    const again = await get('/explorer')
    assert.ok(
      !again.headers.get('content-security-policy')?.includes(nonce),
      'a nonce is used once',
    )
  })

  it('brings every file that its page names, and says when they are the same', async () => {
    const html = await (await get('/explorer')).text()
    const files = [...html.matchAll(/(?:src|href)="(explorer\/[^"]+)"/g)].map(
      ([, path = '']) => path,
    )
    assert.equal(files.length, 2)
    for (const path of files) {
      const response = await get(`/${path}`)
      assert.equal(response.status, 200, path)
      const size = (await response.arrayBuffer()).byteLength
      assert.ok(size > 1000, path)
      const etag = response.headers.get('etag') ?? ''
      assert.equal((await get(`/${path}`, { headers: { 'if-none-match': etag } })).status, 304)
    }
  })

  it('is small: 300 KB of script on the wire', async () => {
    const { hostname, port } = new URL(server.url)
    const req = request({ hostname, port, path: '/explorer/assets/client.js' }).end()
    const [res] = (await once(req, 'response')) as [AsyncIterable<Buffer>]
    let bytes = 0
    for await (const chunk of res) bytes += chunk.length
    assert.ok(bytes < 300_000, `${bytes} bytes`)
  })

  it('sends the path with a slash to the one without', async () => {
    const response = await get('/explorer/', { redirect: 'manual' })
    assert.equal(response.status, 308)
    assert.equal(response.headers.get('location'), '../explorer')
  })

  it('has nothing else, and takes nothing', async () => {
    assert.equal((await get('/explorer/assets/none.js')).status, 404)
    assert.equal((await get('/explorer/assets/..%2f..%2fpackage.json')).status, 404)
    assert.equal((await get('/explorer', { method: 'POST' })).status, 404)
  })

  it('leaves every other path to the other faces', async () => {
    for (const path of ['/', '/explorers', '/kapis/version', '/oauth/token'])
      assert.equal(await (await get(path)).text(), 'rest', path)
    assert.equal(await (await get('/graphql')).text(), 'graphql')
  })

  it('can be switched off', async () => {
    assert.equal(defaultConfig({}).facade.explorer, true)
    assert.equal(defaultConfig({ facade: { explorer: false } }).facade.explorer, false)
    await using without = await serve(undefined)
    assert.equal(await (await fetch(`${without.url}/explorer`)).text(), 'rest')
  })
})
