import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { startRegistry, type Registry } from '../env/registry.ts'
import { startTokenRegistry, type TokenRegistry } from '../env/token-registry.ts'
import { configOf, OCI, OCI_INDEX, pushImage, pushIndex } from './images.ts'
import { loginSecret, startConsole, type Console } from './support.ts'

const LOGIN = { username: 'robot', password: 'p:w' }
const BASIC = `Basic ${Buffer.from('robot:p:w').toString('base64')}`

describe('an open registry', () => {
  let registry: Registry
  let console: Console
  before(async () => {
    registry = await startRegistry()
    console = await startConsole()
    await pushImage(registry, { repository: 'team/web', tag: '1.0' })
    await pushImage(registry, { repository: 'team/web', tag: 'oci', mediaType: OCI })
    const both = ['arm64', 'amd64']
    await pushIndex(registry, { repository: 'team/list' }, both)
    await pushIndex(registry, { repository: 'team/index', mediaType: OCI_INDEX }, both)
    await pushIndex(registry, { repository: 'team/arm' }, ['arm64'])
  })
  after(async () => {
    await console[Symbol.asyncDispose]()
    await registry[Symbol.asyncDispose]()
  })

  it('tells the configuration of an image of Docker and of OCI, field by field', async () => {
    for (const tag of ['1.0', 'oci']) {
      const image = `${registry.host}/team/web:${tag}`
      const { status, text } = await console.get('imageconfig', { image })
      assert.equal(status, 200, text)
      const expected = {
        architecture: 'amd64',
        author: 'somebody',
        created: '2026-01-02T03:04:05.12Z',
        history: [
          { created: '2026-01-02T03:04:05Z', created_by: 'COPY . .' },
          { created: '0001-01-01T00:00:00Z', created_by: 'CMD', empty_layer: true },
        ],
        os: 'linux',
        rootfs: configOf()['rootfs'],
        config: {
          Cmd: ['serve'],
          Healthcheck: { Test: ['CMD', 'true'], Interval: 5_000_000_000 },
          Env: ['PATH=/bin', 'A=<b>'],
          Labels: { 'b.c': '1', maintainer: 'someone' },
          ExposedPorts: { '80/tcp': {} },
        },
      }
      const wanted = JSON.stringify(expected, null, 1)
      assert.equal(text, wanted.replaceAll('<', '\\u003c').replaceAll('>', '\\u003e'))
    }
  })

  it('tells the one for linux/amd64 of a manifest list and of an index, by tag and by digest', async () => {
    for (const repository of ['team/list', 'team/index']) {
      const image = `${registry.host}/${repository}`
      const found = await console.get('imageconfig', { image })
      assert.equal(found.json['architecture'], 'amd64', found.text)
    }
    const digest = await pushImage(registry, { repository: 'team/web', tag: 'x' })
    const image = `${registry.host}/team/web:other@${digest}`
    assert.equal((await console.get('imageconfig', { image })).status, 200)
    const arm = await console.get('imageconfig', { image: `${registry.host}/team/arm` })
    assert.equal(arm.status, 400)
    assert.equal(
      arm.text,
      `no child with platform linux/amd64 in index ${registry.host}/team/arm:latest\n`,
    )
  })

  it('says what it does not have', async () => {
    const missing = await console.get('imageconfig', { image: `${registry.host}/team/web:nope` })
    assert.equal(missing.status, 404)
    assert.match(missing.text, /^GET http:\/\/\S+: MANIFEST_UNKNOWN: manifest unknown\n$/)
    const tags = await console.get('repositorytags', { repository: `${registry.host}/team/none` })
    assert.equal(tags.status, 400)
    assert.match(tags.text, /NAME_UNKNOWN/)
  })

  it('lists the tags of a repository, greatest first or backwards, in pages', async () => {
    for (const tag of ['1.1', '1.10', 'b', 'B']) {
      await pushImage(registry, { repository: 'team/tagged', tag })
    }
    const repository = `${registry.host}/team/tagged`
    const get = async (query: Record<string, string>) =>
      (await console.get('repositorytags', { repository, ...query })).json
    assert.deepEqual(await get({}), {
      registry: registry.host,
      repository: 'team/tagged',
      tags: ['b', 'B', '1.10', '1.1'],
      total: 4,
    })
    const own = await fetch(`http://${registry.host}/v2/team/tagged/tags/list`)
    const { tags } = (await own.json()) as { tags: string[] }
    assert.deepEqual((await get({ ascending: 'true' }))['tags'], tags.toReversed())
    const second = await get({ limit: '3', page: '2' })
    assert.deepEqual([second['tags'], second['total']], [['1.1'], 4])
  })

  it('tells manifest and configuration to the old route', async () => {
    const digest = await pushImage(registry, { repository: 'team/web', tag: '1.0' })
    const { status, json, text } = await console.blob({
      image: `http://${registry.host}/team/web:1.0`,
    })
    assert.equal(status, 200, text)
    assert.equal(json['status'], 'succeeded')
    assert.equal(json['imageTag'], '1.0')
    assert.equal(json['registry'], registry.host)
    const blob = json['imageBlob'] as Record<string, Record<string, unknown>>
    assert.deepEqual(Object.keys(blob), [
      'architecture',
      'config',
      'container_config',
      'created',
      'history',
      'os',
      'rootfs omitempty',
    ])
    assert.deepEqual(blob['config']?.['Labels'], { maintainer: 'someone' })
    assert.deepEqual(blob['container_config'], { Labels: { maintainer: '' } })
    const manifest = json['imageManifest'] as { layers: object[]; config: { digest: string } }
    assert.equal(manifest.layers.length, 1)
    assert.match(manifest.config.digest, /^sha256:/)
    const by = await console.blob({ image: `${registry.host}/team/web@${digest}` })
    assert.equal(by.json['imageTag'], digest)
    const missing = await console.blob({ image: `${registry.host}/team/web:nope` })
    assert.equal(missing.text, '[ServiceError:404] Not found or unauthorized\n')
    assert.equal(missing.status, 400)
  })
})

