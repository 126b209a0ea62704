/**
 * The lists of the whole server with 10,000 pods, beside kube-apiserver's own list of the same objects (unsorted, as it
 * has no order to give): requests per second by wrk with 8 connections, the memory of the server, and reads while pods
 * are updated. Where kube-apiserver has no like of it, only ours is printed. Run:
 * `node test/bench/lists.ts [pods [seconds [rounds]]]`.
 */
import type { PooledClient } from '../../gateway/kube/client.ts'
import { ensureDebianPackages } from '../env/packages.ts'
import {
  addManyPods,
  administratorToken,
  forEach,
  manyPod,
  PODS,
  withToken,
} from './support/pods.ts'
import { password, startSeededPlane } from './support/plane.ts'
import { residentMegabytes, serveInChild, startServed } from './support/server.ts'
import { best, wrk, wrkBeside, type Sample } from './support/wrk.ts'

const USERS = { group: 'iam.kubesphere.io', version: 'v1beta1', resource: 'users' }
const WORKSPACES = {
  group: 'tenant.kubesphere.io',
  version: 'v1beta1',
  resource: 'workspacetemplates',
}

const resources = '/kapis/resources.kubesphere.io/v1alpha3'
const rows: readonly [what: string, ours: string, theirs?: string][] = [
  ['page of 10, newest first', `${resources}/pods?limit=10`, '/api/v1/pods?limit=10'],
  [
    'page of 50 by name',
    `${resources}/pods?limit=50&sortBy=name&ascending=true`,
    '/api/v1/pods?limit=50',
  ],
  [
    'namespace and status',
    `${resources}/namespaces/many-3/pods?limit=10&status=Pending`,
    '/api/v1/namespaces/many-3/pods?limit=10&fieldSelector=status.phase%3DPending',
  ],
  [
    'label selector',
    `${resources}/pods?limit=10&labelSelector=app%3Dapp-7`,
    '/api/v1/pods?limit=10&labelSelector=app%3Dapp-7',
  ],
  ['get one', `${resources}/namespaces/many-3/pods/pod-3`, '/api/v1/namespaces/many-3/pods/pod-3'],
  [
    'users',
    '/kapis/iam.kubesphere.io/v1beta1/users?limit=10',
    '/apis/iam.kubesphere.io/v1beta1/users?limit=10',
  ],
  ['workspaces of a tenant', '/kapis/tenant.kubesphere.io/v1beta1/workspaces?limit=10'],
]

if (process.send) await serveInChild()
else {
  const [count = 10_000, seconds = 5, rounds = 2] = process.argv.slice(2).map(Number)
  await compare(count, seconds, rounds)
}

async function compare(count: number, seconds: number, rounds: number): Promise<void> {
  await ensureDebianPackages(['wrk'])
  await using seeded = await startSeededPlane()
  const { plane, client } = seeded
  await fill(client, count)
  const token = await administratorToken(client)
  await using served = await startServed(import.meta.filename, {
    kubeconfig: withToken(plane.server, token),
    password,
  })
  const { url, token: own, child } = served
  for (const [what, ours, theirs] of rows) {
    const times = { length: rounds }
    // The first answer waits for the cache, which takes seconds when there are many.
    await read(`${url}${ours}`, own)
    const mine = best(Array.from(times, () => wrk(`${url}${ours}`, seconds, own)))
    const direct =
      theirs && best(Array.from(times, () => wrk(`${plane.server}${theirs}`, seconds, token)))
    console.log(row(what, mine, direct || undefined))
  }
  console.log(`memory with ${count} pods: ${await residentMegabytes(child)} MB resident`)
  await whileUpdating(client, count, `${url}${resources}/pods?limit=10`, seconds, own)
  console.log(`memory after the updates: ${await residentMegabytes(child)} MB resident`)
}

async function read(url: string, token: string): Promise<void> {
  const answer = await fetch(url, { headers: { authorization: `Bearer ${token}` } })
  await answer.arrayBuffer()
}

function row(what: string, mine: Sample, direct: Sample | undefined): string {
  const said = ({ rate, p50, p99 }: Sample) => `${rate.toFixed(0)}/s p50 ${p50} p99 ${p99}`
  const beside = direct
    ? ` | kube-apiserver ${said(direct)} | ${(mine.rate / direct.rate).toFixed(1)} times`
    : ''
  return `${what.padEnd(25)} ${said(mine)}${beside}`
}

/** Pods over fifty namespaces, a hundred users and a hundred workspaces. */
async function fill(client: PooledClient, count: number): Promise<void> {
  const started = performance.now()
  await addManyPods(client, count)
  await forEach(100, async (index) => {
    await client.create(USERS, {
      apiVersion: 'iam.kubesphere.io/v1beta1',
      kind: 'User',
      metadata: { name: `user-${index}` },
      spec: { email: `user-${index}@example.com` },
    })
    await client.create(WORKSPACES, {
      apiVersion: 'tenant.kubesphere.io/v1beta1',
      kind: 'WorkspaceTemplate',
      metadata: { name: `workspace-${index}` },
      spec: { template: { spec: { manager: 'admin' } }, placement: {} },
    })
  })
  console.log(`${count} pods in ${((performance.now() - started) / 1000).toFixed(0)} s`)
}

/** Reads while pods are written as fast as the plane takes it, 1,000 a second at most. */
async function whileUpdating(
  client: PooledClient,
  count: number,
  url: string,
  seconds: number,
  token: string,
): Promise<void> {
  const reading = wrkBeside(url, seconds, token)
  const read = new AbortController()
  void reading.finally(() => read.abort())
  const started = performance.now()
  let writes = 0
  const writer = async (first: number): Promise<void> => {
    for (let index = first; !read.signal.aborted; index += 16) {
      const { metadata } = manyPod(index % count)
      const body = { metadata: { annotations: { turn: String(index) } } }
      await client.patch(PODS, metadata.name ?? '', body, {
        type: 'merge',
        namespace: metadata.namespace ?? '',
      })
      writes++
      const ahead = writes - performance.now() + started
      if (ahead > 0) await new Promise((resolve) => setTimeout(resolve, ahead))
    }
  }
  await Promise.all(Array.from({ length: 16 }, (_, first) => writer(first)))
  const { rate, p50, p99 } = await reading
  const pace = (writes / (performance.now() - started)) * 1000
  console.log(`while ${pace.toFixed(0)} pods/s change: ${rate.toFixed(0)}/s p50 ${p50} p99 ${p99}`)
}
