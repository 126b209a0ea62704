import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CreateBucketCommand } from '@aws-sdk/client-s3'
import { defaultConfig } from '../../gateway/config/index.ts'
import { startControllers, type Controllers } from '../../gateway/embedded/controllers/index.ts'
import type { Plane } from '../../gateway/embedded/index.ts'
import { seed } from '../../gateway/embedded/seeds/index.ts'
import type { KubeClient } from '../../gateway/kube/api.ts'
import { createKubeClient } from '../../gateway/kube/client.ts'
import { loadKubeconfig } from '../../gateway/kube/kubeconfig.ts'
import { startFacade } from '../../gateway/server/serve.ts'
import { createLogger } from '../../gateway/telemetry/index.ts'
import { login } from '../e2e/http.ts'
import { keys, startObjectStore } from '../env/object-store.ts'
import { startTestPlane } from '../env/plane.ts'
import { startRedis } from '../env/redis.ts'
import { providerOf, startSlapd } from '../env/slapd.ts'
import { providerSecret } from '../identity/cluster.ts'
import { upstream } from '../rest/support.ts'
import { cluster, CLUSTERS } from '../rest/two-clusters.ts'
import { startRelay, type Fault, type FaultyRelay } from './relay.ts'

export const password = 'Pa55word-of-tests'
export const person = { uid: 'ann', password: 'ann-of-the-directory' }
const secret = 'secret-of-the-faults'
const bucket = 'packages'

/** Who stands beside the server, each behind a relay; etcd is behind kube-apiserver. */
export type Neighbour =
  'kube-apiserver' | 'etcd' | 'member' | 'APIService' | 'Redis' | 'LDAP' | 'S3' | 'DNS'

/** What can be made to fail, and be made well. */
export type Fallible = Pick<FaultyRelay, 'begin' | 'heal'>

export interface Stage extends AsyncDisposable {
  readonly url: string
  readonly token: string
  /** Asks kube-apiserver around the relay. */
  readonly direct: KubeClient
  readonly neighbours: Readonly<Partial<Record<Neighbour, Fallible>>>
}

const portOf = (url: string) => ({ host: '127.0.0.1', port: Number(new URL(url).port) })

/** One server with a real one of everything that it may depend on: a control plane, a member, Redis, slapd, S3. */
export async function startStage(): Promise<Stage> {
  await using stack = new AsyncDisposableStack()
  const log = createLogger({ level: 'error' })
  const plane = stack.use(await startTestPlane({ nodes: 0 }))
  const etcd = stack.use(await relayEtcd(plane))
  const redis = stack.use(await startRedis())
  const slapd = stack.use(await startSlapd([person]))
  const objects = stack.use(await startObjectStore())
  await objects.client.send(new CreateBucketCommand({ Bucket: bucket }))
  const relay = async (target: { host: string; port: number }) =>
    stack.use(await startRelay(target))
  const loopback = (port: number) => ({ host: '127.0.0.1', port })

  const kube = await relay(portOf(plane.server))
  const folder = await mkdtemp(join(tmpdir(), 'ks-facade-faults-'))
  stack.defer(() => rm(folder, { recursive: true }))
  const kubeconfig = join(folder, 'kubeconfig')
  const through = `https://127.0.0.1:${kube.port}`
  await writeFile(kubeconfig, plane.kubeconfig.replaceAll(plane.server, through))

  const redisRelay = await relay(loopback(redis.port))
  const ldap = await relay(loopback(slapd.port))
  const s3 = await relay(portOf(objects.url))
  const configFor = (clusterRole: 'host' | 'member', path: string) =>
    defaultConfig({
      kubernetes: { kubeconfig: path },
      server: { bindAddress: '127.0.0.1', insecurePort: 0 },
      multicluster: { clusterRole, hostClusterName: 'host' },
      authentication: { multipleLogin: true, issuer: { jwtSecret: secret } },
      facade: { deadlines: { kubernetesMs: 2000, memberMs: 2000, extensionMs: 2000 } },
      ...(clusterRole === 'host'
        ? {
            cache: { type: 'redis', options: { host: '127.0.0.1', port: redisRelay.port } },
            s3: {
              endpoint: `127.0.0.1:${s3.port}`,
              region: 'us-east-1',
              bucket,
              accessKeyID: keys.accessKeyId,
              secretAccessKey: keys.secretAccessKey,
              disableSSL: true,
              forcePathStyle: true,
            },
          }
        : { authentication: { issuer: { jwtSecret: secret, accessTokenMaxAgeMs: 0 } } }),
    })

  const config = configFor('host', kubeconfig)
  let controllers: Controllers | undefined
  const facade = stack.use(
    await startFacade(config, {
      log,
      reconcile: async ({ host }) => {
        await seed(host.client, { demo: false, adminPassword: password, log })
        controllers = await startControllers({ host, log, config })
        return controllers
      },
    }),
  )
  await controllers?.settled()
  const member = stack.use(await startFacade(configFor('member', plane.kubeconfigPath), { log }))
  const memberRelay = await relay(portOf(member.server.url))
  const api = stack.use(await startExtensionApi())
  const service = await relay(portOf(api.url))

  const direct = stack.use(
    createKubeClient({ credentials: await loadKubeconfig({ path: plane.kubeconfigPath }) }),
  )
  await furnish(direct, { ldap, member: memberRelay, service, slapd })
  const { url } = facade.server
  const token = await login(url, 'admin', password)
  const owned = stack.move()
  return {
    url,
    token,
    direct,
    neighbours: {
      'kube-apiserver': kube,
      etcd: etcdOf(plane, etcd),
      member: memberRelay,
      APIService: service,
      Redis: redisRelay,
      LDAP: ldap,
      S3: s3,
    },
    [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose](),
  }
}

