import { createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { connect } from 'node:net'
import { networkInterfaces } from 'node:os'
import { defaultConfig } from '../../gateway/config/index.ts'
import { startControllers } from '../../gateway/embedded/controllers/index.ts'
import { seed } from '../../gateway/embedded/seeds/index.ts'
import type { Plane } from '../../gateway/embedded/index.ts'
import type { KubeClient } from '../../gateway/kube/api.ts'
import type { GVR, KubeObject } from '../../gateway/kube/types.ts'
import { startFacade, type Facade } from '../../gateway/server/serve.ts'
import { ask, bearer, eventually, login } from '../e2e/http.ts'
import { ApiClient } from '../embedded/client.ts'
import { serverLog } from '../env/log.ts'
import { startTestPlane } from '../env/plane.ts'
import { seeing } from '../env/seen.ts'

export const PASSWORD = 'Pa55word-of-tests'
export const SECRET = 'secret-of-both-clusters'
const SYSTEM = 'kubesphere-system'

export const CLUSTERS: GVR = {
  group: 'cluster.kubesphere.io',
  version: 'v1alpha1',
  resource: 'clusters',
}
const SERVICES: GVR = { group: '', version: 'v1', resource: 'services' }
const PODS: GVR = { group: '', version: 'v1', resource: 'pods' }
const ENDPOINTS: GVR = { group: '', version: 'v1', resource: 'endpoints' }

/** A relay in front of a server that remembers the heads of the requests that opened its connections. */
export interface Relay extends AsyncDisposable {
  readonly url: string
  /** Everything that clients have sent so far, one text for each connection. */
  readonly sent: readonly string[]
}

export interface TwoClusters extends AsyncDisposable {
  readonly host: Facade
  readonly member: Facade
  /** Of each control plane, with its own rights. What they write is in the caches of its servers when the write returns. */
  readonly kube: { readonly host: KubeClient; readonly member: KubeClient }
  readonly memberPlane: Plane
  /** In front of the member's ks-facade; the cluster `member` is joined with its address. */
  readonly relay: Relay
  /** The ends of an agent's tunnel at the host: one leads to the member's ks-facade, one to its kube-apiserver. */
  readonly agent: { readonly kubesphere: Relay; readonly kubernetes: Relay }
}

/** Passes bytes on to `target`; `at` is the port that it listens on, any free one by default. */
export async function startRelay(target: string, at = 0): Promise<Relay> {
  const { hostname, port } = new URL(target)
  const sent: string[] = []
  const open = new Set<Socket>()
  const server = createServer((client) => {
    const index = sent.push('') - 1
    const upstream = connect(Number(port), hostname)
    for (const socket of [client, upstream]) {
      open.add(socket)
      socket.on('error', () => {})
      socket.once('close', () => {
        open.delete(socket)
        client.destroy()
        upstream.destroy()
      })
    }
    client.on('data', (chunk: Buffer) => (sent[index] += chunk.toString('latin1')))
    client.pipe(upstream)
    upstream.pipe(client)
  })
  await new Promise<void>((resolve) => void server.listen(at, '127.0.0.1', () => resolve()))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    sent,
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy()
      await new Promise<void>((resolve) => void server.close(() => resolve()))
    },
  }
}

/** An IPv4 address of this machine that kube-apiserver's proxy does not refuse. */
export function otherAddress(): string | undefined {
  return Object.values(networkInterfaces())
    .flat()
    .find(
      (one) => one && one.family === 'IPv4' && !one.internal && !one.address.startsWith('169.254.'),
    )?.address
}

const ready = { conditions: [{ type: 'Ready', status: 'True' }] }

export function cluster(name: string, connection: object, status: object = ready): KubeObject {
  return {
    apiVersion: 'cluster.kubesphere.io/v1alpha1',
    kind: 'Cluster',
    metadata: { name },
    spec: { connection: { type: 'direct', ...connection } },
    status,
  }
}

/**
 * Two control planes with a ks-facade each. The host knows the other as `member` (its ks-facade), `tunnel` (through the
 * service proxy of its kube-apiserver), `agent` (type proxy, by the ends of a tunnel), `stranger` (a ks-facade with another secret), `down`, `silent` and `nowhere`.
 */
