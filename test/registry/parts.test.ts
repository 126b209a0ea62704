import assert from 'node:assert/strict'
import { createServer, type IncomingMessage } from 'node:http'
import { after, before, describe, it } from 'node:test'
import { parseChallenges } from '../../gateway/domain/registry/challenge.ts'
import { entryFor, parseDockerConfig } from '../../gateway/domain/registry/docker-config.ts'
import { parseReference, referenceText } from '../../gateway/domain/registry/reference.ts'
import { ApiError } from '../../gateway/lib/errors.ts'
import { pick, random } from '../resources/support.ts'
import { close, listen } from '../rest/support.ts'
import { loginSecret, startConsole } from './support.ts'

const DIGEST = `sha256:${'0'.repeat(64)}`

describe('a reference of an image', () => {
  const rows: [text: string, full: string][] = [
    ['nginx', 'index.docker.io/library/nginx:latest'],
    ['nginx:1.2', 'index.docker.io/library/nginx:1.2'],
    ['team/web', 'index.docker.io/team/web:latest'],
    ['docker.io/nginx', 'index.docker.io/library/nginx:latest'],
    ['registry-1.docker.io/library/nginx', 'index.docker.io/library/nginx:latest'],
    ['localhost/web', 'localhost/web:latest'],
    ['host:5000/web', 'host:5000/web:latest'],
    ['Host.example:443/web:t', 'host.example/web:t'],
    [`host.example/a/b:t@${DIGEST}`, `host.example/a/b@${DIGEST}`],
    ['[::1]:80/web', '[::1]:80/web:latest'],
  ]
  for (const [text, full] of rows) {
    it(`${text} is ${full}`, () => assert.equal(referenceText(parseReference(text)), full))
  }
  const bad = [
    '',
    'x',
    'UPPER/case',
    'a b',
    'nginx:',
    'nginx:a b',
    'nginx@sha256:12',
    `nginx@${DIGEST}@${DIGEST}`,
    'https://host.example/web',
    'user:pw@host.example/web',
    'host.example/../../x',
    'host.example//x',
    'host.example:99999/web',
    'host.example?x/web',
    `h.example/${'a'.repeat(300)}`,
  ]
  it('is nothing else', () => {
    for (const text of bad) {
      assert.throws(() => parseReference(text), { message: `could not parse reference: ${text}` })
    }
  })
})

