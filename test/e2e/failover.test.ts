import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { startRedis } from '../env/redis.ts'
import { PASSWORD } from '../iam/world.ts'
import { startReplicas, type Replicas } from '../identity/replicas.ts'
import type { Chunk } from '../live/log-reader.ts'
import { runPod } from '../live/stage.ts'
import { openedSocket } from '../live/socket.ts'
import { everything, Fold, type Event } from '../live/watch-client.ts'
import { openTerminal } from '../terminal/stage.ts'
import { failoverClient, type FailoverClient } from './failover-client.ts'
import { hasKinds, login } from './http.ts'
import { startReplica, type Replica } from './replica-process.ts'

const CONFIG_MAPS = { group: '', version: 'v1', resource: 'configmaps' }
const NAMESPACE = { namespace: 'default' }
const SUBSCRIBERS = 10

/** Creates, changes and deletes config maps, one after the other, until it is stopped. */
function startWriter({ kube }: Pick<Replicas, 'kube'>) {
  const stop = new AbortController()
  const created: string[] = []
  const deleted: string[] = []
  async function run(): Promise<void> {
    for (let turn = 0; !stop.signal.aborted; turn++) {
      const name = `written-${turn}`
      const metadata = { name, ...NAMESPACE, labels: { part: String(turn % 2) } }
      const made = await kube.create(CONFIG_MAPS, { apiVersion: 'v1', kind: 'ConfigMap', metadata })
      created.push(made.metadata.uid ?? '')
      const changed = { metadata: { labels: { part: String((turn + 1) % 2) } } }
      if (turn % 3 === 0) {
        await kube.patch(CONFIG_MAPS, name, changed, { ...NAMESPACE, type: 'merge' })
      }
      if (turn % 3 === 1) {
        await kube.delete(CONFIG_MAPS, name, NAMESPACE)
        deleted.push(made.metadata.uid ?? '')
      }
    }
  }
  const running = run()
  return {
    created,
    deleted,
    async [Symbol.asyncDispose]() {
      stop.abort()
      await running
    },
  }
}

const WATCH = `subscription ($resume: String, $filter: ResourceFilter) {
  configMapsChanged(namespaces: ["default"], resume: $resume, filter: $filter) { ${everything} }
}`

interface WatchVariables extends Record<string, unknown> {
  resume?: string
}

function followMaps(client: FailoverClient, filter?: object) {
  const variables: WatchVariables = filter ? { filter } : {}
  return client.follow<Event, WatchVariables>(WATCH, variables, ({ resume }, next) => {
    next.resume = resume
  })
}

