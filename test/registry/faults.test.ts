import assert from 'node:assert/strict'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { after, describe, it } from 'node:test'
import { digestOf } from '../env/registry.ts'
import { close, listen } from '../rest/support.ts'
import { configOf, DOCKER, DOCKER_LIST, OCI_INDEX } from './images.ts'
import { loginSecret, startConsole } from './support.ts'

type Handler = (req: IncomingMessage, res: ServerResponse) => unknown

interface Host {
  /** `127.0.0.1:<port>`. */
  readonly host: string
  readonly url: string
  readonly asked: IncomingMessage[]
}

const LOGIN = { username: 'robot', password: 'secret' }
const CONFIG = JSON.stringify(configOf())
const MANIFEST = JSON.stringify({
  schemaVersion: 2,
  mediaType: DOCKER,
  config: { mediaType: 'x', size: CONFIG.length, digest: digestOf(CONFIG) },
})

const cleanups: (() => Promise<unknown>)[] = []
after(() => Promise.all(cleanups.map((cleanup) => cleanup())))

/** A host that answers what `handler` says and remembers what it was asked. */
async function start(handler: Handler): Promise<Host> {
  const asked: IncomingMessage[] = []
  const server = createServer((req, res) => {
    asked.push(req)
    handler(req, res)
  })
  const url = await listen(server)
  cleanups.push(() => close(server))
  return { host: new URL(url).host, url, asked }
}

/** A registry that has one image, but for the paths that `faults` answers. */
function registry(faults: Record<string, Handler> = {}): Promise<Host> {
  return start((req, res) => {
    const path = (req.url ?? '').split('?')[0] ?? ''
    const fault = Object.entries(faults).find(([part]) => path.includes(part))?.[1]
    if (fault) return fault(req, res)
    if (path.includes('/manifests/')) return send(res, MANIFEST, DOCKER)
    if (path.includes('/blobs/')) return res.end(CONFIG)
    return res.end('{}')
  })
}

function send(res: ServerResponse, body: string, type: string): unknown {
  return res.writeHead(200, { 'content-type': type }).end(body)
}

async function ask(
  host: Host,
  {
    secrets = [],
    deadline = 30_000,
  }: Parameters<typeof startConsole>[1] & {
    secrets?: Parameters<typeof startConsole>[0]
  } = {},
) {
  await using console = await startConsole(secrets, { deadline })
  const secret = secrets[0]?.metadata.name ?? ''
  const image = await console.get('imageconfig', { image: `${host.host}/a/b`, secret })
  const tags = await console.get('repositorytags', { repository: `${host.host}/a/b`, secret })
  return { image, tags }
}

const authorizations = ({ asked }: Host) => asked.map(({ headers }) => headers.authorization)
const basic =
  (realm = 'x'): Handler =>
  (_req, res) =>
    res.writeHead(401, { 'www-authenticate': `Basic realm="${realm}"` }).end()
const secretFor = (...keys: string[]) =>
  loginSecret({ name: 's', auths: Object.fromEntries(keys.map((key) => [key, LOGIN])) })

