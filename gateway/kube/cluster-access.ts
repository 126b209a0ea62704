import type { Logger } from 'pino'
import type { ClusterAccess } from './api.ts'
import { createCaches } from './caches.ts'
import type { PinnableCaches } from './caches.ts'
import { createKubeClient } from './client.ts'
import type { PooledClient } from './client.ts'
import type { Credentials } from './credentials.ts'
import { createDiscovery } from './discovery.ts'

/** A cluster with everything that this process has of it. */
export interface OwnedAccess extends ClusterAccess {
  readonly client: PooledClient
  readonly caches: PinnableCaches
}

/** Client, caches and discovery of one cluster; nothing is asked yet. Disposal ends its watches and connections. */
export function createClusterAccess(options: {
  name: string
  credentials: Credentials
  log: Logger
  now?: () => number
}): OwnedAccess {
  const { name, credentials, now = Date.now } = options
  const log = options.log.child({ cluster: name })
  const stack = new AsyncDisposableStack()
  const client = stack.use(createKubeClient({ credentials }))
  const caches = stack.use(createCaches({ client, log, now }))
  const discovery = stack.use(createDiscovery({ client, log, now }))
  return {
    name,
    client,
    caches,
    discovery,
    [Symbol.asyncDispose]: () => stack[Symbol.asyncDispose](),
  }
}
