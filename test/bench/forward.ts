/**
 * The proxy engine against kube-apiserver asked directly: requests per second of one pod and of a list of 500, and the
 * ratio, by wrk with 8 connections. Both ways use the same service account token; the proxy is a process of its own,
 * without the layers of the REST face. Run: `node test/bench/forward.ts [seconds [rounds]]`.
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createKubeClient } from '../../gateway/kube/client.ts'
import { forward } from '../../gateway/kube/forward.ts'
import { loadKubeconfig } from '../../gateway/kube/kubeconfig.ts'
import { ensureDebianPackages } from '../env/packages.ts'
import { startTestPlane } from '../env/plane.ts'
import { administratorToken, forEach, namespace, pod, PODS, withToken } from './support/pods.ts'
import { sideBySide, wrk } from './support/wrk.ts'

if (process.send) await serve(process.argv[2] ?? '')
else await compare(Number(process.argv[2] ?? 8), Number(process.argv[3] ?? 3))

/** The other process: forwards everything. */
async function serve(kubeconfig: string): Promise<void> {
  const client = createKubeClient({ credentials: await loadKubeconfig({ text: kubeconfig }) })
  const { target } = client
  const server = createServer((req, res) => {
    void (async () => {
      const { authorization: _, ...rest } = req.headers
      const headers = { ...rest, ...(await target.authHeaders()) }
      await forward(req, res, target, { path: req.url ?? '/', headers })
    })()
  })
  server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port))
}

async function compare(seconds: number, rounds: number): Promise<void> {
  await ensureDebianPackages(['wrk'])
  await using plane = await startTestPlane({
    components: ['etcd', 'kube-apiserver', 'kube-controller-manager'],
  })
  await using client = createKubeClient({
    credentials: await loadKubeconfig({ path: plane.kubeconfigPath }),
  })
  await forEach(500, (index) => client.create(PODS, pod(index, namespace)))
  const token = await administratorToken(client)
  const child = fork(import.meta.filename, [withToken(plane.server, token)])
  const [port] = (await once(child, 'message')) as [number]
  const one = `/api/v1/namespaces/${namespace}/pods/pod-1`
  const list = `/api/v1/namespaces/${namespace}/pods?limit=500`
  for (const [what, path] of [
    ['GET one pod', one],
    ['list 500 pods', list],
  ] as const) {
    sideBySide(what, rounds, {
      direct: () => wrk(`${plane.server}${path}`, seconds, token),
      through: () => wrk(`http://127.0.0.1:${port}${path}`, seconds),
    })
  }
  child.kill()
}
