/**
 * A thousand subscribers of one kind, each on a websocket of its own, while pods change: how many watches of the API
 * server they cost, what each costs in memory, and the delay between a change and its event. The pods are those of a
 * crowd before a real control plane (`support/crowd.ts`); clients and crowd share a process, and so a clock.
 * Run: `node test/bench/subscribers.ts [subscribers [seconds]]`.
 */
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { WebSocket } from 'ws'
import { defaultConfig } from '../../gateway/config/index.ts'
import { startFacade } from '../../gateway/server/serve.ts'
import { createLogger } from '../../gateway/telemetry/index.ts'
import { startCrowd, type Crowd } from './support/crowd.ts'
import { startServed } from './support/server.ts'
import { administratorToken, examplePod, withToken } from './support/pods.ts'
import { password, startSeededPlane } from './support/plane.ts'

const PODS_THERE = 1000
const NAMESPACES = 100

const query = `subscription Pods($of: [String!], $initial: Boolean! = true) {
  podsChanged(namespaces: $of, initial: $initial) {
    type
    resume
    object {
      metadata { namespace name resourceVersion annotationsEntry(key: "note") }
      status { phase }
    }
  }
}`

/** What each subscriber follows, and how many changes a second there are. */
const runs: readonly [what: string, variables: (index: number) => object, perSecond: number][] = [
  ['a namespace each', (index) => ({ of: [`many-${index % NAMESPACES}`] }), 500],
  ['all namespaces', () => ({ initial: false }), 10],
]

interface Memory {
  readonly rss: number
  readonly heap: number
}

if (process.send) await serve(process.argv[2] ?? '')
else {
  const [subscribers = 1000, seconds = 10] = process.argv.slice(2).map(Number)
  await measure(subscribers, seconds)
}

/** In the child: the server, which says what memory it has when it is asked. */
async function serve(kubeconfig: string): Promise<void> {
  const config = defaultConfig({
    kubernetes: { kubeconfig },
    server: { bindAddress: '127.0.0.1', insecurePort: 0 },
    multicluster: { clusterRole: 'host', hostClusterName: 'host' },
    authentication: { multipleLogin: true, issuer: { jwtSecret: 'secret-of-the-bench' } },
    facade: { limits: { socketsPerUser: 0 }, graphql: { maxSubscriptions: 10_000 } },
  })
  const facade = await startFacade(config, { log: createLogger({ level: 'warn' }) })
  process.on('message', () => {
    globalThis.gc?.()
    const { rss, heapUsed: heap } = process.memoryUsage()
    process.send?.({ rss, heap } satisfies Memory)
  })
  process.send?.(facade.server.url)
}

async function measure(subscribers: number, seconds: number): Promise<void> {
  await using seeded = await startSeededPlane()
  const { client } = seeded
  const token = await administratorToken(client)
  const like = await examplePod(client)
  const namespaceOf = (index: number) => `many-${index % NAMESPACES}`
  await using crowd = await startCrowd({
    target: client.target,
    like,
    count: PODS_THERE,
    namespaceOf,
  })
  await using served = await startServed(import.meta.filename, {
    kubeconfig: withToken(crowd.url, token),
    password,
    execArgv: ['--expose-gc'],
  })
  const { url, token: own, child } = served
  // What only the first subscribers cost: caches, types of kinds, compiled code.
  await using warm = await connect(url, own, subscribers / 5)
  await warm.subscribe(() => ({}))
  await warm[Symbol.asyncDispose]()
  for (const [what, variables, perSecond] of runs) {
    const before = await memoryOf(child)
    await using clients = await connect(url, own, subscribers)
    const connected = await memoryOf(child)
    await clients.subscribe(variables)
    const subscribed = await memoryOf(child)
    const { open, made } = crowd.watches
    console.log(`${subscribers} subscribers of ${what}: ${open} watch open, ${made} ever`)
    console.log(`  a socket: ${growth(before, connected, subscribers)}`)
    console.log(`  a subscription: ${growth(connected, subscribed, subscribers)}`)
    // What is hot must be compiled first.
    await changing(crowd, perSecond, 2)
    await clients.settled()
    clients.delays.length = 0
    const pace = await changing(crowd, perSecond, seconds)
    await clients.settled()
    const delays = clients.delays.toSorted((a, b) => a - b)
    const at = (part: number) => (delays[Math.floor(delays.length * part)] ?? 0).toFixed(0)
    const rate = (delays.length / seconds).toFixed(0)
    console.log(
      `  ${pace.toFixed(0)} changes/s, ${rate} events/s: delay p50 ${at(0.5)} ms, p99 ${at(0.99)} ms`,
    )
  }
}

