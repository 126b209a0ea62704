import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { createLogger } from '../../gateway/telemetry/index.ts'
import { providerSecret } from '../identity/cluster.ts'
import { account, eventually, IAM, PASSWORD, startWorld, type World } from '../iam/world.ts'
import { upgradeRequest } from '../rest/extensions.ts'
import { close, listen, raw } from '../rest/support.ts'

const R2 = '/kapis/resources.kubesphere.io/v1alpha2'
const R3 = '/kapis/resources.kubesphere.io/v1alpha3'
const STORE = '/kapis/application.kubesphere.io/v2'

/** Secrets that callers bring along, by where they bring them. */
const brought = {
  wrongPassword: 'canary-wrong-Pa55word-1',
  unknownPassword: 'canary-unknown-Pa55word-2',
  basicPassword: 'canary-basic-Pa55word-3',
  newPassword: 'canary-new-Pa55word-4',
  changedPassword: 'canary-changed-Pa55word-5',
  graphPassword: 'canary-graph-Pa55word-6',
  badToken: 'canary-bad-token-7',
  queryToken: 'canary-query-token-8',
  callbackCode: 'canary-callback-code-9',
  secretText: 'canary-secret-text-10',
  badSecretText: 'canary-bad-secret-11',
  registryPassword: 'canary-registry-12',
  gitPassword: 'canary-git-13',
  repositoryPassword: 'canary-repository-14',
  clusterToken: 'canary-cluster-15',
  cookie: 'canary-cookie-16',
  execWord: 'canary-exec-17',
  ldapPassword: 'canary-ldap-login-18',
  variable: 'canary-variable-19',
} as const

/** Secrets that the server keeps. */
const kept = {
  jwtSecret: 'canary-jwt-secret-of-the-server-20',
  clientSecret: 'canary-client-secret-21',
  managerPassword: 'canary-manager-22',
  stored: 'canary-stored-23',
  callbackToken: 'canary-provider-token-24',
} as const

const base64 = (text: string): string => Buffer.from(text).toString('base64')