describe('a replica is killed', { concurrency: 1 }, () => {
  const stack = new AsyncDisposableStack()
  let platform: Replicas
  let doomed: Replica[]
  let token: string
  before(async () => {
    const redis = stack.use(await startRedis())
    const cache = { type: 'redis', options: { host: '127.0.0.1', port: redis.port } } as const
    platform = stack.use(await startReplicas(cache, 1))
    const { kubernetes, authentication } = platform.first.app.config
    const start = () => startReplica(kubernetes.kubeconfig, { cache, authentication })
    doomed = await Promise.all([start(), start(), start()])
    for (const one of doomed) stack.use(one)
    token = await login(platform.first.server.url, 'admin', PASSWORD)
    const urls = [platform.first.server.url, ...doomed.map(({ url }) => url)]
    await Promise.all(urls.map((url) => hasKinds(url, token)))
  })
  after(() => stack.disposeAsync())

  const place = (index: number): Replica => {
    const found = doomed[index]
    if (!found) throw new Error(`there is no replica ${index}`)
    return found
  }
  const listed = async (labelSelector = '') => {
    const { items } = await platform.kube.list(CONFIG_MAPS, { ...NAMESPACE, labelSelector })
    return items
      .map(({ metadata: { namespace = '', name = '', resourceVersion = '' } }) =>
        [`${namespace}/${name}`, resourceVersion].join(' '),
      )
      .toSorted()
  }

  it('watches go on elsewhere by their tokens: nothing is missed, nothing is told twice', async () => {
    await using client = failoverClient([place(0).url, platform.first.server.url], token)
    const all = Array.from({ length: SUBSCRIBERS }, () => followMaps(client))
    const part = followMaps(client, { labelSelector: 'part=1' })
    const synced = (heard: readonly Event[]) => heard.some(({ type }) => type === 'SYNCED')
    await Promise.all([...all, part].map(({ until }) => until(synced)))
    await using writer = startWriter(platform)
    await Promise.all([...all, part].map(({ until }) => until((heard) => heard.length > 40)))
    await place(0).kill()
    const before = writer.created.length
    await part.until((heard) => heard.filter(({ type }) => type === 'SYNCED').length === 2)
    // Some more, which the other replica hears of by itself.
    const more = Math.max(...all.map(({ heard }) => heard.length)) + 30
    await Promise.all(all.map(({ until }) => until((heard) => heard.length >= more)))
    await writer[Symbol.asyncDispose]()
    assert.ok(writer.created.length > before)
    assert.equal(client.connections, 2)

    const list = await listed()
    for (const { heard, until } of all) {
      await until(() => folded(heard).join() === list.join())
      assert.ok(!heard.some(({ type }) => type === 'RESYNC'))
      const told = heard.flatMap(({ type, object }) => {
        const { uid = '', resourceVersion = '' } = object?.metadata ?? {}
        return object ? [`${type} ${uid} ${resourceVersion}`] : []
      })
      assert.equal(new Set(told).size, told.length, 'an event was told twice')
      const uids = (wanted: string) =>
        heard.flatMap(({ type, object }) => (type === wanted ? [object?.metadata.uid] : []))
      assert.deepEqual(uids('DELETED'), writer.deleted)
      const added = new Set(uids('ADDED'))
      assert.deepEqual(
        writer.created.filter((uid) => !added.has(uid)),
        [],
      )
    }
    const selected = await listed('part=1')
    await part.until((heard) => folded(heard).join() === selected.join())
    assert.ok(!part.heard.some(({ type }) => type === 'RESYNC'))
  })

  it('a quiet watch goes on elsewhere, though nothing has happened since', async () => {
    const { url } = platform.first.server
    await using client = failoverClient([place(1).url, url], token)
    const watch = followMaps(client)
    await watch.until((heard) => heard.some(({ type }) => type === 'SYNCED'))
    await place(1).kill()
    await watch.until((heard) => heard.filter(({ type }) => type === 'SYNCED').length === 2)
    const metadata = { name: 'after-the-quiet', ...NAMESPACE }
    await platform.kube.create(CONFIG_MAPS, { apiVersion: 'v1', kind: 'ConfigMap', metadata })
    await watch.until((heard) => heard.at(-1)?.object?.metadata.name === metadata.name)
    assert.ok(!watch.heard.some(({ type }) => type === 'RESYNC'))
    assert.deepEqual(folded(watch.heard), await listed())
  })

  it('logs go on elsewhere from the time of the last line; a terminal is lost, and says so by its end', async () => {
    const { url } = platform.first.server
    await using client = failoverClient([place(2).url, url], token)
    // Half of it waits for the other replica.
    const half = 'until [ $i -lt 100 ] || [ -e go ]; do sleep 0.05; done'
    const script = `i=0; while [ $i -lt 200 ]; do ${half}; i=$((i+1)); echo $i; sleep 0.02; done`
    await runPod(platform.kube, 'counting', { main: script })
    const query = `subscription ($since: DateTime) {
      podLogs(pod: { namespace: "default", name: "counting" }, sinceTime: $since, timestamps: true) {
        event lines { time text }
      }
    }`
    const lines: number[] = []
    const variables: { since?: string } = {}
    let last = ''
    const log = client.follow<Chunk, typeof variables>(query, variables, (chunk, next) => {
      for (const { time, text } of chunk.lines) {
        // Kubernetes reads `sinceTime` to the second, so the lines of that second come again.
        if (time === null || time <= last) continue
        last = time
        next.since = time
        lines.push(Number(text))
      }
    })
    await log.until(() => lines.length > 20)

    const path = '/namespaces/default/pods/counting/exec?container=main&shell=sh'
    using terminal = await openTerminal(place(2).url, path, token)
    await terminal.sees(/[#$] $/)
    terminal.type('echo rea""dy\r')
    await terminal.sees(/ready/)
    await place(2).kill()
    // Nobody is left to say why, and RFC 6455 has a code for that.
    assert.equal((await terminal.closed).code, 1006)
    using again = await openTerminal(url, path, token)
    await again.sees(/[#$] $/)
    again.type('touch go; echo aga""in\r')
    await again.sees(/again/)

    await using socket = await openedSocket(`${url}/graphql`, token)
    const input = 'mutation { execInput(session: "of-the-dead", data: "x") { accepted } }'
    socket.send({ id: '1', type: 'subscribe', payload: { query: input } })
    assert.match(JSON.stringify(await socket.next()), /session .* not found.*"code":"NOT_FOUND"/)

    await log.until(() => lines.at(-1) === 200)
    assert.deepEqual(
      lines,
      Array.from({ length: 200 }, (_, index) => index + 1),
    )
    assert.equal(client.connections, 2)
  })
})

function folded(events: readonly Event[]): string[] {
  const fold = new Fold()
  for (const event of events) fold.take(event)
  return fold.list
}