export async function startTwoClusters({ joined = true } = {}): Promise<TwoClusters> {
  await using stack = new AsyncDisposableStack()
  const log = serverLog()
  const planes = await Promise.all([startTestPlane({ nodes: 0 }), startTestPlane()])
  const [hostPlane, memberPlane] = planes
  for (const plane of planes) stack.use(plane)
  const address = otherAddress()

  const start = (plane: Plane, role: 'host' | 'member', jwtSecret: string, fresh: boolean) => {
    const config = defaultConfig({
      kubernetes: { kubeconfig: plane.kubeconfigPath },
      server: {
        bindAddress: role === 'member' && address ? '0.0.0.0' : '127.0.0.1',
        insecurePort: 0,
      },
      multicluster: { clusterRole: role, hostClusterName: 'host' },
      authentication: {
        multipleLogin: true,
        issuer: { jwtSecret, ...(role === 'member' ? { accessTokenMaxAgeMs: 0 } : {}) },
      },
    })
    if (!fresh) return startFacade(config, { log })
    return startFacade(config, {
      log,
      reconcile: async (clusters) => {
        const { host } = clusters
        await seed(host.client, { demo: false, adminPassword: PASSWORD, log })
        return startControllers({ host, log, config, access: (name) => clusters.access(name) })
      },
    })
  }
  const host = stack.use(await start(hostPlane, 'host', SECRET, true))
  const member = stack.use(await start(memberPlane, 'member', SECRET, true))
  const stranger = stack.use(await start(memberPlane, 'member', 'another secret', false))
  const relay = stack.use(await startRelay(member.server.url))

  const agent = {
    kubesphere: stack.use(await startRelay(member.server.url)),
    kubernetes: stack.use(await startRelay(memberPlane.server)),
  }

  const kube = {
    host: seeing(host.app.clusters.host.client, [host.app.clusters.host.caches]),
    member: seeing(
      member.app.clusters.host.client,
      [member, stranger].map(({ app }) => app.clusters.host.caches),
    ),
  }
  if (address) await publish(kube.member, address, member.server.port)
  if (joined) await joinAll(kube.host, { relay, agent, stranger, memberPlane })
  const owned = stack.move()
  return {
    host,
    member,
    kube,
    memberPlane,
    relay,
    agent,
    [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose](),
  }
}

/** Runs pod `box` of namespace default in the member, and nowhere else. */
export async function runBox({ memberPlane }: TwoClusters): Promise<void> {
  using api = new ApiClient(memberPlane.kubeconfig)
  await api.runPod('box', {
    containers: [{ name: 'main', image: 'none', command: ['sh', '-c', 'sleep 100000'] }],
  })
}

/**
 * Token of a new account that may do everything in the host and nothing in its members. Its role is the host's alone:
 * global ones are copied to members.
 */
export async function hostAdministrator({ host }: TwoClusters, name: string): Promise<string> {
  const { url } = host.server
  const iam = `${url}/kapis/iam.kubesphere.io/v1beta1`
  const headers = {
    ...bearer(await login(url, 'admin', PASSWORD)),
    'content-type': 'application/json',
  }
  const post = async (path: string, body: unknown): Promise<void> => {
    const init = { method: 'POST', headers, body: JSON.stringify(body) }
    const { status, text } = await ask(`${iam}/${path}`, init)
    if (status !== 200) throw new Error(`${path}: ${status} ${text}`)
  }
  await post('users', {
    apiVersion: 'iam.kubesphere.io/v1beta1',
    kind: 'User',
    metadata: { name, annotations: { 'iam.kubesphere.io/globalrole': 'platform-regular' } },
    spec: { email: `${name}@example.com`, password: PASSWORD },
  })
  await post('clustermembers', [{ username: name, roleRef: 'cluster-admin' }])
  const token = await eventually(
    'the account can log in',
    () => login(url, name, PASSWORD).catch(() => ''),
    (value) => value !== '',
  )
  await eventually(
    'an administrator of the host',
    async () => (await ask(`${url}/api/v1/nodes`, { headers: bearer(token) })).status,
    (status) => status === 200,
  )
  return token
}

