import { mkdtemp, rm, writeFile } from 'node:fs/promises'
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
import { startFacade, type Facade } from '../../gateway/server/serve.ts'
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

/** Who stands beside the server, each behind a relay but etcd, which is behind kube-apiserver. */
export type Neighbour =
  'kube-apiserver' | 'etcd' | 'member' | 'APIService' | 'Redis' | 'LDAP' | 'S3'

/** What can be made to fail, and be made well. */
export type Fallible = Pick<FaultyRelay, 'begin' | 'heal'>

export interface Stage extends AsyncDisposable {
  readonly plane: Plane
  readonly facade: Facade
  readonly url: string
  readonly token: string
  /** Asks kube-apiserver around the relay. */
  readonly direct: KubeClient
  readonly neighbours: Readonly<Record<Neighbour, Fallible>>
}

const portOf = (url: string) => ({ host: '127.0.0.1', port: Number(new URL(url).port) })

/** One server with a real one of everything that it may depend on: a control plane, a member, Redis, slapd, S3. */
export async function startStage(): Promise<Stage> {
  await using stack = new AsyncDisposableStack()
  const log = createLogger({ level: 'error' })
  const plane = stack.use(await startTestPlane({ nodes: 0 }))
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
  // An extension's API: whatever is asked, it answers.
  const api = stack.use(
    await upstream((_req, res) => {
      res.setHeader('content-type', 'application/json')
      res.end(JSON.stringify({ answer: 'x'.repeat(200) }))
    }),
  )
  const service = await relay(portOf(api.url))

  const direct = stack.use(
    createKubeClient({ credentials: await loadKubeconfig({ path: plane.kubeconfigPath }) }),
  )
  await furnish(direct, { ldap, member: memberRelay, service, slapd })
  const { url } = facade.server
  const token = await login(url, 'admin', password)
  const owned = stack.move()
  return {
    plane,
    facade,
    url,
    token,
    direct,
    neighbours: {
      'kube-apiserver': kube,
      etcd: etcdOf(plane),
      member: memberRelay,
      APIService: service,
      Redis: redisRelay,
      LDAP: ldap,
      S3: s3,
    },
    [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose](),
  }
}

/** etcd knows two of the faults: it is gone, or it stands still. */
function etcdOf(plane: Plane): Fallible {
  let paused = false
  return {
    async begin(fault: Fault) {
      paused = fault === 'hang'
      if (paused) plane.pause('etcd')
      else await plane.kill('etcd')
    },
    async heal() {
      if (paused) plane.resume('etcd')
      else await plane.restart('etcd')
    },
  }
}

interface Furniture {
  ldap: FaultyRelay
  member: FaultyRelay
  service: FaultyRelay
  slapd: Awaited<ReturnType<typeof startSlapd>>
}

async function furnish(client: KubeClient, { ldap, member, service, slapd }: Furniture) {
  await client.create(
    { group: '', version: 'v1', resource: 'secrets' },
    providerSecret('corp', 'LDAPIdentityProvider', providerOf(slapd, `127.0.0.1:${ldap.port}`)),
  )
  const endpoint = `http://127.0.0.1:${member.port}`
  await client.create(CLUSTERS, cluster('far', { kubesphereAPIEndpoint: endpoint }))
  await client.create(
    { group: 'extensions.kubesphere.io', version: 'v1alpha1', resource: 'apiservices' },
    {
      apiVersion: 'extensions.kubesphere.io/v1alpha1',
      kind: 'APIService',
      metadata: { name: 'v1.faults.test' },
      spec: { group: 'faults.test', version: 'v1', url: `http://127.0.0.1:${service.port}` },
      status: { state: 'Available' },
    },
  )
}
