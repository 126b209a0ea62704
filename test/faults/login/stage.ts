import assert from 'node:assert/strict'
import { startReplica } from '../../e2e/replica-process.ts'
import { providerOf, startSlapd } from '../../env/slapd.ts'
import { PASSWORD, IAM, startWorld } from '../../iam/world.ts'
import { providerSecret } from '../../identity/cluster.ts'

const USERS = { group: 'iam.kubesphere.io', version: 'v1beta1', resource: 'users' }

/** A way in which a login fails. */
export interface Attempt {
  readonly name: string
  readonly username: string
  readonly password: string
  readonly provider?: string
  /** What it is answered with. */
  readonly status: number
  /** The attempt that it should not be told from. */
  readonly against?: string
}

export interface LoginStage extends AsyncDisposable {
  /** A server in a process of its own. */
  readonly url: string
  readonly attempts: readonly Attempt[]
}

const wrong = { password: 'Wr0ng-Pa55word', status: 400 }
const [local, directory] = ['wrong password', 'directory: wrong password']

const attempts: readonly Attempt[] = [
  { name: local, username: 'eve', ...wrong },
  { name: 'wrong password of another user', username: 'dan', ...wrong, against: local },
  { name: 'unknown user', username: 'ghost', ...wrong, against: local },
  { name: 'unknown e-mail', username: 'ghost@kubesphere.io', ...wrong, against: local },
  { name: 'disabled user', username: 'off', ...wrong, against: local },
  { name: 'locked user', username: 'shut', ...wrong, status: 429, against: local },
  { name: directory, username: 'ann', ...wrong, provider: 'corp' },
  {
    name: 'directory: wrong password, no account here',
    username: 'ben',
    ...wrong,
    provider: 'corp',
    against: directory,
  },
  {
    name: 'directory: unknown',
    username: 'ghost',
    ...wrong,
    provider: 'corp',
    against: directory,
  },
]

/** A platform with an account for each attempt, a directory, and one more server to ask. */
export async function startLoginStage(): Promise<LoginStage> {
  await using stack = new AsyncDisposableStack()
  const people = ['ann', 'ben'].map((uid) => ({ uid, password: `${uid}-of-the-directory` }))
  const slapd = stack.use(await startSlapd(people))
  // Nobody is locked by how often the measurement fails.
  const most = 1_000_000
  const limits = { authenticateRateLimiterMaxTries: most, loginHistoryMaximumEntries: most }
  const world = stack.use(await startWorld({ config: { authentication: limits } }))
  await world.kube.create(
    { group: '', version: 'v1', resource: 'secrets' },
    providerSecret('corp', 'LDAPIdentityProvider', providerOf(slapd)),
  )
  const admin = await world.as('admin')
  for (const name of ['eve', 'dan', 'off', 'shut', 'ann']) {
    const account = {
      metadata: { name },
      spec: { email: `${name}@kubesphere.io`, password: PASSWORD },
    }
    const made = await admin.post(`${IAM}/users`, account)
    assert.equal(made.status, 200, made.text)
  }
  await world.settled()
  for (const [name, state] of [
    ['off', 'Disabled'],
    ['shut', 'AuthLimitExceeded'],
  ] as const) {
    const status = { state, lastTransitionTime: new Date().toISOString() }
    const options = { type: 'merge' } as const
    await world.kube.patch(USERS, name, { status }, options)
  }
  await world.settled()
  const { kubernetes, authentication } = world.app.config
  const { url } = stack.use(await startReplica(kubernetes.kubeconfig, { authentication }))
  const owned = stack.move()
  return { url, attempts, [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose]() }
}