/** What the cluster controller writes once an agent is connected: both endpoints are ends of its tunnel. */
function agentConnection(agent: TwoClusters['agent'], plane: Plane): object {
  const kubernetes = agent.kubernetes.url.replace('http:', 'https:')
  return {
    type: 'proxy',
    token: 'token-of-the-agent',
    kubesphereAPIEndpoint: agent.kubesphere.url,
    kubernetesAPIEndpoint: kubernetes,
    kubeconfig: Buffer.from(plane.kubeconfig.replaceAll(plane.server, kubernetes)).toString(
      'base64',
    ),
  }
}

async function joinAll(
  client: KubeClient,
  {
    relay,
    agent,
    stranger,
    memberPlane,
  }: Pick<TwoClusters, 'relay' | 'agent' | 'memberPlane'> & { stranger: Facade },
): Promise<void> {
  await Promise.all([
    client.create(CLUSTERS, cluster('agent', agentConnection(agent, memberPlane))),
    client.create(CLUSTERS, cluster('member', { kubesphereAPIEndpoint: relay.url })),
    client.create(CLUSTERS, cluster('stranger', { kubesphereAPIEndpoint: stranger.server.url })),
    client.create(CLUSTERS, cluster('silent', { kubesphereAPIEndpoint: 'http://127.0.0.1:1' })),
    client.create(CLUSTERS, cluster('nowhere', {})),
    client.create(
      CLUSTERS,
      cluster(
        'down',
        { kubesphereAPIEndpoint: relay.url },
        { conditions: [{ type: 'Ready', status: 'False' }] },
      ),
    ),
    client.create(
      CLUSTERS,
      cluster('tunnel', {
        kubernetesAPIEndpoint: memberPlane.server,
        kubeconfig: Buffer.from(memberPlane.kubeconfig).toString('base64'),
      }),
    ),
  ])
}

/**
 * Makes `address:port` reachable as Service `ks-apiserver`. kube-apiserver proxies only to an address that belongs to a
 * pod of the namespace, so there is a pod that says so (objects-and-controllers.md §4.3).
 */
export async function publish(client: KubeClient, address: string, port: number): Promise<void> {
  const metadata = { name: 'ks-apiserver', namespace: SYSTEM }
  await client.create(SERVICES, {
    metadata,
    spec: { ports: [{ port: 80, targetPort: port, protocol: 'TCP' }] },
  })
  const pod = await client.create(PODS, {
    metadata,
    spec: { schedulerName: 'nobody', containers: [{ name: 'main', image: 'none' }] },
  })
  await client.json({
    method: 'PATCH',
    path: `/api/v1/namespaces/${SYSTEM}/pods/ks-apiserver/status`,
    headers: { 'content-type': 'application/merge-patch+json' },
    body: { status: { phase: 'Running', podIP: address, podIPs: [{ ip: address }] } },
  })
  const targetRef = { kind: 'Pod', ...metadata, uid: pod.metadata.uid }
  await client.create(ENDPOINTS, {
    metadata,
    subsets: [{ addresses: [{ ip: address, targetRef }], ports: [{ port, protocol: 'TCP' }] }],
  })
  await client.create(
    { group: 'discovery.k8s.io', version: 'v1', resource: 'endpointslices' },
    {
      metadata: {
        name: 'ks-apiserver-1',
        namespace: SYSTEM,
        labels: { 'kubernetes.io/service-name': 'ks-apiserver' },
      },
      addressType: 'IPv4',
      endpoints: [{ addresses: [address], conditions: { ready: true }, targetRef }],
      ports: [{ name: '', port, protocol: 'TCP' }],
    },
  )
  const path = `/api/v1/namespaces/${SYSTEM}/services/:ks-apiserver:/proxy/version`
  const proxied = () =>
    client.json({ path }).then(
      () => true,
      () => false,
    )
  await eventually('the proxy of kube-apiserver knows the service', proxied, Boolean)
}
