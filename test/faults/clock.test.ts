import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { defaultConfig } from '../../gateway/config/index.ts'
import { startControllers, type Controllers } from '../../gateway/embedded/controllers/index.ts'
import { seed } from '../../gateway/embedded/seeds/index.ts'
import type { KubeClient } from '../../gateway/kube/api.ts'
import { startFacade } from '../../gateway/server/serve.ts'
import { createLogger } from '../../gateway/telemetry/index.ts'
import { hasKinds, login } from '../e2e/http.ts'
import { startTestPlane } from '../env/plane.ts'
import { seeing } from '../env/seen.ts'
import { startPod } from '../terminal/stage.ts'
import { callersOf, life, promisesOfTheDate } from './clock-promises.ts'

const password = 'Pa55word-of-the-clock'
const minute = 60_000
const hour = 60 * minute

describe('the date of the server is set while people work', { concurrency: 1 }, () => {
  const stack = new AsyncDisposableStack()
  /** What the date is off by, and how much time was skipped, milliseconds. */
  const clock = { date: 0, time: 0 }
  let url: string
  let kube: KubeClient
  before(async () => {
    const log = createLogger({ level: 'fatal' })
    const plane = stack.use(await startTestPlane())
    const now = () => Date.now() + clock.date
    const config = defaultConfig({
      kubernetes: { kubeconfig: plane.kubeconfigPath },
      server: { bindAddress: '127.0.0.1', insecurePort: 0 },
      authentication: {
        multipleLogin: true,
        issuer: {
          jwtSecret: 'secret-of-the-clock',
          accessTokenMaxAgeMs: life,
          accessTokenInactivityTimeoutMs: life,
        },
      },
      facade: { terminal: { idleTimeoutMs: 10 * minute, maxSessionMs: 30 * minute } },
    })
    let controllers: Controllers | undefined
    const facade = stack.use(
      await startFacade(config, {
        log,
        now,
        ticks: () => performance.now() + clock.time,
        reconcile: async ({ host }) => {
          await seed(host.client, { demo: false, adminPassword: password, log })
          controllers = await startControllers({ host, log, config, now })
          return controllers
        },
      }),
    )
    await controllers?.settled()
    url = facade.server.url
    const { client, caches } = facade.app.clusters.host
    kube = seeing(client, [caches])
    await startPod(kube, 'shell')
    await hasKinds(url, await login(url, 'admin', password))
  })
  after(() => stack.disposeAsync())
  beforeEach(() => {
    clock.date = 0
  })

  const stage = () => ({ url, password, kube, set: (offset: number) => void (clock.date = offset) })
  promisesOfTheDate(stage)

  it('no token outlives its time because the date was put back', async () => {
    clock.date = hour
    const tokens = await callersOf(stage).login()
    clock.date = 0
    clock.time += life
    // By the date it would be good for an hour from then on.
    clock.date = hour
    const { status, text } = await callersOf(stage).use(tokens)
    assert.equal(status, 401)
    assert.match(text, /token not found in cache/)
  })
})
