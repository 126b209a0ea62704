import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { providerOf, startSlapd, type Slapd } from '../env/slapd.ts'
import { tcpServer } from '../kube/support.ts'
import { ORIGIN, providerSecret, startIdentity, user, type TestIdentity } from './cluster.ts'

const LINK = 'iam.kubesphere.io/identity-provider.corp'
const WRONG = '400 invalid_grant: Invalid username or password.'
const BROKEN = '500 server_error: An internal server error occurred while processing the request.'

let slapd: Slapd
before(async () => {
  slapd = await startSlapd([
    { uid: 'Ann', password: 'ann-secret', mail: 'ann@example.org' },
    { uid: 'eve', password: 'eve-of-the-directory', mail: 'eve@example.org' },
    { uid: 'no mail', password: 'x-secret' },
    { uid: 'bob', password: 'bob-secret' },
    { uid: 'twin', password: 'one-secret' },
    { uid: 'twin', password: 'two-secret' },
    { uid: 'printer', password: 'printer-secret', objectClass: 'person' },
  ])
})
after(() => slapd[Symbol.asyncDispose]())

function options(of: Record<string, unknown> = {}): Record<string, unknown> {
  return { ...providerOf(slapd), ...of }
}

function configure(
  rig: TestIdentity,
  of: Record<string, unknown> = {},
  more: Record<string, unknown> = {},
): void {
  rig.cluster.put(providerSecret('corp', 'LDAPIdentityProvider', options(of), more))
}

async function login(rig: TestIdentity, username: string, password: string, provider = 'corp') {
  const client = await rig.identity.client('app1', 'app1-secret')
  return rig.identity.password(client, { username, password, provider }, ORIGIN)
}

async function outcome(rig: TestIdentity, username: string, password: string): Promise<string> {
  try {
    const { access_token } = await login(rig, username, password)
    return (await rig.identity.bearer(access_token)).name
  } catch (error) {
    const { code, error: name, message } = error as { code: number; error: string; message: string }
    return `${code} ${name}: ${message}`
  }
}

/** The operation of a message (RFC 4511 §4.1.1): a sequence whose first member is a short number. */
function operationOf(message: Buffer): string {
  const length = message[1] ?? 0
  const content = length < 0x80 ? 2 : 2 + (length & 0x7f)
  const tag = message[content + 2 + (message[content + 1] ?? 0)] ?? 0
  return { 0x60: 'bind', 0x63: 'search', 0x42: 'unbind' }[tag] ?? `0x${tag.toString(16)}`
}