describe('a login', () => {
  it('hole 29: is not shown to a registry that it is not for', async () => {
    const own = await registry()
    const foreign = await registry({ '/v2/': basic() })
    await ask(foreign, { secrets: [secretFor(own.url, 'https://index.docker.io/v1/')] })
    assert.ok(foreign.asked.length > 2)
    assert.deepEqual(new Set(authorizations(foreign)), new Set([undefined]))
    assert.equal(own.asked.length, 0)
  })

  it('stays behind when an answer points to another host, also at the next port', async () => {
    const store = await start((_req, res) => res.end(CONFIG))
    const host = await registry({
      '/blobs/': (_req, res) => res.writeHead(307, { location: `${store.url}/kept` }).end(),
      '/v2/a': (req, res) =>
        req.headers.authorization ? send(res, MANIFEST, DOCKER) : basic()(req, res),
      '/v2/': basic(),
    })
    const { image } = await ask(host, { secrets: [secretFor(host.url)] })
    assert.equal(image.status, 200, image.text)
    assert.deepEqual(authorizations(store), [undefined])
    assert.ok(authorizations(host).includes(`Basic ${btoa('robot:secret')}`))
  })

  it('is not shown to a token service that is not of the registry', async () => {
    const thief = await start((_req, res) => res.end('{"token":"t"}'))
    const realm = thief.url.replace('127.0.0.1', 'localhost')
    const bearer: Handler = (_req, res) =>
      res.writeHead(401, { 'www-authenticate': `Bearer realm="${realm}/token",service="s"` }).end()
    const host = await registry({ '/v2/': bearer })
    const { image } = await ask(host, { secrets: [secretFor(host.url)] })
    assert.equal(image.status, 400)
    assert.match(image.text, /^the token service localhost:\d+ does not belong to the registry /)
    assert.equal(thief.asked.length, 0)
    // Nor where only a blob's store asks for it.
    const store = await start(bearer)
    const redirecting = await registry({
      '/blobs/': (_req, res) => res.writeHead(302, { location: store.url }).end(),
    })
    await ask(redirecting, { secrets: [secretFor(redirecting.url)] })
    assert.equal(store.asked.length, 1)
    assert.equal(thief.asked.length, 0)
  })

  it('does not go over plain http where the Secret says https', async () => {
    const host = await registry({ '/v2/': basic() })
    const { image } = await ask(host, { secrets: [secretFor(`https://${host.host}`)] })
    assert.equal(image.status, 400)
    assert.equal(host.asked.length, 0)
  })

  it('of a Secret needs the right to read it', async () => {
    const host = await registry({ '/v2/': basic() })
    const secrets = [secretFor(host.url)]
    const allow = ({ attributes }: { attributes: { resource: string } }) =>
      attributes.resource !== 'secrets'
    await using console = await startConsole(secrets, { allow })
    for (const path of ['imageconfig', 'repositorytags', 'images']) {
      const query = { image: `${host.host}/a/b`, repository: `${host.host}/a/b`, secret: 's' }
      assert.equal((await console.get(path, query)).status, 403, path)
    }
    const blob = { image: `${host.host}/a/b`, secret: 's', namespace: 'a' }
    assert.deepEqual(await console.blob(blob).then(({ status, text }) => [status, text]), [
      403,
      'not allowed to read secret s\n',
    ])
    assert.equal(host.asked.length, 0)
  })
})

