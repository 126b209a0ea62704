import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Facade } from '../../gateway/server/serve.ts'
import { ask, bearer, graph, type Answer } from '../e2e/http.ts'
import { startRedis, type RedisServer } from '../env/redis.ts'
import { account, eventually, IAM, PASSWORD } from '../iam/world.ts'
import { openTerminal, startPod } from '../terminal/stage.ts'
import { oauthClient } from './cluster.ts'
import { startReplicas, type Replicas } from './replicas.ts'

const SECRETS = { group: '', version: 'v1', resource: 'secrets' }
const CLIENT = { client_id: 'shop', client_secret: 'shop-secret' }
const RETURN = 'https://shop.example/cb'
const EXEC = '/namespaces/default/pods/shell/exec?container=main&shell=sh'

interface Tokens {
  access_token: string
  refresh_token: string
  id_token: string
}

/** A login by a code and what came of it, beside another one of the account and a code that waits to be used. */
interface Sessions {
  readonly code: string
  readonly mine: Tokens
  readonly waiting: string
  readonly other: Tokens
}

interface Way {
  readonly by: string
  /** Server that it happens at. */
  readonly at?: 'single' | 'strict'
  /** Whether the other login and the waiting code live on. */
  readonly spares: boolean
  readonly act: (url: string, name: string, sessions: Sessions) => Promise<unknown>
}

async function post(url: string, form: Record<string, string>): Promise<Answer> {
  return ask(`${url}/oauth/token`, { method: 'POST', body: new URLSearchParams(form) })
}

async function tokens(url: string, form: Record<string, string>): Promise<Tokens> {
  const { status, text } = await post(url, { ...CLIENT, ...form })
  assert.equal(status, 200, text)
  return JSON.parse(text) as Tokens
}

const login = (url: string, username: string, password = PASSWORD) =>
  tokens(url, { grant_type: 'password', username, password })

async function code(url: string, token: string): Promise<string> {
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: 'shop',
    redirect_uri: RETURN,
    scope: 'openid',
  })
  const headers = bearer(token)
  const answer = await ask(`${url}/oauth/authorize?${query.toString()}`, { headers })
  return new URL(answer.headers.get('location') ?? '').searchParams.get('code') ?? ''
}

const exchange = (url: string, of: string) =>
  post(url, { ...CLIENT, grant_type: 'authorization_code', code: of, redirect_uri: RETURN })

const refresh = (url: string, of: string) =>
  post(url, { ...CLIENT, grant_type: 'refresh_token', refresh_token: of })

const JSON_BODY = { 'content-type': 'application/json' }

async function put(url: string, token: string, path: string, body: object): Promise<void> {
  const headers = { ...bearer(token), ...JSON_BODY }
  const answer = await ask(url + path, { method: 'PUT', headers, body: JSON.stringify(body) })
  assert.equal(answer.status, 200, answer.text)
}

const admin = async (url: string) => (await login(url, 'admin')).access_token

async function mutate(url: string, token: string, field: string, type: string, input: object) {
  const query = `mutation ($input: ${type}!) { ${field}(input: $input) { clientMutationId } }`
  const { codes, text } = await graph(url, token, query, { input })
  assert.deepEqual(codes, [], text)
}

const CHANGED = 'Another-Pa55word'