describe('a login with the password of the directory', () => {
  test('makes an account once, links it, and uses it again', async () => {
    await using rig = await startIdentity()
    configure(rig)
    assert.equal(await outcome(rig, 'Ann', 'ann-secret'), 'ann')
    assert.equal(
      await outcome(rig, 'ann', 'ann-secret'),
      'ann',
      'names compare as in the directory',
    )
    const made = rig.cluster.created.filter(({ kind }) => kind === 'User')
    assert.deepEqual(made, [
      {
        apiVersion: 'iam.kubesphere.io/v1beta1',
        kind: 'User',
        metadata: { name: 'ann', annotations: { [LINK]: 'Ann' } },
        spec: { email: 'ann@example.org' },
        status: { state: 'Active' },
      },
    ])
    await rig.identity[Symbol.asyncDispose]()
    const records = rig.cluster.created.filter(({ kind }) => kind === 'LoginRecord')
    assert.deepEqual(
      records.map(({ spec }) => spec),
      [1, 2].map(() => ({
        type: 'Token',
        provider: 'corp',
        ...ORIGIN,
        success: true,
        reason: 'authenticated successfully',
      })),
    )
  })

  test('two first logins of one person at once lead to one account', async () => {
    await using rig = await startIdentity()
    configure(rig)
    const names = await Promise.all([1, 2, 3].map(() => outcome(rig, 'bob', 'bob-secret')))
    assert.deepEqual(names, ['bob', 'bob', 'bob'])
    assert.equal(rig.cluster.created.filter(({ kind }) => kind === 'User').length, 1)
  })

  test('never takes over an account that has the name, nor one that has the e-mail address', async () => {
    await using rig = await startIdentity()
    configure(rig)
    assert.equal(await outcome(rig, 'eve', 'eve-of-the-directory'), BROKEN)
    rig.cluster.put({ ...(await user('other')), spec: { email: 'ann@example.org' } })
    assert.equal(await outcome(rig, 'Ann', 'ann-secret'), BROKEN)
    // Linked by somebody who may, it is theirs.
    rig.cluster.put(await user('eve', { annotations: { [LINK]: 'eve' } }))
    assert.equal(await outcome(rig, 'eve', 'eve-of-the-directory'), 'eve')
    // The same link of another provider leads nowhere.
    rig.cluster.put(await user('eve', { annotations: { [`${LINK}2`]: 'eve' } }))
    assert.equal(await outcome(rig, 'eve', 'eve-of-the-directory'), BROKEN)
  })

  test('follows the mapping method', async () => {
    await using rig = await startIdentity()
    configure(rig, {}, { mappingMethod: 'lookup' })
    assert.equal(await outcome(rig, 'bob', 'bob-secret'), BROKEN)
    rig.cluster.put(await user('robert', { annotations: { [LINK]: 'bob' } }))
    assert.equal(await outcome(rig, 'bob', 'bob-secret'), 'robert')
    rig.cluster.put(await user('robert', { annotations: { [LINK]: 'bob' }, state: 'Disabled' }))
    assert.equal(await outcome(rig, 'bob', 'bob-secret'), '400 invalid_grant: Account suspended.')
    configure(rig, {}, { mappingMethod: 'mixed' })
    assert.equal(await outcome(rig, 'Ann', 'ann-secret'), BROKEN)
    configure(rig, {}, { mappingMethod: 'manual' })
    const { access_token } = await login(rig, 'Ann', 'ann-secret')
    const who = await rig.identity.bearer(access_token)
    assert.deepEqual(who, {
      name: 'system:pre-registration',
      uid: '',
      groups: [],
      extra: { idp: ['corp'], uid: ['Ann'], username: ['Ann'], email: ['ann@example.org'] },
    })
  })

  test('is refused with one text for whoever it is not', async () => {
    await using rig = await startIdentity()
    configure(rig, { userSearchFilter: '(objectClass=inetOrgPerson)' })
    const cases: [name: string, password: string, wanted: string][] = [
      ['Ann', 'wrong', WRONG],
      ['Ann', '', WRONG],
      ['', 'ann-secret', WRONG],
      ['ghost', 'ann-secret', WRONG],
      ['*', 'ann-secret', WRONG],
      ['Ann)(uid=*', 'ann-secret', WRONG],
      ['A\\6en', 'ann-secret', WRONG],
      ['printer', 'printer-secret', WRONG],
      ['twin', 'one-secret', BROKEN],
      ['no mail', 'x-secret', BROKEN],
    ]
    for (const [name, password, wanted] of cases) {
      assert.equal(await outcome(rig, name, password), wanted, `${name} ${password}`)
    }
    assert.deepEqual(
      rig.cluster.created.filter(({ kind }) => kind === 'User'),
      [],
    )
  })

  test('leaves a record when it fails for the name of an account', async () => {
    await using rig = await startIdentity()
    configure(rig)
    assert.equal(await outcome(rig, 'eve', 'wrong'), WRONG)
    assert.equal(await outcome(rig, 'ghost', 'wrong'), WRONG)
    await rig.identity[Symbol.asyncDispose]()
    const specs = rig.cluster.created.map(({ spec }) => spec as Record<string, unknown>)
    assert.deepEqual(
      specs.map(({ provider, success, reason }) => ({ provider, success, reason })),
      [{ provider: 'corp', success: false, reason: 'incorrect password' }],
    )
  })
})

describe('the connection to the directory', () => {
  test('is asked the same for whom the directory knows and for whom it does not', async () => {
    const connections: string[][] = []
    await using between = await tcpServer((socket) => {
      const asked: string[] = []
      connections.push(asked)
      const behind = connect(slapd.port, '127.0.0.1')
      // Each question waits for the answer to the one before.
      socket.on('data', (chunk: Buffer) => asked.push(operationOf(chunk)))
      for (const one of [socket, behind]) one.on('error', () => undefined)
      socket.pipe(behind).pipe(socket)
    })
    await using rig = await startIdentity()
    configure(rig, { host: between.url.host })
    for (const name of ['bob', 'ghost']) {
      assert.equal(await outcome(rig, name, 'wrong'), WRONG)
      assert.deepEqual(connections.at(-1)?.slice(0, 3), ['bind', 'search', 'bind'], name)
    }
  })

  test('is encrypted and checked as configured', async () => {
    const ca = Buffer.from(slapd.authority).toString('base64')
    const secure = `ldaps://127.0.0.1:${slapd.securePort}`
    const named = `localhost:${slapd.port}`
    const cases: [title: string, of: Record<string, unknown>, works: boolean][] = [
      ['ldap', { host: `ldap://127.0.0.1:${slapd.port}` }, true],
      ['ldaps', { host: secure, rootCAData: ca }, true],
      ['ldaps of an unknown authority', { host: secure }, false],
      ['ldaps unchecked', { host: secure, insecureSkipVerify: true }, true],
      ['StartTLS', { startTLS: true, rootCAData: ca }, true],
      ['StartTLS by name', { host: named, startTLS: true, rootCAData: ca }, true],
      ['StartTLS of an unknown authority', { startTLS: true }, false],
      ['StartTLS unchecked', { startTLS: true, insecureSkipVerify: true }, true],
      ['wrong manager', { managerPassword: 'wrong' }, false],
      ['nobody there', { host: '127.0.0.1:1' }, false],
      ['the address of the link', { host: '169.254.169.254' }, false],
    ]
    for (const [title, of, works] of cases) {
      await using rig = await startIdentity()
      configure(rig, of)
      assert.equal(await outcome(rig, 'bob', 'bob-secret'), works ? 'bob' : BROKEN, title)
    }
  })

  test('ends when the directory says nothing, or too much', async () => {
    const closed: Promise<unknown>[] = []
    const watched = (script: (socket: Socket) => void) =>
      tcpServer((socket) => {
        closed.push(new Promise((resolve) => socket.once('close', resolve)))
        socket.once('end', () => socket.end())
        script(socket)
      })
    await using silent = await watched((socket) => socket.resume())
    await using chatty = await watched((socket) => {
      const more = () => {
        while (socket.writable && socket.write(Buffer.alloc(64 * 1024, 0x30)));
      }
      socket.resume()
      socket.on('drain', more)
      more()
    })
    for (const { url } of [silent, chatty]) {
      await using rig = await startIdentity()
      configure(rig, { host: url.host, readTimeout: 300 })
      assert.equal(await outcome(rig, 'bob', 'bob-secret'), BROKEN)
    }
    assert.equal(closed.length, 2)
    await Promise.all(closed)
  })
})

