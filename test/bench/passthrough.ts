/**
 * The whole server against kube-apiserver asked directly: one pod, a list of 500, and `/version` and `/dist` by
 * themselves, by wrk with 8 connections. The server is a process of its own with all its layers, RBAC included. It and
 * the direct way use the same token of a service account, as in a cluster: kube-apiserver verifies a client certificate
 * anew for each request. Rounds of both ways alternate and the best of each counts. Run: `node test/bench/passthrough.ts [seconds [rounds]]`.
 */
import type { PooledClient } from '../../gateway/kube/client.ts'
import { ensureDebianPackages } from '../env/packages.ts'
import { administratorToken, forEach, namespace, pod, PODS, withToken } from './support/pods.ts'
import { password, startSeededPlane } from './support/plane.ts'
import { serveInChild, startServed } from './support/server.ts'
import { best, sideBySide, wrk } from './support/wrk.ts'

const BUNDLES = { group: 'extensions.kubesphere.io', version: 'v1alpha1', resource: 'jsbundles' }

if (process.send) await serveInChild()
else await compare(Number(process.argv[2] ?? 8), Number(process.argv[3] ?? 3))

async function compare(seconds: number, rounds: number): Promise<void> {
  await ensureDebianPackages(['wrk'])
  await using seeded = await startSeededPlane('kube-controller-manager')
  const { plane, client } = seeded
  const token = await prepare(client)
  await using served = await startServed(import.meta.filename, {
    kubeconfig: withToken(plane.server, token),
    password,
  })
  const { url, token: own } = served
  for (const [what, path] of [
    ['GET one pod', `/api/v1/namespaces/${namespace}/pods/pod-1`],
    ['list 500 pods', `/api/v1/namespaces/${namespace}/pods?limit=500`],
  ] as const) {
    sideBySide(what, rounds, {
      direct: () => wrk(`${plane.server}${path}`, seconds, token),
      through: () => wrk(`${url}${path}`, seconds, own),
    })
  }
  for (const path of ['/version', '/dist/bench/index.js']) {
    const samples = Array.from({ length: rounds }, () => wrk(`${url}${path}`, seconds))
    const { rate, p50 } = best(samples)
    console.log(`${path.padEnd(22)} ${rate.toFixed(0)}/s p50 ${p50}`)
  }
}

/** What is read, and the token of an administrator of kube-apiserver. */
async function prepare(client: PooledClient): Promise<string> {
  const raw = Buffer.from(Buffer.from('console.log(1)\n').toString('base64')).toString('base64')
  await client.create(BUNDLES, {
    apiVersion: `${BUNDLES.group}/${BUNDLES.version}`,
    kind: 'JSBundle',
    metadata: { name: 'bench' },
    spec: { raw },
    status: { state: 'Available', link: '/dist/bench/index.js' },
  })
  await forEach(500, (index) => client.create(PODS, pod(index, namespace)))
  return administratorToken(client)
}
