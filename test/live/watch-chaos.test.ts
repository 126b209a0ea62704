import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { request } from 'node:http'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { after, before, test } from 'node:test'
import { defaultConfig } from '../../gateway/config/index.ts'
import { seed } from '../../gateway/embedded/seeds/index.ts'
import type { Plane } from '../../gateway/embedded/index.ts'
import { createKubeClient, type PooledClient } from '../../gateway/kube/client.ts'
import { loadKubeconfig } from '../../gateway/kube/kubeconfig.ts'
import { isAlreadyExists, isNotFound } from '../../gateway/lib/errors.ts'
import { startFacade, type Facade } from '../../gateway/server/serve.ts'
import { createLogger } from '../../gateway/telemetry/index.ts'
import { login } from '../e2e/http.ts'
import { startTestPlane } from '../env/plane.ts'
import { eventually } from '../iam/world.ts'
import { pick, random } from '../resources/support.ts'
import { everything, Fold, watcher, type Event, type Watch, type Watcher } from './watch-client.ts'

const password = 'Pa55word-of-tests'
const MAPS = { group: '', version: 'v1', resource: 'configmaps' }
const NAMESPACE = 'kube-public'
const names = Array.from({ length: 30 }, (_, index) => `chaos-${index}`)

/** A wire between the server and kube-apiserver that can be cut and held. */
interface Cable extends AsyncDisposable {
  readonly port: number
  /** Breaks what is connected; new connections are refused while it is held. */
  cut(held: boolean): void
  release(): void
}

const stack = new AsyncDisposableStack()
let plane: Plane
let direct: PooledClient
let cable: Cable
let facade: Facade
let people: Watcher

async function startCable(port: number): Promise<Cable> {
  const sockets = new Set<Socket>()
  let held = false
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1')
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one)
      one.on('error', () => other.destroy())
      one.once('close', () => {
        sockets.delete(one)
        other.destroy()
      })
      one.pipe(other)
    }
    if (held) near.destroy()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    cut(hold) {
      held = hold
      for (const socket of sockets) socket.destroy()
    },
    release() {
      held = false
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

before(async () => {
  plane = stack.use(await startTestPlane({ components: ['etcd', 'kube-apiserver'] }))
  direct = stack.use(
    createKubeClient({ credentials: await loadKubeconfig({ path: plane.kubeconfigPath }) }),
  )
  await seed(direct, { demo: false, adminPassword: password })
  cable = stack.use(await startCable(Number(new URL(plane.server).port)))
  const master = `https://127.0.0.1:${cable.port}`
  const config = defaultConfig({
    kubernetes: { kubeconfig: plane.kubeconfigPath, master },
    server: { bindAddress: '127.0.0.1', insecurePort: 0 },
    multicluster: { clusterRole: 'host', hostClusterName: 'host' },
    authentication: { multipleLogin: true, issuer: { jwtSecret: 'secret-of-this-test' } },
  })
  facade = stack.use(await startFacade(config, { log: createLogger({ level: 'silent' }) }))
  const token = await login(facade.server.url, 'admin', password)
  people = stack.use(watcher(facade.server.url, token))
})

after(() => stack.disposeAsync())

/** Config maps of the namespace with their versions, as kube-apiserver has them. */
async function truth(): Promise<string[]> {
  const { items } = await direct.list(MAPS, { namespace: NAMESPACE })
  return items
    .map(({ metadata: { name, resourceVersion } }) => `${NAMESPACE}/${name} ${resourceVersion}`)
    .toSorted()
}

const chance = random(42)

/** One change that chance picks. */
async function change(): Promise<void> {
  const name = pick(chance, names)
  const there = await direct
    .get(MAPS, name, { namespace: NAMESPACE })
    .then(() => true)
    .catch(() => false)
  if (there && chance() < 0.4)
    return void (await direct.delete(MAPS, name, { namespace: NAMESPACE }))
  const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: NAMESPACE } }
  const data = { turn: String(chance()) }
  if (!there) return void (await direct.create(MAPS, { ...object, data }))
  await direct.patch(MAPS, name, { data }, { type: 'merge', namespace: NAMESPACE })
}

