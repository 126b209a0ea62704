/**
 * How long a definition is of no use in the graph after the API server has taken it: one that comes, one that gets a field,
 * and fifty of one group at once, while four clients ask for other things; and for how long the server does nothing else
 * meanwhile. Run: `node test/bench/crd-change.ts [rounds]`.
 */
import { once } from 'node:events'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as delay } from 'node:timers/promises'
import type { KubeClient } from '../../gateway/kube/api.ts'
import { addField, definitionOf, DEFINITIONS, listFieldOf, typeOf } from './support/definitions.ts'
import { administratorToken, withToken } from './support/pods.ts'
import { password, startSeededPlane } from './support/plane.ts'
import { serveInChild, startServed, type Served } from './support/server.ts'

const atOnce = 50
/** Milliseconds between looks at the graph: what is measured is this exact. */
const everyMs = 20

/** What others ask for meanwhile. */
const unrelated = [
  '{ me { name } namespaces(first: 5) { totalCount nodes { metadata { name } } } }',
  '{ users { totalCount nodes { name globalRole { name } } } }',
]

if (process.send) {
  await serveInChild()
  tellPauses()
} else await measure(Number(process.argv[2] ?? 10))

async function measure(rounds: number): Promise<void> {
  await using seeded = await startSeededPlane()
  const { plane, client } = seeded
  await using served = await startServed(import.meta.filename, {
    kubeconfig: withToken(plane.server, await administratorToken(client)),
    password,
  })
  const graph = createGraph(served)
  const { kinds } = await graph.data<{ kinds: { listField: string | null }[] }>(
    '{ kinds { listField } }',
  )
  console.log(`${kinds.filter(({ listField }) => listField).length} kinds in the graph`)
  await pausesOf(served)
  await theRounds('idle', client, graph, rounds)
  await pausesOf(served, 'idle')
  const stop = new AbortController()
  const times: number[] = []
  const load = Promise.all(unrelated.flatMap((query) => [query, query]).map(keepAsking))
  async function keepAsking(query: string): Promise<void> {
    while (!stop.signal.aborted) {
      const started = performance.now()
      await graph.data(query)
      times.push(performance.now() - started)
      await delay(20)
    }
  }
  await theRounds('loaded', client, graph, rounds)
  await pausesOf(served, 'loaded')
  stop.abort()
  await load
  tell('other requests', times)
}

interface Pauses {
  readonly p99: number
  readonly max: number
}

/** In the process that serves: answers each message with the pauses of its event loop since the last one, in milliseconds. */
function tellPauses(): void {
  const delays = monitorEventLoopDelay({ resolution: 5 })
  delays.enable()
  process.on('message', () => {
    process.send?.({ p99: delays.percentile(99) / 1e6, max: delays.max / 1e6 } satisfies Pauses)
    delays.reset()
  })
}

/** Begins to count pauses anew; says those since the last time where it has a word for them. */
async function pausesOf({ child }: Served, how?: string): Promise<void> {
  child.send('pauses')
  const [{ p99, max }] = (await once(child, 'message')) as [Pauses]
  if (!how) return
  const label = `${how}: pauses of the server`
  console.log(`${label.padEnd(32)} p99 ${Math.round(p99)} ms, at most ${Math.round(max)} ms`)
}

type Graph = ReturnType<typeof createGraph>

function createGraph({ url, token }: Served) {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  async function data<T>(query: string): Promise<T> {
    const answer = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ query }),
    })
    const body = (await answer.json()) as { data: T; errors?: unknown }
    if (body.errors) throw new Error(JSON.stringify(body.errors))
    return body.data
  }
  return {
    data,
    async fieldsOf(type: string): Promise<Set<string>> {
      const query = `{ __type(name: "${type}") { fields { name } } }`
      const { __type } = await data<{ __type: { fields: { name: string }[] } | null }>(query)
      return new Set(__type?.fields.map(({ name }) => name))
    },
  }
}

/** Milliseconds until each of `names` is a field of the type that it is given for. */
async function awaitFields(
  graph: Graph,
  wanted: ReadonlyMap<string, { readonly type: string; readonly since: number }>,
  there = true,
): Promise<number[]> {
  const open = new Map(wanted)
  const times: number[] = []
  while (open.size > 0) {
    const types = new Map<string, Set<string>>()
    for (const [name, { type, since }] of open) {
      const fields = types.get(type) ?? (await graph.fieldsOf(type))
      types.set(type, fields)
      if (fields.has(name) !== there) continue
      times.push(performance.now() - since)
      open.delete(name)
    }
    await delay(everyMs)
  }
  return times
}

async function theRounds(
  how: string,
  client: KubeClient,
  graph: Graph,
  rounds: number,
): Promise<void> {
  const one = { comes: [] as number[], changes: [] as number[] }
  for (let round = 0; round < rounds; round++) {
    const group = `one-${how}-${round}.bench.example.org`
    await client.create(DEFINITIONS, definitionOf(group, 0))
    const came = { type: 'Query', since: performance.now() }
    one.comes.push(...(await awaitFields(graph, new Map([[listFieldOf(group, 0), came]]))))
    await client.patch(DEFINITIONS, `thing0s.${group}`, addField('second'), { type: 'json' })
    const changed = { type: `${typeOf(group, 0)}Spec`, since: performance.now() }
    one.changes.push(...(await awaitFields(graph, new Map([['second', changed]]))))
  }
  tell(`${how}: one comes, in a new group`, one.comes)
  tell(`${how}: one gets a field`, one.changes)
  const group = `many-${how}.bench.example.org`
  const numbers = Array.from({ length: atOnce }, (_, n) => n)
  const came = await Promise.all(
    numbers.map(async (n) => {
      await client.create(DEFINITIONS, definitionOf(group, n))
      return [listFieldOf(group, n), { type: 'Query', since: performance.now() }] as const
    }),
  )
  tell(`${how}: ${atOnce} come at once`, await awaitFields(graph, new Map(came)))
  const changed = await Promise.all(
    numbers.map(async (n) => {
      await client.patch(DEFINITIONS, `thing${n}s.${group}`, addField(`new${n}`), { type: 'json' })
      return [`new${n}`, { type: `${typeOf(group, n)}Spec`, since: performance.now() }] as const
    }),
  )
  tell(`${how}: ${atOnce} get a field at once`, await awaitFields(graph, new Map(changed)))
}

function tell(what: string, times: readonly number[]): void {
  const sorted = times.toSorted((a, b) => a - b)
  const at = (part: number) =>
    Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0)
  console.log(`${what.padEnd(32)} p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, of ${sorted.length} times`)
}