const ways: Way[] = [
  {
    by: 'logout with its bearer token',
    spares: true,
    act: (url, _name, { mine }) =>
      ask(`${url}/oauth/logout`, { headers: bearer(mine.access_token) }),
  },
  {
    by: 'logout with its ID token',
    spares: true,
    act: (url, _name, { mine }) => ask(`${url}/oauth/logout?id_token_hint=${mine.id_token}`),
  },
  {
    by: 'a new password of one’s own',
    spares: false,
    act: (url, name, { mine }) =>
      put(url, mine.access_token, `${IAM}/users/${name}/password`, {
        currentPassword: PASSWORD,
        password: CHANGED,
      }),
  },
  {
    by: 'a new password by an administrator, in the graph',
    spares: false,
    act: async (url, name) =>
      mutate(url, await admin(url), 'setPassword', 'SetPasswordInput', { name, password: CHANGED }),
  },
  {
    by: 'disabling the account',
    spares: false,
    act: async (url, name) => {
      const token = await admin(url)
      const path = `${url}${IAM}/users/${name}`
      const disable = async () => {
        const { text } = await ask(path, { headers: bearer(token) })
        const body = JSON.stringify({ ...JSON.parse(text), status: { state: 'Disabled' } })
        return ask(path, { method: 'PUT', headers: { ...bearer(token), ...JSON_BODY }, body })
      }
      // The time of the last login may be written just then.
      const { status, text } = await eventually(disable, (answer) => answer.status !== 409)
      assert.equal(status, 200, text)
    },
  },
  {
    by: 'disabling the account, in the graph',
    spares: false,
    act: async (url, name) =>
      mutate(url, await admin(url), 'deactivateUser', 'UserInput', { name }),
  },
  {
    by: 'deleting the account',
    spares: false,
    act: async (url, name) =>
      ask(`${url}${IAM}/users/${name}`, { method: 'DELETE', headers: bearer(await admin(url)) }),
  },
  {
    by: 'deleting the account, in the graph',
    spares: false,
    act: async (url, name) => mutate(url, await admin(url), 'deleteUser', 'UserInput', { name }),
  },
  {
    by: 'revoking the sessions',
    spares: false,
    act: async (url, name) =>
      mutate(url, await admin(url), 'revokeSessions', 'UserInput', { name }),
  },
  {
    by: 'the next login where one is allowed',
    at: 'single',
    spares: false,
    act: (url, name) => login(url, name),
  },
  {
    by: 'a second use of its code, with rotation',
    at: 'strict',
    spares: true,
    act: (url, _name, sessions) => exchange(url, sessions.code),
  },
  {
    by: 'a second use of its refresh token, with rotation',
    at: 'strict',
    spares: true,
    act: async (url, _name, { mine }) => {
      assert.equal((await refresh(url, mine.refresh_token)).status, 200)
      assert.equal((await refresh(url, mine.refresh_token)).status, 400)
    },
  },
]

/** What a login is good for, asked of one server, without using anything up. */
async function standing(url: string, { access_token }: Tokens): Promise<Record<string, number>> {
  const body = JSON.stringify({ kind: 'TokenReview', spec: { token: access_token } })
  const headers = { 'content-type': 'application/json' }
  const { codes } = await graph(url, access_token, '{ __typename }')
  return {
    rest: (await ask(`${url}/oauth/userinfo`, { headers: bearer(access_token) })).status,
    graph: codes.length === 0 ? 200 : codes[0] === 'UNAUTHENTICATED' ? 401 : 500,
    review: (await ask(`${url}/oauth/authenticate`, { method: 'POST', headers, body })).status,
  }
}

const ALIVE = { rest: 200, graph: 200, review: 200 }
const DEAD = { rest: 401, graph: 401, review: 400 }

