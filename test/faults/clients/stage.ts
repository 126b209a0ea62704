import { login } from '../../e2e/http.ts'
import { startReplica } from '../../e2e/replica-process.ts'
import { PASSWORD } from '../../iam/world.ts'
import { startReplicas } from '../../identity/replicas.ts'
import { startPod } from '../../terminal/stage.ts'

export interface ClientStage extends AsyncDisposable {
  readonly url: string
  readonly token: string
  /** Path of a terminal below that of all terminals. */
  readonly exec: string
}

const maps = 200

/** A server in a process of its own, on every address of this machine; lists of its config maps are four megabytes long. */
export async function startClientStage(nodes = 0): Promise<ClientStage> {
  await using stack = new AsyncDisposableStack()
  const platform = stack.use(await startReplicas({}, nodes))
  const { kubernetes, authentication } = platform.first.app.config
  const server = { bindAddress: '0.0.0.0', insecurePort: 0 }
  // All of a crowd come as one caller, who may have as many as they are.
  const facade = { limits: { socketsPerUser: 0 } }
  const change = { server, authentication, facade }
  const { url } = stack.use(await startReplica(kubernetes.kubeconfig, change))
  const data = { text: 'x'.repeat(20_000) }
  for (let index = 0; index < maps; index++) {
    const metadata = { name: `map-${index}`, namespace: 'default' }
    const map = { apiVersion: 'v1', kind: 'ConfigMap', metadata, data }
    await platform.kube.create({ group: '', version: 'v1', resource: 'configmaps' }, map)
  }
  if (nodes > 0) await startPod(platform.kube, 'shell')
  const token = await login(url, 'admin', PASSWORD)
  const owned = stack.move()
  return {
    url,
    token,
    exec: '/namespaces/default/pods/shell/exec?container=main&shell=sh',
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}