describe('a registry that asks for a password', () => {
  let registry: Registry
  let console: Console
  before(async () => {
    registry = await startRegistry({ basic: LOGIN })
    const [key, other] = [`http://${registry.host}`, 'https://elsewhere.example']
    const wrong = { ...LOGIN, password: 'no' }
    console = await startConsole([
      loginSecret({ name: 'good', auths: { [other]: wrong, [key]: LOGIN } }),
      loginSecret({ name: 'encoded', auths: { [registry.host]: { Auth: BASIC.slice(6) } } }),
      loginSecret({ name: 'wrong', auths: { [key]: wrong } }),
      loginSecret({ name: 'elsewhere', auths: { [other]: LOGIN } }),
    ])
    await pushImage(registry, { repository: 'team/web', tag: '1', authorization: BASIC })
  })
  after(async () => {
    await console[Symbol.asyncDispose]()
    await registry[Symbol.asyncDispose]()
  })

  it('gets the login of its own entry, whichever stands first', async () => {
    const image = `${registry.host}/team/web:1`
    for (const secret of ['good', 'encoded']) {
      const found = await console.get('imageconfig', { image, secret })
      assert.equal(found.status, 200, found.text)
      const tags = await console.get('repositorytags', { repository: image.slice(0, -2), secret })
      assert.deepEqual(tags.json['tags'], ['1'], tags.text)
      const blob = await console.blob({ image, secret, namespace: 'a' })
      assert.equal(blob.status, 200, blob.text)
    }
    for (const secret of ['wrong', 'elsewhere', '']) {
      const refused = await console.get('imageconfig', { image, secret })
      assert.equal(refused.status, 400, refused.text)
      assert.match(refused.text, /: UNAUTHORIZED: authentication required\n$/)
    }
    assert.equal((await console.blob({ image })).text, 'basic auth required\n')
  })

  it('verifies a login', async () => {
    const good = loginSecret({ name: 'x', auths: { [`http://${registry.host}`]: LOGIN } })
    const { metadata: _metadata, ...rest } = good
    const posted = { ...rest, metadata: { name: 'x' }, extra: 'dropped' }
    const verified = await console.verifySecret(posted)
    assert.equal(verified.status, 200, verified.text)
    assert.deepEqual(verified.json, { ...rest, metadata: { name: 'x', creationTimestamp: null } })
    const auths = { [registry.host]: { ...LOGIN, password: 'no' } }
    const refused = await console.verifySecret(loginSecret({ name: 'x', auths }))
    assert.equal(refused.status, 400)
    assert.match(refused.text, /^registry auth failed with err: GET \S+: UNAUTHORIZED: /)
    const login = { ...LOGIN, serverhost: registry.host }
    const direct = await console.verify(login)
    assert.deepEqual([direct.status, direct.text, direct.type], [200, '', null])
    assert.equal((await console.verify({ ...login, password: 'no' })).status, 400)
  })
})

