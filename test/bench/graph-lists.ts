/**
 * A page of 50 out of 10,000 pods in the graph, beside the same page of the REST face: both asked in turn, one request at
 * a time. Run: `node test/bench/graph-lists.ts [pods [requests]]`.
 */
import { addManyPods, administratorToken, withToken } from './support/pods.ts'
import { password, startSeededPlane } from './support/plane.ts'
import { serveInChild, startServed } from './support/server.ts'

const rest = '/kapis/resources.kubesphere.io/v1alpha3/pods?limit=50&sortBy=name&ascending=true'
const order = 'orderBy: [{ by: NAME, direction: ASC }]'
const shown =
  'metadata { name namespace creationTimestamp } spec { nodeName } status { phase podIP }'
/** What a list shows, what `raw` gives as REST does, and the introspection that tools begin with. */
const documents = {
  'columns of a list': `{ pods(first: 50, ${order}) { totalCount nodes { ${shown} } } }`,
  'whole objects': `{ pods(first: 50, ${order}) { totalCount nodes { raw } } }`,
  'newest first': `{ pods(first: 50) { totalCount pageInfo { endCursor } nodes { ${shown} } } }`,
  'one namespace': `{ pods(first: 50, namespace: "many-3") { totalCount nodes { ${shown} } } }`,
  'by label': `{ pods(first: 50, filter: { labelSelector: "app=app-7" }) { totalCount nodes { ${shown} } } }`,
  'by part of a name': `{ pods(first: 50, filter: { name: "od-77" }) { totalCount nodes { ${shown} } } }`,
  'sorted by status': `{ pods(first: 50, orderBy: [{ by: STATUS }]) { totalCount nodes { ${shown} } } }`,
  'sorted by a field': `{ pods(first: 50, orderBy: [{ by: FIELD, path: "metadata.uid" }]) { totalCount nodes { ${shown} } } }`,
  introspection: '{ __schema { types { name kind fields { name type { name } } } } }',
}

if (process.send) await serveInChild()
else {
  const [count = 10_000, requests = 200] = process.argv.slice(2).map(Number)
  await compare(count, requests)
}

async function compare(count: number, requests: number): Promise<void> {
  await using seeded = await startSeededPlane()
  const { plane, client } = seeded
  await addManyPods(client, count)
  const token = await administratorToken(client)
  await using served = await startServed(import.meta.filename, {
    kubeconfig: withToken(plane.server, token),
    password,
  })
  const { url } = served
  const headers = { authorization: `Bearer ${served.token}` }
  const ask = async (target: string): Promise<number> => {
    const started = performance.now()
    const answer = await fetch(url + target, { headers })
    const text = await answer.text()
    if (answer.status !== 200 || text.includes('"errors"')) throw new Error(text.slice(0, 500))
    return performance.now() - started
  }
  for (const [what, document] of Object.entries(documents)) {
    const graph = `/graphql?query=${encodeURIComponent(document)}`
    const times = { rest: [] as number[], graph: [] as number[] }
    for (let warm = 0; warm < 20; warm++) await Promise.all([ask(rest), ask(graph)])
    for (let n = 0; n < requests; n++) {
      times.rest.push(await ask(rest))
      times.graph.push(await ask(graph))
    }
    const [own, other] = [quantiles(times.graph), quantiles(times.rest)]
    console.log(
      `${what.padEnd(18)} p50 ${own.p50.toFixed(2)} ms p95 ${own.p95.toFixed(2)} ms | REST page of 50 p50 ${other.p50.toFixed(2)} ms | ${(own.p50 / other.p50).toFixed(2)} times`,
    )
  }
}

function quantiles(times: readonly number[]): { p50: number; p95: number } {
  const sorted = times.toSorted((a, b) => a - b)
  const at = (part: number) => sorted[Math.floor(sorted.length * part)] ?? 0
  return { p50: at(0.5), p95: at(0.95) }
}