async function memoryOf(child: ChildProcess): Promise<Memory> {
  child.send('memory')
  const [memory] = (await once(child, 'message')) as [Memory]
  return memory
}

/** What each of so many cost. */
function growth(before: Memory, after: Memory, count: number): string {
  const each = (of: keyof Memory) => ((after[of] - before[of]) / count / 1024).toFixed(1)
  return `${each('rss')} KiB resident, ${each('heap')} KiB of heap`
}

interface Clients extends AsyncDisposable {
  /** Milliseconds between a change and its event, for each event. */
  readonly delays: number[]
  /** Follows pods on each socket; resolves when each has been told all there is. */
  subscribe(variables: (index: number) => object): Promise<void>
  /** Resolves when no event has come for a second. */
  settled(): Promise<void>
}

function clock(): number {
  return performance.timeOrigin + performance.now()
}

async function connect(url: string, token: string, count: number): Promise<Clients> {
  const delays: number[] = []
  let last = clock()
  const waiting = new Map<WebSocket, () => void>()
  const heard = (socket: WebSocket, text: string): void => {
    const at = /"annotationsEntry":"at (\d+\.?\d*)"/.exec(text)?.[1]
    if (at === undefined) {
      if (text.includes('"SYNCED"') || text.includes('"connection_ack"')) waiting.get(socket)?.()
      return
    }
    last = clock()
    delays.push(last - Number(at))
  }
  /** Says something on each socket and waits for the answer that it leads to. */
  const all = async (sockets: readonly WebSocket[], message: (index: number) => object) => {
    const answers = sockets.map(async (socket, index) => {
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      waiting.set(socket, resolve)
      socket.once('close', () => reject(new Error('a socket closed')))
      socket.send(JSON.stringify(message(index)))
      await promise
    })
    await Promise.all(answers)
  }
  const sockets = Array.from({ length: count }, () => open(url))
  await Promise.all(sockets.map((socket) => once(socket, 'open')))
  for (const socket of sockets) {
    socket.on('message', (data: Buffer) => heard(socket, data.toString('latin1')))
  }
  const payload = { authorization: `Bearer ${token}` }
  await all(sockets, () => ({ type: 'connection_init', payload }))
  return {
    delays,
    subscribe: (variables) =>
      all(sockets, (index) => {
        return { id: '1', type: 'subscribe', payload: { query, variables: variables(index) } }
      }),
    async settled() {
      while (clock() - last < 1000) await new Promise((resolve) => setTimeout(resolve, 100))
    },
    async [Symbol.asyncDispose]() {
      const closed = sockets.map(async (socket) => {
        if (socket.readyState === WebSocket.CLOSED) return
        socket.close()
        await once(socket, 'close')
      })
      await Promise.all(closed)
    },
  }
}

function open(url: string): WebSocket {
  const address = `${url.replace(/^http/, 'ws')}/graphql`
  return new WebSocket(address, 'graphql-transport-ws', { perMessageDeflate: false })
}

/** Changes pods at that pace; gives the pace that was kept. */
async function changing(crowd: Crowd, perSecond: number, seconds: number): Promise<number> {
  const started = performance.now()
  let made = 0
  while (performance.now() - started < seconds * 1000) {
    const due = ((performance.now() - started) * perSecond) / 1000
    for (; made < due; made++) crowd.change(`at ${clock()}`)
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
  return (made / (performance.now() - started)) * 1000
}
