import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { ConfigError } from '../../gateway/config/index.ts'
import { loadKubeconfig } from '../../gateway/kube/kubeconfig.ts'

async function folder(): Promise<{ path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), 'kubeconfig-'))
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) }
}

function text(user: object, cluster: object = {}): string {
  return JSON.stringify({
    'current-context': 'c',
    contexts: [{ name: 'c', context: { cluster: 'k', user: 'u' } }],
    clusters: [{ name: 'k', cluster: { server: 'https://kube.example:6443/', ...cluster } }],
    users: [{ name: 'u', user }],
  })
}

const base64 = (value: string): string => Buffer.from(value).toString('base64')

describe('a kubeconfig', () => {
  test('gives address, trust and each kind of fixed credentials', async () => {
    const data = { 'certificate-authority-data': base64('CA') }
    const token = await loadKubeconfig({ text: text({ token: 't' }, data) })
    assert.equal(token.origin.href, 'https://kube.example:6443/')
    assert.equal(String((await token.tls()).ca), 'CA')
    assert.equal((await token.tls()).rejectUnauthorized, true)
    assert.deepEqual(await token.authHeaders(), { authorization: 'Bearer t' })
    const basic = await loadKubeconfig({ text: text({ username: 'u', password: 'p' }) })
    assert.deepEqual(await basic.authHeaders(), { authorization: `Basic ${base64('u:p')}` })
    const cert = { 'client-certificate-data': base64('C'), 'client-key-data': base64('K') }
    const skip = { 'insecure-skip-tls-verify': true, 'tls-server-name': 'other' }
    const certificate = await loadKubeconfig({ text: text(cert, skip) })
    const { rejectUnauthorized, cert: c, key, servername } = await certificate.tls()
    assert.deepEqual([rejectUnauthorized, String(c), String(key)], [false, 'C', 'K'])
    assert.equal(servername, 'other')
    assert.deepEqual(await certificate.authHeaders(), {})
  })

  test('reads files beside itself, again for each connection', async () => {
    await using dir = await folder()
    const path = join(dir.path, 'config')
    await writeFile(join(dir.path, 'ca.pem'), 'one')
    await writeFile(join(dir.path, 'token'), 'first\n')
    await writeFile(path, text({ tokenFile: 'token' }, { 'certificate-authority': 'ca.pem' }))
    const credentials = await loadKubeconfig({ env: { KUBECONFIG: `${path}:/nowhere` } })
    const before = await credentials.tls()
    assert.equal(String(before.ca), 'one')
    assert.equal(await credentials.tls(), before)
    await writeFile(join(dir.path, 'ca.pem'), 'two')
    assert.equal(String((await credentials.tls()).ca), 'two')
    assert.deepEqual(await credentials.authHeaders(), { authorization: 'Bearer first' })
  })

  test('asks an exec plugin once while its token lives', async () => {
    await using dir = await folder()
    const path = join(dir.path, 'config')
    const count = join(dir.path, 'count')
    const script = `require('fs').appendFileSync(${JSON.stringify(count)}, 'x'); console.log(JSON.stringify({ status: { token: process.env.T + require('fs').readFileSync(${JSON.stringify(count)}, 'utf8').length } }))`
    const exec = {
      apiVersion: 'client.authentication.k8s.io/v1',
      command: process.execPath,
      args: ['-e', script],
      env: [{ name: 'T', value: 'tok' }],
    }
    await writeFile(path, text({ exec }))
    const credentials = await loadKubeconfig({ path })
    for (let round = 0; round < 3; round++) {
      assert.deepEqual(await credentials.authHeaders(), { authorization: 'Bearer tok1' })
    }
    const failing = { ...exec, args: ['-e', 'console.error("no badge"); process.exit(1)'] }
    await writeFile(path, text({ exec: failing }))
    const refused = await loadKubeconfig({ path })
    await assert.rejects(refused.authHeaders(), /login of user "u" failed: no badge/)
  })

  test('can be sent to another address', async () => {
    const moved = await loadKubeconfig({ text: text({}), master: 'https://10.0.0.9:1' })
    assert.equal(moved.origin.host, '10.0.0.9:1')
  })
})

describe('a kubeconfig that cannot be used', () => {
  const cases: [string, string, RegExp][] = [
    ['no YAML', 'a: [', /not YAML/],
    ['no mapping', '[]', /not a kubeconfig/],
    [
      'no current context',
      text({}).replace('"current-context":"c"', '"x":1'),
      /current-context ""/,
    ],
    ['no such context', text({}).replace('"current-context":"c"', '"current-context":"z"'), /"z"/],
    ['no such cluster', text({}).replace('"cluster":"k"', '"cluster":"q"'), /cluster "q" does not/],
    ['no such user', text({}).replace('"user":"u"', '"user":"q"'), /user "q" does not exist/],
    ['no address', text({}, { server: 'ftp://x' }), /no http or https address/],
    ['a file from an object', text({ 'client-key': '/etc/shadow' }), /refused/],
    ['a command from an object', text({ exec: { command: 'sh' } }), /refused/],
    ['a token file from an object', text({ 'token-file': '/etc/shadow' }), /refused/],
    ['a tokenFile from an object', text({ tokenFile: '/etc/shadow' }), /refused/],
  ]
  for (const [what, content, expected] of cases) {
    test(`says so: ${what}`, async () => {
      await assert.rejects(loadKubeconfig({ text: content }), (error) => {
        assert.ok(error instanceof ConfigError, String(error))
        assert.match(error.message, expected)
        return true
      })
    })
  }

  test('names the file that cannot be read', async () => {
    await using dir = await folder()
    const path = join(dir.path, 'none')
    await assert.rejects(loadKubeconfig({ path }), {
      name: 'ConfigError',
      message: `kubeconfig ${path}: cannot be read: no such file`,
    })
  })

  test('without any, and outside a pod, it says how to name one', async () => {
    await assert.rejects(loadKubeconfig({ env: {} }), /--kubeconfig or KUBECONFIG/)
  })
})
