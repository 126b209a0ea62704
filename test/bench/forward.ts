/**
 * The proxy engine against kube-apiserver asked directly: requests per second of one pod and of a list of 500, and the
 * ratio, by wrk with 8 connections. Both ways use the same service account token; the proxy is a process of its own,
 * without the layers of the REST face. Run: `node test/bench/forward.ts [seconds [rounds]]`.
 */
import { fork, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createKubeClient } from '../../gateway/kube/client.ts'
import type { PooledClient } from '../../gateway/kube/client.ts'
import { forward } from '../../gateway/kube/forward.ts'
import { loadKubeconfig } from '../../gateway/kube/kubeconfig.ts'
import { ensureDebianPackages } from '../env/packages.ts'
import { startTestPlane } from '../env/plane.ts'

const namespace = 'default'
const PODS = { group: '', version: 'v1', resource: 'pods' }
const BINDINGS = {
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  resource: 'clusterrolebindings',
}

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
  const token = await prepare(client)
  const child = fork(import.meta.filename, [withToken(plane.server, token)])
  const [port] = (await once(child, 'message')) as [number]
  const one = `/api/v1/namespaces/${namespace}/pods/pod-1`
  const list = `/api/v1/namespaces/${namespace}/pods?limit=500`
  for (const [what, path] of [
    ['GET one pod', one],
    ['list 500 pods', list],
  ] as const) {
    const direct: Sample[] = []
    const through: Sample[] = []
    for (let round = 0; round < rounds; round++) {
      direct.push(wrk(`${plane.server}${path}`, seconds, token))
      through.push(wrk(`http://127.0.0.1:${port}${path}`, seconds))
    }
    const [a, b] = [best(direct), best(through)]
    console.log(
      `${what.padEnd(15)} direct ${a.rate.toFixed(0)}/s p50 ${a.p50} | through ${b.rate.toFixed(0)}/s p50 ${b.p50} | ratio ${(b.rate / a.rate).toFixed(2)}`,
    )
  }
  child.kill()
}

interface Sample {
  rate: number
  p50: string
}

function wrk(url: string, seconds: number, token?: string): Sample {
  const auth = token ? ['-H', `Authorization: Bearer ${token}`] : []
  const { stdout } = spawnSync(
    'wrk',
    ['-t1', '-c8', `-d${seconds}s`, '--latency', '-H', 'Accept: application/json', ...auth, url],
    { encoding: 'utf8' },
  )
  if (stdout.includes('Non-2xx')) throw new Error(`not every answer was 200:\n${stdout}`)
  return {
    rate: Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)?.[1]),
    p50: /50%\s+(\S+)/.exec(stdout)?.[1] ?? '?',
  }
}

function best(samples: readonly Sample[]): Sample {
  return samples.toSorted((a, b) => b.rate - a.rate)[0] ?? { rate: 0, p50: '?' }
}

async function prepare(client: PooledClient): Promise<string> {
  const subject = { kind: 'ServiceAccount', name: 'default', namespace }
  const roleRef = { apiGroup: BINDINGS.group, kind: 'ClusterRole', name: 'cluster-admin' }
  await client.create(BINDINGS, { metadata: { name: 'bench' }, roleRef, subjects: [subject] })
  for (let index = 0; index < 500; index++) {
    await client.create(PODS, {
      metadata: { name: `pod-${index}`, namespace, labels: { app: `app-${index % 10}` } },
      spec: { containers: [{ name: 'main', image: 'none', env: [{ name: 'A', value: 'b' }] }] },
    })
  }
  const { status } = await client.json<{ status: { token: string } }>({
    method: 'POST',
    path: `/api/v1/namespaces/${namespace}/serviceaccounts/default/token`,
    body: { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} },
  })
  return status.token
}

function withToken(server: string, token: string): string {
  return JSON.stringify({
    'current-context': 'c',
    contexts: [{ name: 'c', context: { cluster: 'k', user: 'u' } }],
    clusters: [{ name: 'k', cluster: { server, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'u', user: { token } }],
  })
}
