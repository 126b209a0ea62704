import assert from 'node:assert/strict'
import dns from 'node:dns'
import { createServer, type RequestListener } from 'node:http'
import { syncBuiltinESMExports } from 'node:module'
import type { AddressInfo } from 'node:net'
import { after, before, describe, it, mock } from 'node:test'
import { demandRepository, downloadChart } from '../../gateway/domain/application/chart-repo.ts'
import { externalEffects } from '../../gateway/domain/effects.ts'
import { createUpstream } from '../../gateway/domain/identity/providers/upstream.ts'
import { dial } from '../../gateway/domain/identity/providers/ldap-socket.ts'
import { createRegistry } from '../../gateway/domain/registry/index.ts'
import { createResources, outsideHosts } from '../../gateway/domain/resources/index.ts'
import { createYamlReader, type YamlReader } from '../../gateway/lib/yaml/index.ts'
import { face, type FaceUnderTest } from '../rest/support.ts'

/** Of all addresses of this machine the one that may be asked here. */
const OPEN = '127.0.0.2'

const NAMESPACE = '/kapis/resources.kubesphere.io/v1alpha3/namespaces/a'
const V2 = '/kapis/resources.kubesphere.io/v1alpha2'
const signal = new AbortController().signal

/** A server at every address of this machine, that remembers at which it was met. */
async function everywhere() {
  const met: string[] = []
  const listener: { answer: RequestListener } = { answer: (_req, res) => void res.end('{}') }
  const server = createServer((req, res) => listener.answer(req, res))
  server.on('connection', ({ localAddress = '' }) => {
    met.push(localAddress.replace('::ffff:', ''))
  })
  const listening = (host: string) =>
    new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(0, host, resolve)
    })
  // A machine without IPv6 has fewer ways to itself.
  await listening('::').catch(() => listening('0.0.0.0'))
  return {
    met,
    listener,
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise<void>((resolve) => {
        server.close(() => resolve())
      })
    },
  }
}

/** Ways to write this machine, its link, and where clouds keep credentials, for the host of a URL. */
const closed = [
  '127.0.0.1',
  '127.1',
  '127.255.255.254',
  '2130706433',
  '0x7f000001',
  '0x7f.1',
  '0177.0.0.1',
  '017700000001',
  '0',
  '0.0.0.0',
  'localhost',
  'LOCALHOST.',
  '%6c%6fcalhost',
  '①②⑦.⓪.⓪.①',
  '[::1]',
  '[0:0:0:0:0:0:0:1]',
  '[::]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[::127.0.0.1]',
  '[64:ff9b::127.0.0.1]',
  '[64:ff9b:1::7f00:1]',
  '[::1%25lo]',
  '[fe80::1]',
  '[fe80::1%25lo]',
  '169.254.169.254',
  '2852039166',
  '[::ffff:169.254.169.254]',
  '[fd00:ec2::254]',
  '100.100.100.200',
  '168.63.129.16',
  'user@127.0.0.1',
  'registry.example@localhost',
]

