import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Config, DeepPartial } from '../../gateway/config/index.ts'
import type { TokenResponse } from '../../gateway/domain/identity/index.ts'
import { ORIGIN, PASSWORD, startIdentity, user, type TestIdentity } from './cluster.ts'

/** A login by a code, what came of it, and the logins beside it. */
interface Sessions {
  code: string
  mine: TokenResponse
  renewed: TokenResponse
  /** The same account, another login. */
  other: TokenResponse
  somebody: TokenResponse
}

interface Row {
  readonly by: string
  readonly overrides?: DeepPartial<Config>
  /** Which of them is alive afterwards, access and refresh token alike. */
  readonly alive: readonly (keyof Omit<Sessions, 'code'>)[]
  readonly act: (rig: TestIdentity, sessions: Sessions) => unknown
}

const strict = { facade: { rotateRefreshTokens: true } }
const single = { authentication: { multipleLogin: false } }

const rows: readonly Row[] = [
  { by: 'nothing', alive: ['mine', 'renewed', 'other', 'somebody'], act: () => {} },
  {
    by: 'logout',
    alive: ['other', 'somebody'],
    act: (rig, { renewed }) => rig.identity.logout(renewed.access_token),
  },
  {
    by: 'another password',
    alive: ['somebody'],
    act: async (rig) => {
      rig.cluster.put(await user('eve', { password: await rig.identity.hashPassword('Other-1') }))
    },
  },
  {
    by: 'disabling',
    alive: ['somebody'],
    act: async (rig) => rig.cluster.put(await user('eve', { state: 'Disabled' })),
  },
  {
    by: 'disabling, then enabling',
    alive: ['somebody'],
    act: async (rig) => {
      const is = await user('eve')
      rig.cluster.put({ ...is, status: { state: 'Disabled' } })
      rig.cluster.put(is)
    },
  },
  {
    by: 'deleting',
    alive: ['somebody'],
    act: async (rig) => rig.cluster.remove(await user('eve')),
  },
  {
    by: 'deleting, then making anew',
    alive: ['somebody'],
    act: async (rig) => {
      rig.cluster.remove(await user('eve'))
      rig.cluster.put(await user('eve'))
    },
  },
  {
    by: 'revoking all of an account',
    alive: ['somebody'],
    act: (rig) => rig.identity.revokeUser('eve'),
  },
  {
    by: 'the next login where one is allowed',
    overrides: single,
    alive: ['other', 'somebody'],
    act: () => {},
  },
  {
    by: 'a renewal where one is allowed',
    overrides: single,
    alive: ['somebody'],
    act: (rig, { other }) => refresh(rig, other.refresh_token),
  },
  {
    by: 'a second use of the code',
    alive: ['mine', 'renewed', 'other', 'somebody'],
    act: (rig, { code }) => assert.rejects(exchange(rig, code), { code: 400 }),
  },
  {
    by: 'a second use of the code, with rotation',
    overrides: strict,
    alive: ['other', 'somebody'],
    act: (rig, { code }) => assert.rejects(exchange(rig, code), { code: 400 }),
  },
  {
    by: 'a second use of a refresh token, with rotation',
    overrides: strict,
    alive: ['other', 'somebody'],
    act: (rig, { mine }) => assert.rejects(refresh(rig, mine.refresh_token), { code: 400 }),
  },
]

async function login(rig: TestIdentity, username: string): Promise<TokenResponse> {
  const client = await rig.identity.client('app1', 'app1-secret')
  return rig.identity.password(client, { username, password: PASSWORD, provider: '' }, ORIGIN)
}

async function refresh(rig: TestIdentity, token: string): Promise<TokenResponse> {
  return rig.identity.refresh(await rig.identity.client('app1', 'app1-secret'), token)
}

async function exchange(rig: TestIdentity, code: string): Promise<TokenResponse> {
  const client = await rig.identity.client('app1', 'app1-secret')
  return rig.identity.exchangeCode(client, { code, redirectUri: '', codeVerifier: '' })
}

async function codeFor(rig: TestIdentity, name: string): Promise<string> {
  const request = {
    responseType: 'code',
    clientId: 'app1',
    redirectUri: '',
    scope: 'openid',
    state: '',
    nonce: '',
    prompt: '',
    codeChallenge: '',
    codeChallengeMethod: '',
  }
  const who = { name, uid: '', groups: [], extra: {} }
  const location = await rig.identity.authorize(request, who)
  return new URL(location ?? '').searchParams.get('code') ?? ''
}

async function begin(rig: TestIdentity): Promise<Sessions> {
  const somebody = await login(rig, 'mallory')
  const code = await codeFor(rig, 'eve')
  const mine = await exchange(rig, code)
  const renewed = await refresh(rig, mine.refresh_token)
  const other = await login(rig, 'eve')
  return { code, mine, renewed, other, somebody }
}

const works = (work: Promise<unknown>): Promise<boolean> =>
  work.then(
    () => true,
    () => false,
  )

describe('what ends which sessions', () => {
  for (const { by, overrides, alive, act } of rows) {
    test(by, async () => {
      await using rig = await startIdentity(overrides)
      const sessions = await begin(rig)
      await act(rig, sessions)
      // With rotation the token that was renewed is dead whatever happens.
      const spent = overrides === strict ? ['mine'] : []
      const looked: Record<string, boolean[]> = {}
      const wanted: Record<string, boolean[]> = {}
      for (const name of ['mine', 'renewed', 'other', 'somebody'] as const) {
        looked[name] = [await works(rig.identity.bearer(sessions[name].access_token))]
        wanted[name] = [alive.includes(name)]
      }
      if (overrides === single) {
        assert.deepEqual(looked, wanted)
        return
      }
      for (const name of ['renewed', 'other', 'somebody', 'mine'] as const) {
        if (spent.includes(name)) continue
        looked[name]?.push(await works(refresh(rig, sessions[name].refresh_token)))
        wanted[name]?.push(alive.includes(name))
      }
      assert.deepEqual(looked, wanted)
    })
  }

  test('a code is gone once it was exchanged, and once its account has another password', async () => {
    await using rig = await startIdentity()
    const [used, waiting] = [await codeFor(rig, 'eve'), await codeFor(rig, 'eve')]
    await exchange(rig, used)
    await assert.rejects(exchange(rig, used), { code: 400 })
    rig.cluster.put(await user('eve', { password: await rig.identity.hashPassword('Other-1') }))
    await assert.rejects(exchange(rig, waiting), { code: 400 })
  })
})
