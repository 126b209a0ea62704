import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { KubeClient } from '../../gateway/kube/api.ts'
import { ask, bearer, graph } from '../e2e/http.ts'
import { followWatch } from '../e2e/watch.ts'
import { openedSocket } from '../live/socket.ts'
import { everything, watcher, type Event } from '../live/watch-client.ts'
import { openTerminal, type Terminal } from '../terminal/stage.ts'

const CONFIG_MAPS = { group: '', version: 'v1', resource: 'configmaps' }
const hour = 60 * 60_000
const day = 24 * hour
/** Tokens live for two hours, and can be refreshed for two more. */
export const life = 2 * hour

/** A server whose date can be set, with `admin` and a pod `shell` in the namespace `default`. */
export interface DateStage {
  readonly url: string
  readonly password: string
  /** What it writes is in the server's caches when the write returns. */
  readonly kube: KubeClient
  /** Sets the server's date this far off, milliseconds. */
  set(offset: number): void
}

interface Tokens {
  access_token: string
  refresh_token: string
}

/** What callers of a stage do; the stage is asked for when it is needed. */
export function callersOf(stage: () => DateStage) {
  async function grant(form: Record<string, string>) {
    const client = { client_id: 'kubesphere', client_secret: 'kubesphere' }
    const body = new URLSearchParams({ ...client, ...form })
    const { status, text } = await ask(`${stage().url}/oauth/token`, { method: 'POST', body })
    return { status, text, tokens: JSON.parse(text) as Tokens }
  }
  async function login(): Promise<Tokens> {
    const given = await grant({
      grant_type: 'password',
      username: 'admin',
      password: stage().password,
    })
    assert.equal(given.status, 200, given.text)
    return given.tokens
  }
  const refresh = ({ refresh_token }: Tokens) =>
    grant({ grant_type: 'refresh_token', refresh_token })
  const use = ({ access_token }: Tokens) =>
    ask(`${stage().url}/kapis/iam.kubesphere.io/v1beta1/users/admin`, {
      headers: bearer(access_token),
    })

  let count = 0
  async function put(): Promise<string> {
    const metadata = { name: `map-${count++}`, namespace: 'default' }
    await stage().kube.create(CONFIG_MAPS, { apiVersion: 'v1', kind: 'ConfigMap', metadata })
    return metadata.name
  }

  async function echoes(terminal: Terminal, word: string): Promise<void> {
    terminal.type(`echo "${word.slice(0, 2)}""${word.slice(2)}"\r`)
    await terminal.sees(new RegExp(word))
  }

  /** Everything that is open while the date is set; `works` says that each goes on as before. */
  async function opened(token: string) {
    const { url } = stage()
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

  return { login, refresh, use, put, opened }
}

const isSynced = ({ type }: Pick<Event, 'type'>) => type === 'SYNCED'

/** What holds whenever the date is set, whoever sets it and by what means. */
export function promisesOfTheDate(stage: () => DateStage): void {
  const { login, refresh, use, put, opened } = callersOf(stage)

  it('an hour on: tokens that last longer are good, and nothing that is open notices', async () => {
    const tokens = await login()
    await using open = await opened(tokens.access_token)
    await open.works()
    stage().set(hour)
    await open.works()
    assert.equal((await use(tokens)).status, 200)
    assert.equal((await refresh(tokens)).status, 200)
  })

  it('a day on: tokens are over on both faces and cannot be refreshed; a new login is good', async () => {
    const tokens = await login()
    const { url } = stage()
    await using open = await opened(tokens.access_token)
    await using socket = await openedSocket(`${url}/graphql`, tokens.access_token)
    stage().set(day)
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
    stage().set(0)
    assert.equal((await use(fresh)).status, 401)
    assert.equal((await refresh(fresh)).status, 400)
    assert.equal((await use(tokens)).status, 200)
    await open.works()
  })

  it('an hour back: what is open goes on, resumes, and who logs in anew is let in', async () => {
    const tokens = await login()
    await using open = await opened(tokens.access_token)
    await open.works()
    stage().set(-hour)
    await open.works()
    // Issued an hour ahead of the date, which is more than the skew that is allowed.
    const { status, text } = await use(tokens)
    assert.equal(status, 401)
    assert.match(text, /used before issued/)
    const fresh = await login()
    assert.equal((await use(fresh)).status, 200)
    await using client = watcher(stage().url, fresh.access_token)
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
}
