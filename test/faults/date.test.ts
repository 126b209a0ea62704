import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { startReplica } from '../e2e/replica-process.ts'
import { ask, hasKinds, login } from '../e2e/http.ts'
import { fakeDate, type FakeDate } from '../env/faketime.ts'
import { PASSWORD } from '../iam/world.ts'
import { startReplicas, type Replicas } from '../identity/replicas.ts'
import { startPod } from '../terminal/stage.ts'
import { life, promisesOfTheDate } from './clock-promises.ts'

const minute = 60_000

describe('the date of the machine is set under a whole server', { concurrency: 1 }, () => {
  const stack = new AsyncDisposableStack()
  let url: string
  let date: FakeDate
  let platform: Replicas
  before(async () => {
    date = stack.use(await fakeDate())
    platform = stack.use(await startReplicas({}, 1))
    const { kubernetes } = platform.first.app.config
    const config = {
      authentication: {
        multipleLogin: true,
        issuer: {
          jwtSecret: 'secret-of-the-date',
          accessTokenMaxAgeMs: life,
          accessTokenInactivityTimeoutMs: life,
        },
      },
      facade: { terminal: { idleTimeoutMs: 10 * minute, maxSessionMs: 30 * minute } },
    }
    ;({ url } = stack.use(await startReplica(kubernetes.kubeconfig, config, date.within)))
    await startPod(platform.kube, 'shell')
    await hasKinds(url, await login(url, 'admin', PASSWORD))
  })
  after(() => stack.disposeAsync())
  beforeEach(() => date.set(0))

  it('is the date that the server answers with', async () => {
    for (const offset of [0, 3_600_000, -3_600_000, 86_400_000]) {
      date.set(offset)
      // Node keeps the text of a date for the rest of its second.
      const late = Date.now() + minute
      for (;;) {
        const { headers } = await ask(`${url}/healthz`)
        const off = Date.parse(headers.get('date') ?? '') - Date.now()
        if (Math.abs(off - offset) < minute) break
        assert.ok(Date.now() < late, `${off} instead of ${offset}`)
      }
    }
  })

  promisesOfTheDate(() => ({
    url,
    password: PASSWORD,
    kube: platform.kube,
    set: (offset) => date.set(offset),
  }))
})
