import type { Logger } from 'pino'
import type { ClusterAccess, Entry, GVR, Store } from '../../kube/api.ts'
import {
  CLUSTER_ROLES,
  CLUSTER_ROLE_BINDINGS,
  GLOBAL_ROLES,
  GLOBAL_ROLE_BINDINGS,
  NAMESPACES,
  ROLES,
  ROLE_BINDINGS,
  WORKSPACE_LABEL,
  WORKSPACE_ROLES,
  WORKSPACE_ROLE_BINDINGS,
} from '../names.ts'
import type { Authorizer } from '../operation.ts'
import type { Rego } from '../rego/index.ts'
import { createBindingIndex, type BindingIndex } from './bindings.ts'
import { evaluateRbac, type RbacSources } from './rbac.ts'
import { createRoleCompiler } from './roles.ts'

export { createAccessChanges, type AccessChanges } from './changes.ts'
export { compileRego, type RegoInput } from './rego.ts'

export interface AuthorizerOptions {
  /** `RBAC`, `AlwaysAllow` or `AlwaysDeny`. */
  mode: string
  host: Pick<ClusterAccess, 'caches'>
  /** For policies that are not among those that are read here. */
  rego: Pick<Rego, 'policy'>
  log: Logger
}

/** Binding kinds with what groups their bindings. */
const BINDINGS: readonly (readonly [GVR, (entry: Entry) => string])[] = [
  [GLOBAL_ROLE_BINDINGS, () => ''],
  [WORKSPACE_ROLE_BINDINGS, (entry) => entry.labels[WORKSPACE_LABEL] ?? ''],
  [ROLE_BINDINGS, (entry) => entry.namespace],
  [CLUSTER_ROLE_BINDINGS, () => ''],
]
const LOOKED_UP = [GLOBAL_ROLES, WORKSPACE_ROLES, CLUSTER_ROLES, ROLES, NAMESPACES]

/**
 * The authorizer of the configured mode. RBAC reads the watch caches only; they are started here, and one that cannot be
 * had now is asked for again by the requests that need it.
 */
export async function createAuthorizer(options: AuthorizerOptions): Promise<Authorizer> {
  const { mode, log } = options
  if (mode === 'AlwaysAllow') {
    return { authorize: async () => ({ decision: 'Allow', reason: '' }) }
  }
  if (mode === 'AlwaysDeny') {
    return { authorize: async () => ({ decision: 'Deny', reason: 'Everything is forbidden.' }) }
  }
  const { caches } = options.host
  const indexes = new Map<GVR, BindingIndex>()
  /** Held, so that the cache set does not let them go between two requests. */
  const stores = new Map<GVR, Store>()
  const groupings = new Map(BINDINGS)
  const sources: RbacSources = {
    compile: createRoleCompiler(options.rego),
    store: (gvr) => stores.get(gvr) ?? openStore(gvr),
    bindings: (gvr) => indexes.get(gvr) ?? openIndex(gvr),
  }
  async function openStore(gvr: GVR): Promise<Store> {
    const store = await caches.store(gvr)
    stores.set(gvr, store)
    return store
  }
  async function openIndex(gvr: GVR): Promise<BindingIndex> {
    const store = await caches.store(gvr)
    const index = indexes.get(gvr) ?? createBindingIndex(store, groupings.get(gvr) ?? (() => ''))
    indexes.set(gvr, index)
    return index
  }
  const started = await Promise.allSettled([
    ...BINDINGS.map(([gvr]) => openIndex(gvr)),
    ...LOOKED_UP.map(openStore),
  ])
  for (const outcome of started) {
    if (outcome.status === 'rejected') {
      log.warn({ err: outcome.reason as unknown }, 'a cache that access decisions need is missing')
    }
  }
  return { authorize: (user, asked) => evaluateRbac(sources, user, asked) }
}