for (const kind of ['memory', 'redis'] as const) {
  describe(`a session kept in ${kind} ends, for every token and on every way in, by`, () => {
    const ends = new AsyncDisposableStack()
    let replicas: Replicas
    /** Servers by configuration, those that must agree. */
    const servers = new Map<string, Facade[]>()

    before(async () => {
      const redis = kind === 'redis' ? ends.use(await startRedis()) : undefined
      const options = { host: '127.0.0.1', port: redis?.port }
      replicas = ends.use(await startReplicas(redis ? { type: 'redis', options } : {}, 1))
      const { kube } = replicas
      const secret = oauthClient('shop', { redirectURIs: [RETURN] })
      await kube.create(
        SECRETS,
        { apiVersion: 'v1', ...secret },
        { namespace: 'kubesphere-system' },
      )
      await startPod(kube, 'shell')
      const configurations = {
        plain: {},
        single: { authentication: { multipleLogin: false } },
        strict: { facade: { rotateRefreshTokens: true } },
      }
      for (const [name, differences] of Object.entries(configurations)) {
        const own = name === 'plain' ? replicas.first : await replicas.another(differences)
        const twins = redis ? [await replicas.another(differences)] : []
        servers.set(name, [own, ...twins])
      }
      for (const { server } of [...servers.values()].flat()) {
        const known = () => post(server.url, { ...CLIENT, grant_type: 'none' })
        await eventually(known, ({ text }) => text.includes('unsupported_grant_type'))
      }
    })
    after(() => ends.disposeAsync())

    for (const [index, { by, at = 'plain', spares, act }] of ways.entries()) {
      test(by, async () => {
        const name = `leaver-${index}`
        const urls = (servers.get(at) ?? []).map(({ server }) => server.url)
        const [url = '', ...others] = urls
        const made = await ask(`${replicas.first.server.url}${IAM}/users`, {
          method: 'POST',
          headers: {
            ...bearer(await admin(replicas.first.server.url)),
            'content-type': 'application/json',
          },
          body: JSON.stringify(account(name, 'platform-admin')),
        })
        assert.equal(made.status, 200, made.text)
        await replicas.settled()

        // Where one login is allowed every token ends all others, so that there is one to look at.
        const single = at === 'single'
        const { access_token } = await eventuallyIn(url, name)
        const used = single ? '' : await code(url, access_token)
        const mine = single
          ? await login(url, name)
          : (JSON.parse((await exchange(url, used)).text) as Tokens)
        const waiting = await code(url, mine.access_token)
        const other = single ? mine : await login(url, name)
        for (const one of urls) {
          // Another replica learns of the account a moment later.
          const stands = await eventually(
            () => standing(one, mine),
            ({ rest }) => rest === 200,
          )
          assert.deepEqual(stands, ALIVE)
        }
        using terminal = await openTerminal(others[0] ?? url, EXEC, mine.access_token)
        await terminal.sees(/[#$] /)

        await act(url, name, { code: used, mine, waiting, other })

        for (const one of urls) {
          assert.deepEqual(await standing(one, mine), DEAD, one)
          assert.equal((await refresh(one, mine.refresh_token)).status, 400, 'the refresh token')
          if (!single) assert.deepEqual(await standing(one, other), spares ? ALIVE : DEAD)
        }
        const last = urls.at(-1) ?? ''
        assert.equal((await exchange(last, waiting)).status, spares ? 200 : 400, 'the code')
        if (!single) {
          assert.equal((await refresh(last, other.refresh_token)).status, spares ? 200 : 400)
        }
        await terminal.closed
      })
    }
  })
}

/** A login at a server that may learn of the account a moment later. */
async function eventuallyIn(url: string, username: string): Promise<Tokens> {
  const form = { ...CLIENT, grant_type: 'password', username, password: PASSWORD }
  const { text } = await eventually(
    () => post(url, form),
    ({ status }) => status === 200,
  )
  return JSON.parse(text) as Tokens
}

describe('a server whose Redis has gone', () => {
  let redis: RedisServer
  let replicas: Replicas
  before(async () => {
    redis = await startRedis()
    const options = { host: '127.0.0.1', port: redis.port }
    replicas = await startReplicas({ type: 'redis', options })
  })
  after(async () => {
    await replicas?.[Symbol.asyncDispose]()
    await redis?.[Symbol.asyncDispose]()
  })

  test('says 503 to whoever needs a session, serves everything else, and recovers by itself', async () => {
    const { url } = replicas.first.server
    const form = {
      client_id: 'kubesphere',
      client_secret: 'kubesphere',
      grant_type: 'password',
      username: 'admin',
      password: PASSWORD,
    }
    const users = (headers: Record<string, string>) => ask(`${url}${IAM}/users`, { headers })
    const { access_token, refresh_token } = JSON.parse((await post(url, form)).text) as Tokens
    assert.equal((await users(bearer(access_token))).status, 200)

    await redis.stop()
    const refused = await users(bearer(access_token))
    assert.equal(refused.status, 503, refused.text)
    assert.equal((JSON.parse(refused.text) as { reason: string }).reason, 'ServiceUnavailable')
    const { codes } = await graph(url, access_token, '{ me { name } }')
    assert.deepEqual(codes, ['UNAVAILABLE'])
    for (const asked of [form, { ...form, grant_type: 'refresh_token', refresh_token }]) {
      const answer = await post(url, asked)
      const { error } = JSON.parse(answer.text) as { error: string }
      assert.deepEqual([answer.status, error], [503, 'temporarily_unavailable'])
    }
    assert.equal((await ask(`${url}/oauth/keys`)).status, 200)
    assert.equal((await ask(`${url}/healthz`)).status, 200)
    const basic = `Basic ${Buffer.from(`admin:${PASSWORD}`).toString('base64')}`
    assert.equal((await users({ authorization: basic })).status, 200, 'no token, no cache')

    await redis.start()
    const again = await eventually(
      () => post(url, form),
      ({ status }) => status === 200,
    )
    const back = JSON.parse(again.text) as Tokens
    assert.equal((await users(bearer(back.access_token))).status, 200)
    assert.equal((await users(bearer(access_token))).status, 401, 'what Redis has forgotten')
  })
})
