import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, get, type IncomingMessage } from 'node:http'
import { describe, test } from 'node:test'
import { deflateSync, gunzipSync, gzipSync, inflateSync } from 'node:zlib'
import { createHtmlLinks } from '../../gateway/domain/extensions/index.ts'
import { reverseProxy } from './extensions.ts'
import { face, listen, localTarget, upstream } from './support.ts'

/** The page with every URL in brackets, cut into pieces of `size` bytes on its way. */
async function bracketed(page: string, size = page.length): Promise<string> {
  const links = createHtmlLinks((url) => `[${url}]`)
  const bytes = Buffer.from(page)
  let text = Buffer.alloc(0)
  links.on('data', (chunk: Buffer) => (text = Buffer.concat([text, chunk])))
  for (let at = 0; at < bytes.length; at += size) links.write(bytes.subarray(at, at + size))
  links.end()
  await once(links, 'end')
  return text.toString()
}

describe('links of a page', () => {
  const cases: [what: string, page: string, wanted: string][] = [
    [
      'quoted either way, or not',
      `<a href="/a"><img src='/b'/><A HREF=/c>`,
      `<a href="[/a]"><img src='[/b]'/><A HREF=[/c]>`,
    ],
    [
      'with spaces and bare attributes',
      `<form hidden action = "/f"  method=post>`,
      `<form hidden action = "[/f]"  method=post>`,
    ],
    [
      'of elements that have none',
      `<p href="/x"><a title="/y" data-href="/z">`,
      `<p href="/x"><a title="/y" data-href="/z">`,
    ],
    ['with > in a value', `<a title="1 > 0" href="/a">`, `<a title="1 > 0" href="[/a]">`],
    [
      'in a script, a style, a text area',
      `<script src="/s">if (a<b) '<a href="/n">'</script><a href="/y"><style><a href="/n"></style>`,
      `<script src="[/s]">if (a<b) '<a href="/n">'</script><a href="[/y]"><style><a href="/n"></style>`,
    ],
    [
      'behind an empty script',
      `<script></script><a href="/y">`,
      `<script></script><a href="[/y]">`,
    ],
    [
      'in a comment',
      `<!-- <a href="/n"> > --><!doctype html><a href="/y">`,
      `<!-- <a href="/n"> > --><!doctype html><a href="[/y]">`,
    ],
    ['beside what is no tag', `1 < 2 <<a href="/y"> < <3`, `1 < 2 <<a href="[/y]"> < <3`],
    ['in a page that is cut off', `<a href="/y"><a href="/n`, `<a href="[/y]"><a href="/n`],
    ['in a script that is cut off', `<a href="/y"><script>1</scr`, `<a href="[/y]"><script>1</scr`],
    ['beside letters of any alphabet', `<a href="/ä">ß日本</a>`, `<a href="[/ä]">ß日本</a>`],
  ]
  for (const [what, page, wanted] of cases) {
    test(what, async () => {
      for (const size of [page.length * 4, 1, 3, 7]) {
        assert.equal(await bracketed(page, size), wanted, `in pieces of ${size}`)
      }
    })
  }

  test('a page of nothing but beginnings of tags passes as it is', async () => {
    for (const part of ['<a', '<!', '</', '<a href="']) {
      const page = part.repeat(1_000_000 / part.length)
      assert.equal(await bracketed(page, 16 * 1024), page)
    }
  })

  test('a tag that never ends is not held for ever', async () => {
    const page = `<a href="/y"><a title="${'x'.repeat(200_000)}`
    const links = createHtmlLinks((url) => `[${url}]`)
    let passed = 0
    links.on('data', (chunk: Buffer) => (passed += chunk.length))
    for (let at = 0; at < page.length; at += 1000) links.write(page.slice(at, at + 1000))
    links.end()
    await once(links, 'end')
    assert.equal(passed, page.length + 2)
  })
})

interface Page {
  headers: IncomingMessage['headers']
  body: Buffer
}

async function pageOf(
  url: string,
  method = 'GET',
  more: Record<string, string> = {},
): Promise<Page> {
  const request = get(url, { method, headers: { authorization: 'Bearer admin', ...more } })
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  const chunks: Buffer[] = []
  for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk)
  return { headers: response.headers, body: Buffer.concat(chunks) }
}

const proxyWith = (url: string, directives: object) =>
  reverseProxy('w', '/proxy/*', url, directives)