describe('whatever text comes', () => {
  const alphabet = [
    ...'ab1.:/@-_ "=,\\[]%?#'.split(''),
    'Bearer ',
    'realm=',
    'sha256:',
    'localhost',
    '..',
    'é',
  ]
  const texts = (next: () => number): string =>
    Array.from({ length: Math.floor(next() * 12) }, () => pick(next, alphabet)).join('')

  it('a reference is refused, or names the same image when it is written out', () => {
    const next = random(11)
    let good = 0
    for (let round = 0; round < 20_000; round++) {
      const text = texts(next)
      let full: string
      try {
        full = referenceText(parseReference(text))
      } catch (error) {
        assert.ok(error instanceof ApiError && error.code === 400, text)
        continue
      }
      good++
      assert.equal(referenceText(parseReference(full)), full, text)
      const path = `/v2/${parseReference(full).repository}/tags/list`
      assert.equal(new URL(path, 'http://h').pathname, path, text)
    }
    assert.ok(good > 100, `${good} references`)
  })

  it('a challenge or a login is read or not, and nothing breaks', () => {
    const next = random(12)
    for (let round = 0; round < 20_000; round++) {
      const text = texts(next)
      for (const { scheme } of parseChallenges(text)) assert.notEqual(scheme, '')
      try {
        for (const { registry } of parseDockerConfig(JSON.stringify({ auths: { [text]: {} } }))) {
          assert.doesNotMatch(registry, /[/@?#\s]/, text)
        }
      } catch (error) {
        assert.ok(error instanceof ApiError && error.code === 400, `${text}: ${String(error)}`)
      }
    }
  })
})

describe('a challenge', () => {
  it('is read with its parameters, several of them too', () => {
    const bearer =
      'Bearer realm="https://a/t?x=\\"1\\", 2",service=s , scope="repository:a/b:pull,push"'
    const parameters = {
      realm: 'https://a/t?x="1", 2',
      service: 's',
      scope: 'repository:a/b:pull,push',
    }
    assert.deepEqual(parseChallenges(`Basic realm="r", ${bearer}`), [
      { scheme: 'basic', parameters: { realm: 'r' } },
      { scheme: 'bearer', parameters },
    ])
    assert.deepEqual(parseChallenges(['Basic', bearer]).at(-1)?.parameters, parameters)
    assert.deepEqual(parseChallenges('realm="x"'), [])
    assert.deepEqual(parseChallenges(undefined), [])
    assert.deepEqual(parseChallenges('"'.repeat(10_000)), [])
  })
})

describe('logins of registries', () => {
  const of = (auths: object) => parseDockerConfig(JSON.stringify({ auths }))
  const login = { username: 'u', password: 'p' }

  it('are read whatever the case of their keys, and from auth where there is no name', () => {
    const [a, b, c] = of({
      'https://a.example/v1/': { UserName: 'u', Password: 'p' },
      'b.example:5000': { auth: btoa('u:p:q') },
      'c.example': { auth: 'no colon' },
    })
    assert.deepEqual([a?.login, a?.registry, a?.path, a?.scheme], [login, 'a.example', '', 'https'])
    assert.deepEqual(b?.login, { username: 'u', password: 'p:q' })
    assert.equal(b?.registry, 'b.example:5000')
    assert.equal(c?.login, undefined)
    assert.throws(() => of({ 'https://u:p@a.example': login }), { code: 400 })
    assert.deepEqual(parseDockerConfig('{"AUTHS":{"x.y":{}}}').length, 1)
    assert.throws(() => parseDockerConfig('{"auths": secret'), { message: /^the docker config/ })
  })

  it('are for their host, and of one host for the longest path', () => {
    const entries = of({
      'h.example': { auth: btoa('all:1') },
      'h.example/team': { auth: btoa('team:2') },
      'https://index.docker.io/v1/': { auth: btoa('hub:3') },
    })
    const who = (registry: string, repository: string) =>
      entryFor(entries, registry, repository)?.login?.username
    assert.equal(who('h.example', 'team/web'), 'team')
    assert.equal(who('h.example', 'teams/web'), 'all')
    assert.equal(who('h.example:5000', 'team/web'), undefined)
    assert.equal(who('index.docker.io', 'library/nginx'), 'hub')
    assert.equal(who('h.example.evil', 'team/web'), undefined)
  })
})

describe('a search for images', () => {
  const asked: IncomingMessage[] = []
  const server = createServer((req, res) => {
    asked.push(req)
    const { pathname, searchParams } = new URL(req.url ?? '', 'http://x')
    if (searchParams.has('q') && searchParams.get('q') === 'fail') {
      res.writeHead(500).end('{"errors":[{"code":"UNKNOWN","message":"no index"}]}')
    } else if (searchParams.get('query') === 'fail') res.writeHead(503).end('internal words')
    else if (pathname.endsWith('/api/v2.0/search')) {
      res.end('{"repository":[{"repository_name":"team/web"},{"other":1}]}')
    } else if (pathname === '/hub') res.end('{"results":[{"repo_name":"library/nginx"}]}')
    else res.writeHead(404).end()
  })
  const login = { username: 'u', password: 'p' }
  const basic = `Basic ${btoa('u:p')}`
  const provider = (name: string) => ({ 'config.kubesphere.io/imagesearchprovider': name })
  let console: Awaited<ReturnType<typeof startConsole>>
  before(async () => {
    const url = await listen(server)
    const declared = 'name: ours\ntype: HarborRegistryProvider\nprovider: {}\n'
    const auths = { [url]: login }
    console = await startConsole(
      [
        loginSecret({ name: 'harbor', auths, type: 'Opaque' }),
        loginSecret({ name: 'below', auths: { [`${url}/base/`]: login } }),
        loginSecret({ name: 'hub', auths: { 'https://docker.io': login } }),
        loginSecret({ name: 'named', auths, annotations: provider('ours') }),
        loginSecret({ name: 'mixed', auths, annotations: provider('DockerHubRegistryProvider') }),
        loginSecret({ name: 'unknown', auths, annotations: provider('nobody') }),
        loginSecret({ name: 'empty', auths: {} }),
        {
          ...loginSecret({ name: 'declared', auths: {}, type: provider.name }),
          metadata: { name: 'declared', namespace: 'kubesphere-system' },
          type: 'config.kubesphere.io/imagesearchprovider',
          data: { 'configuration.yaml': btoa(declared) },
        },
      ],
      { hub: `${url}/hub` },
    )
  })
  after(async () => {
    await console[Symbol.asyncDispose]()
    await close(server)
  })

  it('asks Docker Hub where no Secret is named, with the words escaped', async () => {
    const { status, json } = await console.get('images', { q: 'a b&c=d' })
    assert.equal(status, 200)
    assert.deepEqual(json, { total: 1, entries: ['library/nginx'] })
    assert.equal(asked.at(-1)?.url, '/hub?query=a+b%26c%3Dd')
    assert.equal(asked.at(-1)?.headers.authorization, undefined)
  })

  it('asks the registry of the Secret, by the provider that it names', async () => {
    for (const [secret, path] of [
      ['harbor', '/api/v2.0/search'],
      ['named', '/api/v2.0/search'],
      ['below', '/base/api/v2.0/search'],
    ] as const) {
      const { json, text } = await console.get('images', { q: 'w', secret })
      assert.deepEqual(json, { total: 1, entries: ['team/web'] }, text)
      assert.equal(asked.at(-1)?.url, `${path}?q=w`)
      assert.equal(asked.at(-1)?.headers.authorization, basic)
    }
    await console.get('images', { q: 'w', secret: 'hub' })
    assert.equal(asked.at(-1)?.headers.authorization, basic)
  })

  it('does not show Docker Hub a login for another registry', async () => {
    const { json } = await console.get('images', { q: 'w', secret: 'mixed' })
    assert.equal(json['total'], 1)
    assert.equal(asked.at(-1)?.url, '/hub?query=w')
    assert.equal(asked.at(-1)?.headers.authorization, undefined)
  })

  it('says what fails', async () => {
    const get = async (query: Record<string, string>) => {
      const { status, text } = await console.get('images', query)
      return [status, text]
    }
    assert.deepEqual(await get({ secret: 'nope' }), [404, 'Secret "nope" not found\n'])
    assert.deepEqual(await get({ secret: 'unknown' }), [
      404,
      'imageSearchProvider "nobody" not found\n',
    ])
    assert.deepEqual(await get({ secret: 'empty' }), [
      400,
      'not found valid auth in secret, {map[] map[]}\n',
    ])
    assert.deepEqual(await get({ q: 'fail' }), [
      500,
      'search images failed with status code: 503\n',
    ])
    assert.deepEqual(await get({ q: 'fail', secret: 'harbor' }), [
      500,
      'search images failed with status code: 500, message: UNKNOWN: no index\n',
    ])
  })
})

describe('what is no request to a registry', () => {
  it('is answered without one', async () => {
    const secret = loginSecret({ name: 's', auths: { 'h.example': {} }, type: 'Opaque' })
    await using console = await startConsole([secret], { openHosts: [] })
    const type = 'expected secret type: kubernetes.io/dockerconfigjson, got: '
    const texts = async (...answers: ReturnType<typeof console.get>[]) =>
      (await Promise.all(answers)).map(({ status, text }) => [status, text])
    const image = 'h.example/a/b'
    assert.deepEqual(
      await texts(
        console.get('imageconfig', {}),
        console.get('imageconfig', { image, secret: 'nope' }),
        console.get('imageconfig', { image, secret: 's' }),
        console.get('repositorytags', {}),
        console.get('repositorytags', { repository: image, secret: 'nope' }),
        console.blob({}),
        console.blob({ image: 'A b' }),
        console.blob({ image, secret: 's', namespace: 'a' }),
        console.verifySecret('{'),
        console.verifySecret({ type: 'Opaque' }),
        console.verifySecret({ type: 'kubernetes.io/dockerconfigjson' }),
        console.verify('{'),
      ),
      [
        [400, 'could not parse reference: \n'],
        [404, `Secret "nope" not found\n${type}\n`],
        [400, `${type}Opaque\n`],
        [400, 'empty repository name\n'],
        [404, `Secret "nope" not found\n${type}\n`],
        [400, 'parsing image "" failed: invalid reference format\n'],
        [400, 'parsing image "A b" failed: invalid reference format\n'],
        [400, 'secret s in ns a type should be kubernetes.io/dockerconfigjson\n'],
        [400, `unexpected EOF\nregistry auth failed with err: ${type}\n`],
        [400, `registry auth failed with err: ${type}Opaque\n`],
        [
          400,
          'registry auth failed with err: expected key .dockerconfigjson in data, found none\n',
        ],
        [400, 'unexpected EOF\n'],
      ],
    )
  })

  it('never goes to this machine, its link or the places where clouds keep credentials', async () => {
    await using console = await startConsole([], { openHosts: [] })
    for (const host of [
      '127.0.0.1:1',
      'localhost:1',
      '169.254.169.254',
      '[::1]:1',
      '[::ffff:7f00:1]:1',
      '[fd00:ec2::254]',
      '[64:ff9b::a9fe:a9fe]',
      '100.100.100.200',
      '0.0.0.0:1',
    ]) {
      for (const answer of [
        await console.get('imageconfig', { image: `${host}/a/b` }),
        await console.get('repositorytags', { repository: `${host}/a/b` }),
        await console.blob({ image: `${host}/a/b`, insecure: 'true' }),
        await console.verify({ serverhost: host }),
        await console.verifySecret(loginSecret({ name: 's', auths: { [`http://${host}`]: {} } })),
      ]) {
        assert.equal(answer.status, 400)
        assert.match(answer.text, /the host may not be reached/, host)
      }
    }
  })
})