describe('hosts that callers name', () => {
  let here: Awaited<ReturnType<typeof everywhere>>
  let app: FaceUnderTest
  let yaml: YamlReader
  before(async () => {
    here = await everywhere()
    yaml = createYamlReader()
    const openHosts = [OPEN]
    app = await face({
      allow: () => true,
      app: {
        resources: createResources({ effects: externalEffects, openHosts }),
        registry: createRegistry({ openHosts }),
      },
    })
  })
  after(async () => {
    await app[Symbol.asyncDispose]()
    await yaml[Symbol.asyncDispose]()
    await here[Symbol.asyncDispose]()
  })

  const call = async (path: string, body?: unknown): Promise<void> => {
    const headers = { authorization: 'Bearer carol', 'content-type': 'application/json' }
    const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }
    const response = await fetch(app.url + path, { ...init, headers })
    const text = await response.text()
    if (!response.ok) throw new Error(text)
  }
  const asked = (of: Record<string, string>) => new URLSearchParams(of).toString()
  const dockerconfig = (host: string) => ({
    type: 'kubernetes.io/dockerconfigjson',
    data: {
      '.dockerconfigjson': Buffer.from(
        JSON.stringify({ auths: { [host]: { username: 'u', password: 'p' } } }),
      ).toString('base64'),
    },
  })
  const repository = (url: string) =>
    demandRepository({ hosts: outsideHosts([OPEN]), yaml }, { url, credential: {} }, signal)

  /** Every place where a caller names a host, by what it says of `host:port`. */
  const ways: Record<string, (host: string) => Promise<unknown>> = {
    'a git repository': (host) => call(`${V2}/git/verify`, { remoteUrl: `http://${host}/a.git` }),
    'an image': (host) => call(`${NAMESPACE}/imageconfig?${asked({ image: `${host}/a/b:c` })}`),
    'tags of an image': (host) =>
      call(`${NAMESPACE}/repositorytags?${asked({ repository: `${host}/a/b` })}`),
    'an image without TLS': (host) =>
      call(`${V2}/registry/blob?${asked({ image: `${host}/a/b:c`, insecure: 'true' })}`),
    'a registry to log in at': (host) =>
      call(`${V2}/registry/verify`, { username: 'u', password: 'p', serverhost: `http://${host}` }),
    'a registry of a Secret': (host) =>
      call(`${NAMESPACE}/registrysecrets/x/verify`, dockerconfig(`http://${host}`)),
    'a chart repository': (host) => repository(`http://${host}/charts`),
    'an OCI repository': (host) => repository(`oci://${host}/charts`),
    'a chart': (host) =>
      downloadChart(
        { hosts: outsideHosts([OPEN]) },
        { url: `http://${host}/a.tgz`, credential: {} },
        signal,
      ),
  }

  for (const [name, ask] of Object.entries(ways)) {
    it(`${name} is not this machine, its link or a cloud’s metadata, however it is written`, async () => {
      here.met.length = 0
      for (const host of closed)
        await assert.rejects(ask(`${host}:${here.port}`), `${name} ${host}`)
      assert.deepEqual(here.met, [])
    })

    it(`${name} is asked where that is configured`, async () => {
      here.met.length = 0
      await ask(`${OPEN}:${here.port}`).catch(() => {})
      assert.ok(here.met.length > 0)
      assert.deepEqual([...new Set(here.met)], [OPEN])
    })

    it(`${name} does not lead on to this machine`, async () => {
      const at = here.listener.answer
      for (const location of [
        `http://127.0.0.1:${here.port}/inside`,
        `//localhost:${here.port}/inside`,
        `http://[::1]:${here.port}/inside`,
      ]) {
        here.listener.answer = (_req, res) =>
          void res
            .writeHead(302, {
              location,
              'www-authenticate': `Bearer realm="${location}",service="x"`,
            })
            .end()
        await assert.rejects(ask(`${OPEN}:${here.port}`), name)
        here.listener.answer = (_req, res) =>
          void res
            .writeHead(401, { 'www-authenticate': `Bearer realm="${location}",service="x"` })
            .end()
        await assert.rejects(ask(`${OPEN}:${here.port}`), name)
      }
      here.listener.answer = at
      assert.deepEqual([...new Set(here.met)], [OPEN])
    })
  }

  it('a name is judged by the address that is dialled, each time', async () => {
    const answers = [[OPEN], ['127.0.0.1'], ['::1'], ['127.0.0.1', OPEN], [OPEN, '127.0.0.1']]
    let at = 0
    const resolved = mock.method(dns, 'lookup', ((_name: string, options: object, done: Done) => {
      const addresses = (answers[at++ % answers.length] ?? []).map((address) => ({
        address,
        family: address.includes(':') ? 6 : 4,
      }))
      assert.equal('all' in options && options.all, true)
      done(null, addresses)
    }) as typeof dns.lookup)
    syncBuiltinESMExports()
    here.met.length = 0
    try {
      const outcomes = []
      for (const _ of answers) {
        const outcome = await ways['a chart']?.(`moving.example:${here.port}`).then(
          () => 'asked',
          () => 'refused',
        )
        outcomes.push(outcome)
      }
      assert.deepEqual(outcomes, ['asked', 'refused', 'refused', 'asked', 'asked'])
      assert.deepEqual([...new Set(here.met)], [OPEN])
      assert.equal(resolved.mock.callCount(), answers.length)
    } finally {
      resolved.mock.restore()
      syncBuiltinESMExports()
    }
  })

  it('a host that an identity provider names is not this machine; one that is configured may be', async () => {
    const configured = `http://127.0.0.3:${here.port}`
    await using provider = createUpstream({ insecureSkipVerify: false, written: [configured] })
    here.met.length = 0
    await provider.json(`${configured}/.well-known/openid-configuration`, { signal })
    for (const host of closed) {
      await assert.rejects(provider.call(`http://${host}:${here.port}/token`, { signal }), host)
    }
    assert.deepEqual([...new Set(here.met)], ['127.0.0.3'])
  })

  it('a directory is not at the link or where clouds keep credentials, however it is written', async () => {
    for (const host of ['169.254.169.254', '2852039166', '0xa9fea9fe', 'fe80::1', 'fe80::1%lo']) {
      const of = { host, port: 389, secure: false, tls: {} }
      await assert.rejects(dial(of, signal), { message: 'the host may not be reached' }, host)
    }
  })
})

type Done = (error: null, addresses: { address: string; family: number }[]) => void