/** Puts a relay between kube-apiserver and etcd. */
async function relayEtcd(plane: Plane): Promise<FaultyRelay> {
  const path = join(plane.dir, 'etcd.sock')
  const behind = join(plane.dir, 'etcd-itself.sock')
  await plane.kill('kube-apiserver')
  await rename(path, behind)
  const relay = await startRelay({ path: behind }, path)
  await plane.restart('kube-apiserver')
  return relay
}

/** etcd itself is killed and paused; the rest of the faults are those of the relay in front of it. */
function etcdOf(plane: Plane, relay: FaultyRelay): Fallible {
  let fault: Fault | undefined
  return {
    async begin(next: Fault) {
      fault = next
      if (fault === 'hang') plane.pause('etcd')
      else if (fault === 'refuse') await plane.kill('etcd')
      else await relay.begin(fault)
    },
    async heal() {
      if (fault === 'hang') plane.resume('etcd')
      else if (fault === 'refuse') await plane.restart('etcd')
      else await relay.heal()
    },
  }
}

/** An extension's API: whatever is asked, it answers. */
export function startExtensionApi() {
  return upstream((_req, res) => {
    res.setHeader('content-type', 'application/json')
    res.end(JSON.stringify({ answer: 'x'.repeat(200) }))
  })
}

/** Where something is found. */
type Address = Pick<FaultyRelay, 'host' | 'port'>

interface Furniture {
  ldap: Address
  member: Address
  service: Address
  slapd: Awaited<ReturnType<typeof startSlapd>>
}

/** Tells the platform of a directory, a member and an extension. */
export async function furnish(client: KubeClient, { ldap, member, service, slapd }: Furniture) {
  await client.create(
    { group: '', version: 'v1', resource: 'secrets' },
    providerSecret('corp', 'LDAPIdentityProvider', providerOf(slapd, `${ldap.host}:${ldap.port}`)),
  )
  const endpoint = `http://${member.host}:${member.port}`
  await client.create(CLUSTERS, cluster('far', { kubesphereAPIEndpoint: endpoint }))
  await client.create(
    { group: 'extensions.kubesphere.io', version: 'v1alpha1', resource: 'apiservices' },
    {
      apiVersion: 'extensions.kubesphere.io/v1alpha1',
      kind: 'APIService',
      metadata: { name: 'v1.faults.test' },
      spec: { group: 'faults.test', version: 'v1', url: `http://${service.host}:${service.port}` },
      status: { state: 'Available' },
    },
  )
}