describe('secrets', () => {
  let world: World
  let folder: string
  const lines: string[] = []
  /** Bodies of refusals, and pages that are open to all. */
  const refusals: string[] = []
  /** What the server gave out in the course of it: tokens, hashes, keys. */
  const given: string[] = []
  const stack = new AsyncDisposableStack()

  /** An answer of the real server; bodies of refusals are kept. */
  const ask = async (
    method: string,
    path: string,
    { body, ...headers }: Record<string, unknown> = {},
  ): Promise<{ status: number; text: string }> => {
    const text = typeof body === 'string' || body === undefined ? body : JSON.stringify(body)
    const response = await fetch(world.url + path, {
      method,
      redirect: 'manual',
      headers: {
        ...(typeof body === 'object' ? { 'content-type': 'application/json' } : {}),
        ...(headers as Record<string, string>),
      },
      ...(text === undefined ? {} : { body: text }),
    })
    const answer = { status: response.status, text: await response.text() }
    if (answer.status >= 300) refusals.push(`${method} ${path.split('?')[0]}: ${answer.text}`)
    return answer
  }
  const login = (username: string, password: string, more: Record<string, string> = {}) =>
    ask('POST', '/oauth/token', {
      'content-type': 'application/x-www-form-urlencoded',
      body: new URLSearchParams({
        grant_type: 'password',
        client_id: 'kubesphere',
        client_secret: 'kubesphere',
        username,
        password,
        ...more,
      }).toString(),
    })
  const auditText = () => readFile(join(folder, 'audit.log'), 'utf8').catch(() => '')

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ks-facade-secrets-'))
    stack.defer(() => rm(folder, { recursive: true }))
    const destination = { write: (line: string) => void lines.push(line) }
    world = stack.use(
      await startWorld({
        log: createLogger({ level: 'trace', destination }),
        openHosts: ['127.0.0.1'],
        config: {
          auditing: {
            enable: true,
            auditLevel: 'RequestResponse',
            eventBatchIntervalMs: 50,
            logOptions: { path: join(folder, 'audit.log') },
          },
          facade: { slowRequestMs: 1 },
          authentication: {
            issuer: { jwtSecret: kept.jwtSecret },
            authenticateRateLimiterMaxTries: 100,
          },
        },
      }),
    )
  })
  after(() => stack.disposeAsync())

  it('come and go', async () => {
    const session = JSON.parse((await login('admin', PASSWORD)).text) as Record<string, string>
    const { access_token: token = '', refresh_token: refresh = '' } = session
    given.push(token, refresh)
    const as = { authorization: `Bearer ${token}` }

    // Logins that fail, and credentials that are none.
    assert.equal((await login('admin', brought.wrongPassword)).status, 400)
    assert.equal((await login('nobody-at-all', brought.unknownPassword)).status, 400)
    const basic = `Basic ${base64(`admin:${brought.basicPassword}`)}`
    given.push(basic.slice(6))
    await ask('GET', `${IAM}/users`, { authorization: basic, cookie: `a=${brought.cookie}` })
    await ask('GET', `${IAM}/users`, { authorization: `Bearer ${brought.badToken}` })
    await ask('GET', `${IAM}/users?access_token=${brought.queryToken}`)
    await ask('GET', `/oauth/authorize?client_id=kubesphere&code=${brought.queryToken}`)
    await ask('GET', `/oauth/logout?id_token_hint=${brought.queryToken}`)
    await ask('GET', `${IAM}/users`, { 'x-kubesphere-authorization': `Bearer ${brought.badToken}` })

    // Tokens anew, and a token that is none.
    const renewed = await login('admin', PASSWORD, {
      grant_type: 'refresh_token',
      refresh_token: refresh,
    })
    assert.equal(renewed.status, 200)
    const again = JSON.parse(renewed.text) as Record<string, string>
    given.push(again['access_token'] ?? '', again['refresh_token'] ?? '')
    await login('admin', '', { grant_type: 'refresh_token', refresh_token: brought.badToken })

    // Accounts and their passwords.
    const dora = { ...account('dora'), spec: { email: 'd@x.io', password: brought.newPassword } }
    assert.equal((await ask('POST', `${IAM}/users`, { ...as, body: dora })).status, 200)
    await ask('POST', `${IAM}/users`, { ...as, body: dora })
    await ask('POST', `${IAM}/users`, { ...as, body: `{"password": "${brought.newPassword}"` })
    const change = { currentPassword: brought.wrongPassword, password: brought.changedPassword }
    await ask('PUT', `${IAM}/users/dora/password`, { ...as, body: change })
    const users = { group: 'iam.kubesphere.io', version: 'v1beta1', resource: 'users' }
    for (const name of ['admin', 'dora']) {
      const { password } = (await world.kube.get(users, name))['spec'] as { password: string }
      given.push(password)
    }

    // The graph.
    const graph = (query: string, variables: object) =>
      ask('POST', '/graphql', { ...as, body: { query, variables } })
    const create =
      'mutation ($input: CreateUserInput!) { createUser(input: $input) { user { name } } }'
    const input = { name: 'gina', email: 'g@x.io', password: brought.graphPassword }
    const created = await graph(create, { input })
    assert.match(created.text, /"gina"/)
    await graph(create, { input })
    await graph(`mutation { login(password: "${brought.variable}") }`, {})
    await graph('query ($a: Int!) { __typename }', {
      a: brought.variable,
      password: brought.variable,
    })

    // Secrets and kubeconfigs.
    const secret = (name: string, data: object) => ({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name, namespace: 'default' },
      ...data,
    })
    const secrets = '/api/v1/namespaces/default/secrets'
    const stored = secret('s', { data: { a: base64(kept.stored) } })
    assert.equal((await ask('POST', secrets, { ...as, body: stored })).status, 201)
    const posted = secret('t', { stringData: { password: brought.secretText } })
    assert.equal((await ask('POST', secrets, { ...as, body: posted })).status, 201)
    await ask('PATCH', `${secrets}/t`, {
      ...as,
      'content-type': 'application/merge-patch+json',
      body: JSON.stringify({ stringData: { password: brought.secretText } }),
    })
    await ask('POST', secrets, { ...as, body: JSON.stringify(posted).slice(0, -9) })
    await ask('POST', secrets, {
      ...as,
      body: secret('Not A Name', { stringData: { a: brought.badSecretText } }),
    })
    await ask('GET', `${R3}/namespaces/default/secrets`, as)
    const kubeconfig = await ask('GET', `${R2}/users/admin/kubeconfig`, as)
    for (const [, key = ''] of kubeconfig.text.matchAll(/(?:client-key-data|token): (\S{20,})/g)) {
      given.push(key)
    }

    // Hosts that are told a password and refuse it.
    const refusing = createServer((_req, res) => {
      res.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end('no')
    })
    const host = new URL(await listen(refusing)).host
    stack.defer(() => close(refusing))
    const auth = { username: 'u', password: brought.registryPassword }
    for (const server of [`http://${host}`, 'http://169.254.169.254', 'http://127.0.0.1:1']) {
      await ask('POST', `${R2}/registry/verify`, { ...as, body: { ...auth, serverhost: server } })
    }
    const remoteUrl = `http://u:${brought.gitPassword}@${host}/a.git`
    await ask('POST', `${R2}/git/verify`, { ...as, body: { remoteUrl } })
    await ask('POST', `${R2}/git/verify`, { ...as, body: { remoteUrl: `${remoteUrl}\\` } })
    await ask('POST', `${STORE}/repos`, {
      ...as,
      body: {
        metadata: { name: 'charts' },
        spec: {
          url: `http://u:${brought.repositoryPassword}@${host}/charts`,
          credential: { username: 'u', password: brought.repositoryPassword },
        },
      },
    })
    const member = {
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'c',
      contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
      clusters: [{ name: 'c', cluster: { server: 'https://127.0.0.1:1' } }],
      users: [{ name: 'u', user: { token: brought.clusterToken } }],
    }
    const connection = { type: 'direct', kubeconfig: base64(JSON.stringify(member)) }
    for (const path of ['clusters/validation', 'clusters']) {
      await ask('POST', `/kapis/cluster.kubesphere.io/v1alpha1/${path}`, {
        ...as,
        body: {
          apiVersion: 'cluster.kubesphere.io/v1alpha1',
          kind: 'Cluster',
          metadata: { name: 'member' },
          spec: { connection },
        },
      })
    }

    // Identity providers: one that answers wrongly, one that does not answer.
    const provider = createServer((_req, res) => {
      res.writeHead(400, { 'content-type': 'application/json' })
      res.end(JSON.stringify({ error: 'invalid_grant', access_token: kept.callbackToken }))
    })
    const at = await listen(provider)
    stack.defer(() => close(provider))
    const oauth = {
      clientID: 'c',
      clientSecret: kept.clientSecret,
      redirectURL: `${world.url}/oauth/callback/gh`,
      endpoint: { authURL: `${at}/a`, tokenURL: `${at}/t`, userInfoURL: `${at}/u` },
    }
    const directory = {
      host: '127.0.0.1:1',
      managerDN: 'cn=m',
      managerPassword: kept.managerPassword,
      userSearchBase: 'dc=x',
      loginAttribute: 'uid',
      mailAttribute: 'mail',
    }
    for (const document of [
      providerSecret('dir', 'LDAPIdentityProvider', directory),
      providerSecret('gh', 'GitHubIdentityProvider', oauth),
    ]) {
      const { namespace = '', name } = document.metadata
      await world.kube.create(
        { group: '', version: 'v1', resource: 'secrets' },
        { ...document, metadata: { ...document.metadata, namespace, name } },
      )
    }
    await eventually(
      () => ask('GET', `/oauth/callback/gh?code=${brought.callbackCode}&state=x`),
      ({ text }) => /failed to exchange/.test(text),
    )
    // Written before the other, and so known where that is.
    assert.equal((await login('u', brought.ldapPassword, { provider: 'dir' })).status, 500)

    // A shell, as a plain request and as an upgrade.
    const exec = `/api/v1/namespaces/default/pods/none/exec?command=echo&command=${brought.execWord}`
    await ask('POST', exec, as)
    const answer = await raw(
      world.url,
      upgradeRequest(`${exec}&access_token=${brought.queryToken}`, as),
    )
    assert.match(answer, /^HTTP\/1\.1 4/)
    refusals.push(answer)

    await ask('GET', '/oauth/logout', as)
    assert.equal((await ask('GET', `${IAM}/users`, as)).status, 401)
  })

  const foundIn = (text: string, secrets: readonly string[]): string[] =>
    secrets.filter(
      (secret) =>
        secret !== '' &&
        [secret, base64(secret), encodeURIComponent(secret)].some((form) => text.includes(form)),
    )

  it('stand in no line of the log, at any level', () => {
    const text = lines.join('')
    assert.ok(lines.length > 50, 'the log was heard')
    assert.deepEqual(
      foundIn(text, [...Object.values(brought), ...Object.values(kept), ...given, PASSWORD]),
      [],
    )
  })

  it('of the server stand in no refusal, nor do passwords of callers', () => {
    assert.ok(refusals.length > 20, 'refusals were heard')
    const { variable: _, ...passwords } = brought
    const all = [...Object.values(passwords), ...Object.values(kept), ...given, PASSWORD]
    for (const refusal of refusals) assert.deepEqual(foundIn(refusal, all), [], refusal)
  })

  it('stand in no metric', async () => {
    const { status, text } = await ask('GET', '/metrics')
    assert.equal(status, 200)
    assert.deepEqual(
      foundIn(text, [...Object.values(brought), ...Object.values(kept), ...given]),
      [],
    )
  })

  it('stand in no event of the audit trail, at its highest level', async () => {
    const text = await eventually(auditText, (of) => of.includes('/clusters/validation'))
    assert.match(text, /"RequestURI":"[^"]*\/users\/dora\/password"/)
    assert.deepEqual(
      foundIn(text, [...Object.values(brought), ...Object.values(kept), ...given]),
      [],
    )
  })
})
