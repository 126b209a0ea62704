/**
 * The whole server against kube-apiserver asked directly: one pod, a list of 500, and `/version` and `/dist` by
 * themselves, by wrk with 8 connections. The server is a process of its own with all its layers, RBAC included; rounds of
 * both ways alternate and the best of each counts. Run: `node test/bench/passthrough.ts [seconds [rounds]]`.
 */
import { fork, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { defaultConfig } from '../../gateway/config/index.ts'
import { seed } from '../../gateway/embedded/seeds/index.ts'
import { createKubeClient, type PooledClient } from '../../gateway/kube/client.ts'
import { loadKubeconfig } from '../../gateway/kube/kubeconfig.ts'
import { startFacade } from '../../gateway/server/serve.ts'
import { createLogger } from '../../gateway/telemetry/index.ts'
import { login } from '../e2e/http.ts'
import { ensureDebianPackages } from '../env/packages.ts'
import { startTestPlane } from '../env/plane.ts'

const namespace = 'default'
const password = 'Pa55word-of-tests'
const PODS = { group: '', version: 'v1', resource: 'pods' }
const BINDINGS = {
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  resource: 'clusterrolebindings',
}
const BUNDLES = { group: 'extensions.kubesphere.io', version: 'v1alpha1', resource: 'jsbundles' }

if (process.send) await serve(process.argv[2] ?? '')
else await compare(Number(process.argv[2] ?? 8), Number(process.argv[3] ?? 3))

/** The other process: ks-facade as it is served. */
async function serve(kubeconfig: string): Promise<void> {
  const config = defaultConfig({
    kubernetes: { kubeconfig },
    server: { bindAddress: '127.0.0.1', insecurePort: 0 },
    multicluster: { clusterRole: 'host', hostClusterName: 'host' },
    authentication: { multipleLogin: true, issuer: { jwtSecret: 'secret-of-the-bench' } },
  })
  const facade = await startFacade(config, { log: createLogger({ level: 'warn' }) })
  process.send?.(facade.server.url)
}

async function compare(seconds: number, rounds: number): Promise<void> {
  await ensureDebianPackages(['wrk'])
  await using plane = await startTestPlane({
    components: ['etcd', 'kube-apiserver', 'kube-controller-manager'],
  })
  await using client = createKubeClient({
    credentials: await loadKubeconfig({ path: plane.kubeconfigPath }),
  })
  await seed(client, { demo: false, adminPassword: password })
  const token = await prepare(client)
  const child = fork(import.meta.filename, [plane.kubeconfigPath])
  try {
    const [url] = (await once(child, 'message')) as [string]
    const own = await login(url, 'admin', password)
    for (const [what, path] of [
      ['GET one pod', `/api/v1/namespaces/${namespace}/pods/pod-1`],
      ['list 500 pods', `/api/v1/namespaces/${namespace}/pods?limit=500`],
    ] as const) {
      const direct: Sample[] = []
      const through: Sample[] = []
      for (let round = 0; round < rounds; round++) {
        direct.push(wrk(`${plane.server}${path}`, seconds, token))
        through.push(wrk(`${url}${path}`, seconds, own))
      }
      const [a, b] = [best(direct), best(through)]
      console.log(
        `${what.padEnd(15)} direct ${a.rate.toFixed(0)}/s p50 ${a.p50} | through ${b.rate.toFixed(0)}/s p50 ${b.p50} | ratio ${(b.rate / a.rate).toFixed(2)}`,
      )
    }
    for (const path of ['/version', '/dist/bench/index.js']) {
      const samples = Array.from({ length: rounds }, () => wrk(`${url}${path}`, seconds))
      const { rate, p50 } = best(samples)
      console.log(`${path.padEnd(22)} ${rate.toFixed(0)}/s p50 ${p50}`)
    }
  } finally {
    child.kill()
  }
}

interface Sample {
  rate: number
  p50: string
}

/** One run; throws when an answer was no success, since a refusal is quick. */
function wrk(url: string, seconds: number, token?: string): Sample {
  const auth = token ? ['-H', `Authorization: Bearer ${token}`] : []
  const { stdout, stderr } = spawnSync(
    'wrk',
    ['-t1', '-c8', `-d${seconds}s`, '--latency', '-H', 'Accept: application/json', ...auth, url],
    { encoding: 'utf8' },
  )
  if (stdout.includes('Non-2xx')) throw new Error(`not every answer was 200:\n${stdout}`)
  const rate = Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)?.[1])
  if (!(rate > 0)) throw new Error(`${url} was not measured:\n${stdout}${stderr}`)
  return { rate, p50: /^\s+50%\s+(\S+)/m.exec(stdout)?.[1] ?? '?' }
}

function best(samples: readonly Sample[]): Sample {
  return samples.toSorted((a, b) => b.rate - a.rate)[0] ?? { rate: 0, p50: '?' }
}

/** Five hundred pods, a bundle, and the token of an administrator of kube-apiserver. */
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
  const raw = Buffer.from(Buffer.from('console.log(1)\n').toString('base64')).toString('base64')
  await client.create(BUNDLES, {
    apiVersion: `${BUNDLES.group}/${BUNDLES.version}`,
    kind: 'JSBundle',
    metadata: { name: 'bench' },
    spec: { raw },
    status: { state: 'Available', link: '/dist/bench/index.js' },
  })
  const { status } = await client.json<{ status: { token: string } }>({
    method: 'POST',
    path: `/api/v1/namespaces/${namespace}/serviceaccounts/default/token`,
    body: { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} },
  })
  return status.token
}