describe('wrapTransport', () => {
  const page = (origin: string) =>
    `<a href="/a"><a href="b"><a href="${origin}/c?d=1&amp;e"><a href="//other/x"><a href="mailto:x">`
  const wanted = (origin: string) =>
    `<a href="${origin}/a"><a href="b"><a href="${origin}/c?d=1&amp;e"><a href="//other/x"><a href="mailto:x">`

  test('pages get absolute links, in their compression; what is no page stays as it is', async () => {
    const encode = {
      none: (x: Buffer) => x,
      gzip: gzipSync,
      deflate: deflateSync,
      br: (x: Buffer) => x,
    }
    await using target = await upstream((req, res) => {
      const [, , kind = '', encoding = ''] = (req.url ?? '').split('/')
      const text = Buffer.from(page(target.url))
      const body = (encode[encoding as keyof typeof encode] ?? encode.none)(text)
      res.setHeader('content-type', kind === 'page' ? 'text/html; charset=utf-8' : 'text/plain')
      if (encoding !== 'none') res.setHeader('content-encoding', encoding)
      res.setHeader('content-length', body.length).end(body)
    })
    const proxies = [proxyWith(target.url, { wrapTransport: true })]
    await using app = await face({ objects: { reverseproxies: proxies } })
    const plain = await pageOf(`${app.url}/proxy/page/none`)
    assert.equal(plain.body.toString(), wanted(target.url))
    assert.equal(plain.headers['content-length'], undefined)
    const gzip = await pageOf(`${app.url}/proxy/page/gzip`)
    assert.equal(gzip.headers['content-encoding'], 'gzip')
    assert.equal(gunzipSync(gzip.body).toString(), wanted(target.url))
    const deflated = await pageOf(`${app.url}/proxy/page/deflate`)
    assert.equal(inflateSync(deflated.body).toString(), wanted(target.url))
    for (const path of ['text/none', 'page/br']) {
      const untouched = await pageOf(`${app.url}/proxy/${path}`)
      assert.equal(untouched.body.toString(), page(target.url), path)
      assert.equal(untouched.headers['content-length'], String(untouched.body.length), path)
    }
    for (const encoding of ['none', 'gzip']) {
      const { body, headers } = await pageOf(`${app.url}/proxy/page/${encoding}`, 'HEAD')
      assert.equal(body.length, 0)
      assert.match(headers['content-type'] ?? '', /^text\/html/)
    }
  })

  test('is asked for pages in a compression that links can be found in', async () => {
    await using target = await upstream()
    const proxies = [proxyWith(target.url, { wrapTransport: true })]
    await using app = await face({ objects: { reverseproxies: proxies } })
    for (const accepted of ['br, gzip;q=0.8, deflate', 'br', 'gzip;q=0, br']) {
      await pageOf(`${app.url}/proxy/x`, 'GET', { 'accept-encoding': accepted })
    }
    const asked = target.seen.map(({ headers }) => headers['accept-encoding'])
    assert.deepEqual(asked, ['gzip', undefined, undefined])
  })

  test('without it links stay as they are', async () => {
    await using target = await upstream((_req, res) => {
      res.setHeader('content-type', 'text/html').end(page(target.url))
    })
    await using app = await face({ objects: { reverseproxies: [proxyWith(target.url, {})] } })
    assert.equal((await pageOf(`${app.url}/proxy/x`)).body.toString(), page(target.url))
  })

  test('a page of a member streams: what is written arrives before the page is over', async () => {
    const { promise: seen, resolve: goOn } = Promise.withResolvers<void>()
    const server = createServer((_req, res) => {
      res.setHeader('content-type', 'text/html')
      res.write('<a href="/first">')
      void seen.then(() => res.end('<a href="/last">'))
    })
    const url = await listen(server)
    const target = localTarget(url)
    const route = { kind: 'member', name: 'm', target, serviceProxy: false } as const
    await using app = await face({ routes: { m: route } })
    const request = get(`${app.url}/clusters/m/page`, { headers: { authorization: 'Bearer eve' } })
    const [response] = (await once(request, 'response')) as [IncomingMessage]
    let text = ''
    for await (const chunk of response as AsyncIterable<Buffer>) {
      text += chunk.toString()
      goOn()
    }
    assert.equal(text, `<a href="${url}/first"><a href="${url}/last">`)
    await target[Symbol.asyncDispose]()
    server.close()
  })

  test('a page that breaks off, or is not compressed as it says, breaks the client’s connection', async () => {
    await using target = await upstream((req, res) => {
      res.setHeader('content-type', 'text/html')
      if (req.url?.endsWith('lie')) res.setHeader('content-encoding', 'gzip').end('<a href="/x">')
      else res.write('<a href="/x">', () => res.destroy())
    })
    const proxies = [proxyWith(target.url, { wrapTransport: true })]
    await using app = await face({ objects: { reverseproxies: proxies } })
    for (const path of ['lie', 'broken']) {
      await assert.rejects(pageOf(`${app.url}/proxy/${path}`), path)
    }
  })
})
