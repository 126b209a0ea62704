import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defaultConfig } from '../../gateway/config/index.ts'
import { startFacade } from '../../gateway/server/serve.ts'
import { createLogger } from '../../gateway/telemetry/index.ts'
import { login } from '../e2e/http.ts'
import { startReplica } from '../e2e/replica-process.ts'
import { startSlapd } from '../env/slapd.ts'
import { PASSWORD } from '../iam/world.ts'
import { startReplicas } from '../identity/replicas.ts'
import { startNameServer } from './names.ts'
import { startRelay, type Fault, type FaultyRelay } from './relay.ts'
import { furnish, person, startExtensionApi, type Stage } from './stage.ts'

/** A server that finds its member, its extension and its directory by name; undefined where no names can be served. */
export async function startNameStage(): Promise<Stage | undefined> {
  await using stack = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'ks-facade-names-'))
  stack.defer(() => rm(folder, { recursive: true }))
  const names = stack.use(await startNameServer(folder))
  if (!names.within) return undefined
  const platform = stack.use(await startReplicas({}))
  const { config } = platform.first.app
  const { kubernetes, authentication } = config
  const deadlines = { kubernetesMs: 2000, memberMs: 2000, extensionMs: 2000 }
  const change = { authentication, facade: { deadlines } }
  const { url } = stack.use(await startReplica(kubernetes.kubeconfig, change, names.within))

  const slapd = stack.use(await startSlapd([person]))
  const { issuer } = authentication
  const member = stack.use(
    await startFacade(
      defaultConfig({
        kubernetes,
        server: { bindAddress: '127.0.0.1', insecurePort: 0 },
        multicluster: { clusterRole: 'member' },
        authentication: { issuer: { ...issuer, accessTokenMaxAgeMs: 0 } },
      }),
      { log: createLogger({ level: 'fatal' }) },
    ),
  )
  const api = stack.use(await startExtensionApi())
  const relays: FaultyRelay[] = []
  const behindName = async (host: string, port: number) => {
    const relay = stack.use(await startRelay({ host: '127.0.0.1', port }))
    relays.push(relay)
    return { host, port: relay.port }
  }
  await furnish(platform.kube, {
    slapd,
    ldap: await behindName('ldap.faults.test', slapd.port),
    member: await behindName('far.faults.test', member.server.port),
    service: await behindName('api.faults.test', Number(new URL(api.url).port)),
  })
  const owned = stack.move()
  return {
    url,
    token: await login(url, 'admin', PASSWORD),
    direct: platform.kube,
    neighbours: {
      DNS: {
        async begin(fault: Fault) {
          await names.begin(fault)
          // Connections that are there need no name.
          for (const relay of relays) await relay.heal()
        },
        heal: () => names.heal(),
      },
    },
    [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose](),
  }
}
