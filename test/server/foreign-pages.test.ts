import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createPages, type PagesOptions } from '../../gateway/server/foreign-pages.ts'
import { listeners, startStage, ways, type Listener } from '../attacks/proxies.ts'
import { upgradeRequest } from '../rest/extensions.ts'
import { raw } from '../rest/support.ts'

const CONSOLE = 'https://console.example'
const usual: PagesOptions = { headers: {}, allowedOrigins: [], checkSockets: false }
/** A server with these pages, whose upstreams answer as told. */
type StageOf = (options: Partial<PagesOptions>, answer?: string) => ReturnType<typeof startStage>
const preflight = (origin: string): RequestInit => ({
  method: 'OPTIONS',
  headers: {
    origin,
    'access-control-request-method': 'PATCH',
    'access-control-request-headers': 'authorization,content-type',
  },
})

/** Paths of both faces, of answers of this server and of others. */
const paths = [...ways.map(({ path }) => path), '/livez', '/kapis/nothing/v1/here', '/graphql']

function pagesBy(listener: Listener, stageOf: StageOf): void {
  it('are told nothing by default: answers have the headers that they always had', async () => {
    await using bare = await startStage({ listener })
    await using stage = await stageOf({})
    for (const path of paths) {
      const init = { headers: { authorization: 'Bearer admin', origin: CONSOLE } }
      const namesOf = async (url: string) => [...(await fetch(url + path, init)).headers.keys()]
      const names = await namesOf(stage.url)
      assert.deepEqual(names, await namesOf(bare.url), path)
      assert.ok(!names.some((name) => name.startsWith('access-control-')), path)
      const asked = await fetch(stage.url + path, preflight(CONSOLE))
      assert.equal(asked.headers.get('access-control-allow-origin'), null, path)
    }
  })

  it('may read answers of both faces where they are allowed, never with what a browser keeps', async () => {
    await using stage = await stageOf({ allowedOrigins: [CONSOLE] })
    for (const path of paths) {
      const asked = await fetch(stage.url + path, preflight(CONSOLE))
      assert.equal(asked.status, 204, path)
      const { headers } = asked
      assert.equal(headers.get('access-control-allow-origin'), CONSOLE)
      assert.match(headers.get('access-control-allow-methods') ?? '', /\bPATCH\b/)
      assert.equal(headers.get('access-control-allow-headers'), 'authorization,content-type')
      const answer = await fetch(stage.url + path, {
        headers: { authorization: 'Bearer admin', origin: CONSOLE },
      })
      assert.equal(answer.headers.get('access-control-allow-origin'), CONSOLE, path)
      assert.equal(answer.headers.get('access-control-expose-headers'), '*', path)
      for (const one of [asked, answer]) {
        assert.equal(one.headers.get('access-control-allow-credentials'), null)
      }
    }
    assert.equal(
      stage.upstream.received().some(({ method }) => method === 'OPTIONS'),
      false,
      'no upstream is asked whether a page may ask',
    )
  })

  it('are kept apart by caches, whatever an answer says of Vary by itself', async () => {
    const answer =
      'HTTP/1.1 200 OK\r\nVary: Accept\r\nVary: Accept-Language\r\nContent-Length: 0\r\n\r\n'
    await using stage = await stageOf({ allowedOrigins: [CONSOLE] }, answer)
    for (const path of paths) {
      const { headers } = await fetch(stage.url + path, {
        headers: { authorization: 'Bearer admin', origin: CONSOLE },
      })
      assert.match(headers.get('vary') ?? '', /\bOrigin\b/, path)
    }
    const passed = await fetch(`${stage.url}${ways[0]?.path}`, {
      headers: { authorization: 'Bearer admin', origin: CONSOLE },
    })
    assert.match(passed.headers.get('vary') ?? '', /Accept\b.*Accept-Language/)
  })

  it('are matched whole: what looks like an allowed origin is none', async () => {
    await using stage = await stageOf({ allowedOrigins: [CONSOLE] })
    for (const origin of [
      'null',
      'http://console.example',
      'https://console.example:8443',
      'https://console.example.evil.example',
      'https://evil-console.example',
      'https://CONSOLE.example',
      `${CONSOLE}/`,
      `${CONSOLE}, ${CONSOLE}`,
    ]) {
      const answer = await fetch(`${stage.url}/livez`, { headers: { origin } })
      assert.equal(answer.headers.get('access-control-allow-origin'), null, origin)
      const asked = await fetch(`${stage.url}/livez`, preflight(origin))
      assert.notEqual(asked.status, 204, origin)
    }
    await using open = await stageOf({ allowedOrigins: ['*'] })
    const answer = await fetch(`${open.url}/livez`, { headers: { origin: 'https://any.example' } })
    assert.equal(answer.headers.get('access-control-allow-origin'), '*')
  })

  it('may open websockets, as the console does, unless that is checked', async () => {
    const status = async (url: string, headers: Record<string, string>) => {
      const request = upgradeRequest('/kapis/ext.io/v1/things', {
        authorization: 'Bearer admin',
        ...headers,
      })
      return (await raw(url, request)).slice(9, 12)
    }
    const answer = 'HTTP/1.1 418 Teapot\r\nContent-Length: 0\r\n\r\n'
    await using open = await stageOf({ allowedOrigins: [CONSOLE] }, answer)
    assert.equal(await status(open.url, { origin: 'https://other.example' }), '418')
    await using checked = await stageOf({ allowedOrigins: [CONSOLE], checkSockets: true }, answer)
    for (const [origin, wanted] of [
      [CONSOLE, '418'],
      ['http://x', '418'],
      ['https://other.example', '403'],
      ['null', '403'],
      ['http://x.example', '403'],
      ['', '403'],
    ] as const) {
      assert.equal(await status(checked.url, { origin }), wanted, origin)
    }
    assert.equal(await status(checked.url, {}), '418')
    const graph = upgradeRequest('/graphql', { origin: 'https://other.example' })
    assert.match(await raw(checked.url, graph), /^HTTP\/1\.1 403 /)
  })
}

function headersBy(stageOf: StageOf): void {
  it('stand on every answer, those of upstreams and refusals too, and give way to what an answer says itself', async () => {
    const headers = {
      'strict-transport-security': 'max-age=31536000',
      'x-frame-options': 'DENY',
      'cache-control': 'no-store',
    }
    await using stage = await stageOf({ headers })
    for (const path of paths) {
      const answer = await fetch(stage.url + path, { headers: { authorization: 'Bearer admin' } })
      assert.equal(answer.headers.get('strict-transport-security'), 'max-age=31536000', path)
      assert.equal(answer.headers.get('x-frame-options'), 'DENY', path)
    }
    const own = 'HTTP/1.1 200 OK\r\nCache-Control: max-age=1\r\nContent-Length: 0\r\n\r\n'
    await using other = await stageOf({ headers }, own)
    const answer = await fetch(`${other.url}${ways[0]?.path}`, {
      headers: { authorization: 'Bearer admin' },
    })
    assert.equal(answer.headers.get('cache-control'), 'max-age=1')
  })
}

for (const listener of listeners) {
  const stageOf: StageOf = (options, answer) =>
    startStage({
      listener,
      pages: createPages({ ...usual, ...options }),
      ...(answer && { answer }),
    })
  describe(`pages of other origins by ${listener}`, () => pagesBy(listener, stageOf))
  describe(`headers by configuration by ${listener}`, () => headersBy(stageOf))
}