describe('a registry that misbehaves', () => {
  it('is waited for no longer than the deadline, whether it is silent or slow', async () => {
    const silent = await registry({ '/manifests/': () => undefined })
    const slow = await registry({
      '/blobs/': (_req, res) => {
        res.writeHead(200, { 'content-length': CONFIG.length })
        res.write(CONFIG.slice(0, 5))
      },
    })
    for (const host of [silent, slow]) {
      const { image } = await ask(host, { deadline: 300 })
      assert.equal(image.status, 400)
      assert.match(image.text, /^Get "\S+": context deadline exceeded\n$/)
    }
  })

  it('is not believed when it breaks off', async () => {
    const host = await registry({
      '/blobs/': (_req, res) => {
        res.writeHead(200, { 'content-length': CONFIG.length })
        res.write(CONFIG.slice(0, 5), () => res.destroy())
      },
    })
    const { image } = await ask(host)
    assert.equal(image.status, 400)
    assert.match(image.text, /^Get "\S+": /)
  })

  it('is not believed when content is not what its digest says', async () => {
    const other = await registry({ '/blobs/': (_req, res) => res.end('{"os":"other"}') })
    assert.match((await ask(other)).image.text, /blob digest: \S+ does not match requested/)
    const child = { digest: digestOf('something else'), mediaType: DOCKER }
    const index = JSON.stringify({ mediaType: OCI_INDEX, manifests: [child] })
    const list = await registry({
      '/manifests/latest': (_req, res) => send(res, index, OCI_INDEX),
    })
    assert.match((await ask(list)).image.text, /manifest digest: \S+ does not match requested/)
    const unnamed = JSON.stringify({ mediaType: DOCKER, config: { digest: '../../x' } })
    const none = await registry({ '/manifests/': (_req, res) => send(res, unnamed, DOCKER) })
    assert.match((await ask(none)).image.text, /names no digest/)
  })

  it('is not read beyond the bounds', async () => {
    const huge = Buffer.alloc(1 << 20, ' ')
    const endless: Handler = (_req, res) => {
      const more = (): void => {
        while (!res.destroyed && res.write(huge));
        if (!res.destroyed) res.once('drain', more)
      }
      more()
    }
    for (const part of ['/manifests/', '/blobs/']) {
      const { image } = await ask(await registry({ [part]: endless }))
      assert.equal(image.status, 400)
      assert.match(image.text, /the answer is longer than \d+ bytes/)
    }
    const { tags } = await ask(await registry({ '/tags/': endless }))
    assert.match(tags.text, /the answer is longer than \d+ bytes/)
  })

  it('is asked for a token once when it refuses the first one, not for ever', async () => {
    let issued = 0
    const host: Host = await start((req, res) => {
      if (req.url?.startsWith('/token')) return res.end(`{"access_token":"t${++issued}"}`)
      const challenge = `Bearer realm="${host.url}/token",scope="repository:a/b:pull,x"`
      return res.writeHead(401, { 'www-authenticate': challenge }).end()
    })
    const { image } = await ask(host)
    assert.equal(image.status, 401)
    assert.match(image.text, /^GET \S+: unexpected status code 401 Unauthorized\n$/)
    // Two tasks, each with the token it begins with and one more.
    assert.equal(issued, 4)
  })

  it('cannot keep a list of tags going for ever, or lead it to another host', async () => {
    const page =
      (link: string): Handler =>
      (_req, res) =>
        res.setHeader('link', `<${link}>; rel="next"`).end('{"tags":["x"]}')
    const loop = await registry({ '/tags/': page('/v2/a/b/tags/list?n=1000') })
    const { tags } = await ask(loop)
    assert.equal(tags.status, 400)
    assert.match(tags.text, /has no end/)
    const away = await registry({ '/tags/': page(`${loop.url}/v2/a/b/tags/list`) })
    const asked = loop.asked.length
    assert.match((await ask(away)).tags.text, /said to be at another host/)
    assert.equal(loop.asked.length, asked)
    const deep = JSON.stringify({ manifests: [{ digest: digestOf('x') }] })
    const nested = await registry({ '/manifests/': (_req, res) => send(res, deep, DOCKER_LIST) })
    assert.equal((await ask(nested)).image.status, 400)
  })

  it('is followed a few times, and never to this machine or its link', async () => {
    const loop = await registry({
      '/manifests/': (req, res) => res.writeHead(302, { location: req.url }).end(),
    })
    assert.match((await ask(loop)).image.text, /stopped after 5 redirects/)
    for (const location of ['http://169.254.169.254/latest/meta-data', 'http://[::1]/x']) {
      const host = await registry({
        '/manifests/': (_req, res) => res.writeHead(302, { location }).end(),
      })
      assert.match((await ask(host)).image.text, /the host may not be reached/)
    }
    const file = await registry({
      '/manifests/': (_req, res) => res.writeHead(302, { location: 'file:///etc/passwd' }).end(),
    })
    assert.match((await ask(file)).image.text, /only http and https/)
  })

  it('has its error codes repeated, but no other words', async () => {
    const page: Handler = (_req, res) => res.writeHead(500).end('<h1>internal words</h1>')
    const { image } = await ask(await registry({ '/manifests/': page }))
    assert.match(image.text, /: unexpected status code 500 Internal Server Error\n$/)
    const errors = [{ code: 'DENIED', message: 'no\u0007 way', detail: 'internal words' }]
    const said: Handler = (_req, res) => res.writeHead(403).end(JSON.stringify({ errors }))
    const { tags } = await ask(await registry({ '/tags/': said }))
    assert.match(tags.text, /: DENIED: no {2}way\n$/)
  })

  it('has schema 1 refused by name', async () => {
    const type = 'application/vnd.docker.distribution.manifest.v1+prettyjws'
    const host = await registry({
      '/manifests/': (_req, res) => send(res, '{"schemaVersion":1}', type),
    })
    assert.equal((await ask(host)).image.text, `unsupported MediaType: "${type}"\n`)
  })
})

describe('tags', () => {
  it('are followed page by page', async () => {
    const host = await registry({
      '/tags/': (req, res) => {
        const last = new URL(req.url ?? '', 'http://x').searchParams.get('last')
        if (last === '2') return res.end('{"tags":null}')
        const next = last === '1' ? '2' : '1'
        const link = `</v2/a/b/tags/list?n=1000&last=${next}>; rel="next"`
        return res.setHeader('link', link).end(JSON.stringify({ tags: [`t${next}`] }))
      },
    })
    const { tags } = await ask(host)
    assert.deepEqual(tags.json['tags'], ['t2', 't1'])
    assert.deepEqual(
      host.asked.map(({ url }) => url).filter((url) => url?.includes('tags')),
      ['', '&last=1', '&last=2'].map((rest) => `/v2/a/b/tags/list?n=1000${rest}`),
    )
  })
})
