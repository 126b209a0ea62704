/**
 * `npm run soak [-- MINUTES]`: people come and go for 30 minutes, twenty times as often as they would in a day: they log
 * in, list, watch, write, open sockets and a terminal, and leave. Prints once a minute what the server holds; what the last
 * quarter holds should be what the second held.
 */
import { Command, ready } from '../e2e/command.ts'
import { ask, bearer, graph, login } from '../e2e/http.ts'
import { followWatch } from '../e2e/watch.ts'
import { openedSocket } from '../live/socket.ts'
import { openTerminal } from '../terminal/stage.ts'
import { heldBy } from './held.ts'

const minutes = Number(process.argv[2] ?? 30)
/** Callers at a time. */
const callers = 3
/** Milliseconds that a caller rests between visits: the server is busy, not full. */
const rest = 100

const project = '/api/v1/namespaces/demo-project'
await using server = Command.main(['start', '--port', '0'])
const { url, password } = await ready(server)
const over = AbortSignal.timeout(minutes * 60_000)
let visits = 0

async function visit(turn: string): Promise<void> {
  const token = await login(url, 'admin', password)
  const headers = { ...bearer(token), 'content-type': 'application/json' }
  await ask(`${url}/kapis/resources.kubesphere.io/v1alpha3/pods?limit=10`, { headers })
  await graph(url, token, '{ me { name } users(first: 5) { nodes { name globalRole { name } } } }')
  const watch = await followWatch(`${url}${project}/configmaps?watch=true`, token)
  const body = JSON.stringify({ metadata: { name: turn }, data: { text: 'x'.repeat(1000) } })
  await ask(`${url}${project}/configmaps`, { method: 'POST', headers, body })
  await watch.sees(turn)
  watch.stop()
  await ask(`${url}${project}/configmaps/${turn}`, { method: 'DELETE', headers })
  await subscribe(token)
  await useTerminal(token)
  await ask(`${url}/oauth/logout`, { headers })
  visits++
}

async function subscribe(token: string): Promise<void> {
  await using socket = await openedSocket(`${url}/graphql`, token)
  const query = 'subscription { podsChanged(namespaces: ["demo-project"]) { type } }'
  socket.send({ id: '1', type: 'subscribe', payload: { query } })
  const first = await socket.next()
  if (first.type !== 'next') throw new Error(JSON.stringify(first))
}

async function useTerminal(token: string): Promise<void> {
  const { text } = await ask(`${url}${project}/pods`, { headers: bearer(token) })
  const { items } = JSON.parse(text) as {
    items: { metadata: { name: string }; spec: { containers: { name: string }[] } }[]
  }
  const pod = items[0]
  if (!pod) throw new Error('the demo has no pod')
  const container = pod.spec.containers[0]?.name ?? ''
  const path = `/namespaces/demo-project/pods/${pod.metadata.name}/exec?container=${container}&shell=sh`
  using terminal = await openTerminal(url, path, token)
  await terminal.sees(/\S/)
  terminal.socket.close()
  await terminal.closed
}

async function call(caller: number): Promise<void> {
  for (let turn = 0; !over.aborted; turn++) {
    await visit(`soak-${caller}-${turn}`)
    await new Promise((resolve) => setTimeout(resolve, rest))
  }
}

async function sample(): Promise<void> {
  for (let minute = 1; !over.aborted; minute++) {
    await new Promise((resolve) => setTimeout(resolve, 60_000))
    const cells = Object.entries(await heldBy(url)).map(
      ([name, value]) => `${name} ${Math.round(value)}`,
    )
    console.log(`minute ${minute}: ${visits} visits, ${cells.join(', ')}`)
  }
}

await Promise.all([sample(), ...Array.from({ length: callers }, (_, caller) => call(caller))])