describe('a registry with TLS and a token service', () => {
  let owner: TokenRegistry
  let registry: Registry
  let asked: TokenRegistry['asked']
  let console: Console
  before(async () => {
    owner = await startTokenRegistry(LOGIN)
    ;({ registry, asked } = owner)
    const auths = { [`https://${registry.host}`]: LOGIN }
    const data = { 'ca.crt': Buffer.from(owner.authority).toString('base64') }
    const insecure = { 'secret.kubesphere.io/force-insecure': 'true' }
    console = await startConsole([
      loginSecret({ name: 'trusting', auths, data }),
      loginSecret({ name: 'careless', auths, annotations: insecure }),
      loginSecret({ name: 'strict', auths }),
    ])
    const authorization = await owner.mayPush('team/web')
    await pushImage(registry, { repository: 'team/web', tag: '1', authorization })
  })
  after(async () => {
    await console[Symbol.asyncDispose]()
    await owner[Symbol.asyncDispose]()
  })

  it('is trusted by the authority of the Secret, or where the Secret asks for no trust', async () => {
    const image = `${registry.host}/team/web:1`
    for (const secret of ['trusting', 'careless']) {
      const found = await console.get('imageconfig', { image, secret })
      assert.equal(found.status, 200, found.text)
      const url = new URL(asked.at(-1)?.url ?? '', 'http://any')
      assert.equal(url.searchParams.get('scope'), 'repository:team/web:pull')
      assert.equal(url.searchParams.get('service'), owner.service)
      assert.equal(asked.at(-1)?.headers.authorization, BASIC)
    }
    const repository = `${registry.host}/team/web`
    const tags = await console.get('repositorytags', { repository, secret: 'trusting' })
    assert.deepEqual(tags.json['tags'], ['1'], tags.text)
    const count = asked.length
    const strict = await console.get('imageconfig', { image, secret: 'strict' })
    assert.equal(strict.status, 400)
    assert.match(strict.text, /^Get "https:\S+": tls: failed to verify certificate/)
    assert.equal(asked.length, count)
    const insecure = { image, secret: 'strict', namespace: 'a', insecure: 'true' }
    assert.equal((await console.blob(insecure)).status, 200)
  })

  it('takes or refuses a login by its token service', async () => {
    const secret = (password: string) =>
      loginSecret({
        name: 'x',
        auths: { [`https://${registry.host}`]: { ...LOGIN, password } },
        annotations: { 'secret.kubesphere.io/force-insecure': 'true' },
      })
    assert.equal((await console.verifySecret(secret(LOGIN.password))).status, 200)
    const refused = await console.verifySecret(secret('no'))
    assert.equal(refused.status, 400)
    assert.match(
      refused.text,
      /^registry auth failed with err: GET https:\/\/\S+: unexpected status code 401 Unauthorized\n$/,
    )
    const image = `${registry.host}/team/web:1`
    assert.equal((await console.blob({ image, insecure: 'true' })).status, 400)
  })
})