describe('the configuration', () => {
  test('with an option of the wrong type is not taken up; what worked goes on working', async () => {
    const bad: [key: string, value: unknown][] = [
      ['host', ''],
      ['host', 'http://x'],
      ['readTimeout', '15000'],
      ['startTLS', 'true'],
      ['loginAttribute', ''],
      ['userSearchFilter', '(uid=*'],
      ['rootCAData', 'bm90IGEgY2VydGlmaWNhdGU='],
      ['rootCA', '/nowhere/ca.pem'],
    ]
    for (const [key, value] of bad) {
      await using rig = await startIdentity()
      configure(rig, { [key]: value })
      assert.equal(await outcome(rig, 'bob', 'bob-secret'), BROKEN, key)
      assert.deepEqual(await rig.identity.identityProviders(), [], key)
    }
    await using rig = await startIdentity()
    configure(rig)
    assert.equal(await outcome(rig, 'bob', 'bob-secret'), 'bob')
    configure(rig, { startTLS: 'true' })
    assert.equal(await outcome(rig, 'bob', 'bob-secret'), 'bob')
  })

  test('is followed: keys in any case, a change, disabled, without a label, deleted', async () => {
    await using rig = await startIdentity()
    assert.equal(await outcome(rig, 'bob', 'bob-secret'), BROKEN)
    configure(rig, { HOST: `127.0.0.1:${slapd.port}`, host: undefined, unknown: 1 })
    assert.equal(await outcome(rig, 'bob', 'bob-secret'), 'bob')
    configure(rig, { managerPassword: 'wrong' })
    assert.equal(await outcome(rig, 'bob', 'bob-secret'), BROKEN)
    configure(rig, {}, { disabled: true })
    assert.equal(await outcome(rig, 'bob', 'bob-secret'), BROKEN)
    assert.equal((await rig.identity.identityProviders()).length, 1, 'a disabled one is listed')
    configure(rig)
    assert.equal(await outcome(rig, 'bob', 'bob-secret'), 'bob')
    const unlabelled = providerSecret('corp', 'LDAPIdentityProvider', options(), {}, {})
    rig.cluster.put(unlabelled)
    assert.equal(await outcome(rig, 'bob', 'bob-secret'), BROKEN)
    assert.equal((await rig.identity.identityProviders()).length, 1, 'one without label is listed')
    rig.cluster.remove(unlabelled)
    assert.deepEqual(await rig.identity.identityProviders(), [])
  })

  test('that could not be used is tried again, but not at once', async () => {
    await using stack = new AsyncDisposableStack()
    const dir = await mkdtemp(join(tmpdir(), 'ks-facade-ldap-'))
    stack.defer(() => rm(dir, { recursive: true }))
    const rig = stack.use(await startIdentity())
    const rootCA = join(dir, 'ca.pem')
    configure(rig, { host: `ldaps://127.0.0.1:${slapd.securePort}`, rootCA })
    assert.equal(await outcome(rig, 'bob', 'bob-secret'), BROKEN)
    await writeFile(rootCA, slapd.authority)
    assert.equal(await outcome(rig, 'bob', 'bob-secret'), BROKEN)
    rig.clock.now += 11_000
    assert.equal(await outcome(rig, 'bob', 'bob-secret'), 'bob')
  })
})