async function changes(count: number): Promise<void> {
  for (let index = 0; index < count; index++) {
    // Two who change things at the same time may be in each other's way.
    await change().catch((error: unknown) => {
      if (!isNotFound(error) && !isAlreadyExists(error)) throw error
    })
  }
}

/** Makes etcd forget everything but the present. */
async function compact(): Promise<void> {
  const pid = plane.pids().get('etcd')
  const flags = (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0')
  const at = flags.find((flag) => flag.startsWith('--listen-client-urls=unix://')) ?? ''
  const socketPath = at.slice('--listen-client-urls=unix://'.length)
  const call = (path: string, body: object): Promise<{ header?: { revision?: string } }> =>
    new Promise((resolve, reject) => {
      const sent = request({ socketPath, path, method: 'POST' }, (res) => {
        let text = ''
        res.on('data', (chunk: Buffer) => (text += chunk.toString()))
        res.on('end', () => {
          if (res.statusCode === 200) resolve(JSON.parse(text) as { header: object })
          else reject(new Error(`etcd: ${res.statusCode} ${text}`))
        })
      })
      sent.on('error', reject)
      sent.end(JSON.stringify(body))
    })
  const { header } = await call('/v3/kv/range', { key: Buffer.from('/').toString('base64') })
  await call('/v3/kv/compaction', { revision: header?.revision, physical: true })
}

/** A subscriber, and one that goes away at times and comes back with what it has. */
class Follower {
  readonly fold = new Fold()
  readonly types = new Map<string, number>()
  #watch: Watch<Event>
  #resume = ''

  constructor() {
    this.#watch = this.#open()
  }

  #open(): Watch<Event> {
    return people.watch(
      `subscription ($resume: String) {
        configMapsChanged(namespaces: ["${NAMESPACE}"], onlySelected: false, resume: $resume) { ${everything} }
      }`,
      { resume: this.#resume || null },
    )
  }

  /** Takes what comes until the fold is the list of now. */
  async catchUp(): Promise<void> {
    const wanted = (await truth()).join()
    while (this.fold.list.join() !== wanted) {
      const event = await this.#watch.next()
      this.types.set(event.type, (this.types.get(event.type) ?? 0) + 1)
      this.#resume = event.resume
      this.fold.take(event)
    }
  }

  leave(): void {
    this.#watch.stop()
  }

  comeBack(): void {
    this.#watch = this.#open()
  }
}

function relists(): number {
  const { caches } = facade.app.clusters.host
  return caches.status().find(({ gvr }) => gvr.resource === MAPS.resource)?.relists ?? 0
}

test('folded events equal the list through cut wires, a compacted etcd and a killed kube-apiserver', async () => {
  await changes(20)
  const steady = new Follower()
  const restless = new Follower()
  const everyone = [steady, restless]
  for (const one of everyone) await one.catchUp()

  // The wire breaks while things happen: the watch goes on from where it was.
  const busy = changes(40)
  for (let index = 0; index < 3; index++) {
    await changes(3)
    cable.cut(false)
  }
  await busy
  for (const one of everyone) await one.catchUp()

  // Nobody hears anything while things happen, and etcd forgets them.
  cable.cut(true)
  restless.leave()
  await changes(40)
  await compact()
  await plane.kill('kube-apiserver')
  await plane.restart('kube-apiserver')
  await changes(10)
  cable.release()
  restless.comeBack()
  for (const one of everyone) await one.catchUp()
  assert.ok(relists() >= 1, 'the history was gone')

  // Once more, under way.
  await plane.kill('kube-apiserver')
  await plane.restart('kube-apiserver')
  await eventually(
    () => truth().catch(() => undefined),
    (list) => list !== undefined,
  )
  await changes(20)
  restless.leave()
  await changes(5)
  restless.comeBack()
  for (const one of everyone) await one.catchUp()
  assert.deepEqual(steady.fold.list, await truth())
  assert.deepEqual(restless.fold.list, await truth())
  assert.equal(steady.types.get('SYNCED'), 1, 'its subscription was never begun anew')
  assert.equal(steady.types.get('RESYNC'), undefined)
  const { feeds } = facade.app.watches.samples()
  assert.deepEqual(
    feeds.map(({ resource, listeners }) => [resource, listeners]),
    [['configmaps', 2]],
  )
})
