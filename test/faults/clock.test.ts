import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { defaultConfig } from '../../gateway/config/index.ts'
import { startControllers, type Controllers } from '../../gateway/embedded/controllers/index.ts'
import { seed } from '../../gateway/embedded/seeds/index.ts'
import type { KubeClient } from '../../gateway/kube/api.ts'
import { startFacade } from '../../gateway/server/serve.ts'
import { createLogger } from '../../gateway/telemetry/index.ts'
import { ask, bearer, graph, hasKinds } from '../e2e/http.ts'
import { followWatch } from '../e2e/watch.ts'
import { startTestPlane } from '../env/plane.ts'
import { seeing } from '../env/seen.ts'
import { openedSocket } from '../live/socket.ts'
import { everything, watcher, type Event } from '../live/watch-client.ts'
import { openTerminal, startPod, type Terminal } from '../terminal/stage.ts'

const CONFIG_MAPS = { group: '', version: 'v1', resource: 'configmaps' }
const password = 'Pa55word-of-the-clock'
const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
/** Tokens live for two hours, and can be refreshed for two more. */
const life = 2 * hour

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
    await hasKinds(url, (await login()).access_token)
  })
  after(() => stack.disposeAsync())
  beforeEach(() => {
    clock.date = 0
  })

  interface Tokens {
    access_token: string
    refresh_token: string
  }
  async function grant(form: Record<string, string>) {
    const client = { client_id: 'kubesphere', client_secret: 'kubesphere' }
    const body = new URLSearchParams({ ...client, ...form })
    const { status, text } = await ask(`${url}/oauth/token`, { method: 'POST', body })
    return { status, text, tokens: JSON.parse(text) as Tokens }
  }
  async function login(): Promise<Tokens> {
    const given = await grant({ grant_type: 'password', username: 'admin', password })
    assert.equal(given.status, 200, given.text)
    return given.tokens
  }
  const refresh = ({ refresh_token }: Tokens) =>
    grant({ grant_type: 'refresh_token', refresh_token })
  const use = ({ access_token }: Tokens) =>
    ask(`${url}/kapis/iam.kubesphere.io/v1beta1/users/admin`, { headers: bearer(access_token) })

  let count = 0
  async function put(): Promise<string> {
    const metadata = { name: `map-${count++}`, namespace: 'default' }
    await kube.create(CONFIG_MAPS, { apiVersion: 'v1', kind: 'ConfigMap', metadata })
    return metadata.name
  }

  async function echoes(terminal: Terminal, word: string): Promise<void> {
    terminal.type(`echo "${word.slice(0, 2)}""${word.slice(2)}"\r`)
    await terminal.sees(new RegExp(word))
  }

  /** Everything that is open while the date is set; `works` says that each goes on as before. */
  async function opened(token: string) {
    const own = new AsyncDisposableStack()
    const exec = '/namespaces/default/pods/shell/exec?container=main&shell=sh'
    const terminal = own.use(await openTerminal(url, exec, token))
    await terminal.sees(/[#$] $/)
    const watch = await followWatch(`${url}/api/v1/namespaces/default/configmaps?watch=true`, token)
    own.defer(() => watch.stop())
    const client = own.use(watcher(url, token))
    const follow = (args: string, selected: string) =>
      client.watch(`subscription {
        configMapsChanged(namespaces: ["default"], initial: false, ${args}) { ${selected} }
      }`)
    const throttled = follow('throttleMs: 50', everything)
    const notified = follow('mode: NOTIFY', 'type')
    await Promise.all([throttled, notified].map((one) => one.until(isSynced)))
    let place = ''
    return {
      client,
      place: () => place,
      async works(): Promise<void> {
        // Twice: what waits between two tellings waits from the first on.
        for (let turn = 0; turn < 2; turn++) {
          const name = await put()
          await watch.sees(name)
          const events = await throttled.until(({ object }) => object?.metadata.name === name)
          place = events.at(-1)?.resume ?? ''
          await notified.until(({ type }) => type === 'CHANGED')
          await echoes(terminal, `word${name}`)
        }
      },
      [Symbol.asyncDispose]: () => own.disposeAsync(),
    }
  }

  const isSynced = ({ type }: Pick<Event, 'type'>) => type === 'SYNCED'

  it('an hour on: tokens that last longer are good, and nothing that is open notices', async () => {
    const tokens = await login()
    await using open = await opened(tokens.access_token)
    await open.works()
    clock.date = hour
    await open.works()
    assert.equal((await use(tokens)).status, 200)
    assert.equal((await refresh(tokens)).status, 200)
  })

  it('a day on: tokens are over on both faces and cannot be refreshed; a new login is good', async () => {
    const tokens = await login()
    await using open = await opened(tokens.access_token)
    await using socket = await openedSocket(`${url}/graphql`, tokens.access_token)
    clock.date = day
    const { status, text } = await use(tokens)
    assert.equal(status, 401, text)
    const asked = await graph(url, tokens.access_token, '{ me { name } }')
    assert.deepEqual(asked.codes, ['UNAUTHENTICATED'])
    assert.equal((await refresh(tokens)).status, 400)
    // A socket is looked at now and then, and whenever it is asked something.
    socket.send({ id: '1', type: 'subscribe', payload: { query: '{ me { name } }' } })
    assert.equal((await socket.closed).code, 4403)
    const fresh = await login()
    assert.equal((await use(fresh)).status, 200)
    // Back again: what comes from the future is not believed, what was good is good for what it had left.
    clock.date = 0
    assert.equal((await use(fresh)).status, 401)
    assert.equal((await refresh(fresh)).status, 400)
    assert.equal((await use(tokens)).status, 200)
    await open.works()
  })

  it('an hour back: what is open goes on, resumes, and who logs in anew is let in', async () => {
    const tokens = await login()
    await using open = await opened(tokens.access_token)
    await open.works()
    clock.date = -hour
    await open.works()
    // Issued an hour ahead of the date, which is more than the skew that is allowed.
    const { status, text } = await use(tokens)
    assert.equal(status, 401)
    assert.match(text, /used before issued/)
    const fresh = await login()
    assert.equal((await use(fresh)).status, 200)
    await using client = watcher(url, fresh.access_token)
    const resumed = client.watch(
      `subscription ($resume: String) {
        configMapsChanged(namespaces: ["default"], resume: $resume) { ${everything} }
      }`,
      { resume: open.place() },
    )
    const name = await put()
    const events = await resumed.until(({ object }) => object?.metadata.name === name)
    assert.deepEqual(
      events.map(({ type }) => type),
      ['SYNCED', 'ADDED'],
    )
  })

  it('no token outlives its time because the date was put back', async () => {
    clock.date = hour
    const tokens = await login()
    clock.date = 0
    clock.time += life
    // By the date it would be good for an hour from then on.
    clock.date = hour
    const { status, text } = await use(tokens)
    assert.equal(status, 401)
    assert.match(text, /token not found in cache/)
  })
})
