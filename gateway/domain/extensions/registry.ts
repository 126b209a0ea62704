import type { CacheSet, Entry, Store } from '../../kube/api.ts'
import { isNotFound } from '../../lib/errors.ts'
import type { GVR } from '../../kube/types.ts'
import { APISERVICES, EXTENSIONENTRIES, JSBUNDLES, REVERSEPROXIES } from './types.ts'
import type { APIService, Endpoint, ExtensionEntry, JSBundle, ReverseProxy } from './types.ts'

/** What a path under /dist serves. */
export type BundleAsset =
  | { readonly kind: 'main'; readonly entry: Entry; readonly bundle: JSBundle }
  | { readonly kind: 'remote'; readonly endpoint: Endpoint; readonly mimeType: string | undefined }

/** The extension objects as the pipeline looks them up; each answer follows the watch cache. */
export interface ExtensionRegistry {
  /** The asset of an Available bundle whose link is exactly `path`. */
  bundle(path: string): Promise<BundleAsset | undefined>
  /** The APIService of a group and version, whatever its state. */
  apiService(group: string, version: string): Promise<APIService | undefined>
  /** Every APIService, by name. */
  apiServices(): Promise<readonly APIService[]>
  /** Every ExtensionEntry, by name. */
  extensionEntries(): Promise<readonly ExtensionEntry[]>
  /** The ReverseProxy whose matcher fits best. */
  reverseProxy(method: string, path: string): Promise<ReverseProxy | undefined>
}

/** Derives `T` of a store and keeps it until the store changes. */
function derived<T>(
  caches: CacheSet,
  gvr: GVR,
  none: T,
  derive: (store: Store) => T,
): () => Promise<T> {
  let kept: { store: Store; revision: number; value: T } | undefined
  return async () => {
    const store = caches.peek(gvr) ?? (await storeOf(caches, gvr))
    if (!store) return none
    if (kept && kept.store === store && kept.revision === store.revision) return kept.value
    const value = derive(store)
    kept = { store, revision: store.revision, value }
    return value
  }
}

/** Undefined where the CRD is not installed: then there are no extensions. */
async function storeOf(caches: CacheSet, gvr: GVR): Promise<Store | undefined> {
  try {
    return await caches.store(gvr)
  } catch (error) {
    if (isNotFound(error)) return undefined
    throw error
  }
}

/**
 * Look-ups over the host's caches. Where several objects claim the same link, group or path, the original chooses by
 * chance; here the first by name wins, for ReverseProxies the longest matcher first.
 */
export function createExtensionRegistry(caches: CacheSet): ExtensionRegistry {
  const bundles = derived(caches, JSBUNDLES, new Map<string, BundleAsset>(), indexBundles)
  const services = derived<APIService[]>(caches, APISERVICES, [], (store) =>
    Array.from(store.byName(), (entry) => entry.object as APIService),
  )
  const entries = derived<ExtensionEntry[]>(caches, EXTENSIONENTRIES, [], (store) =>
    Array.from(store.byName(), (entry) => entry.object as ExtensionEntry),
  )
  const byGroup = derived(caches, APISERVICES, new Map<string, APIService>(), indexServices)
  const proxies = derived<ReverseProxy[]>(caches, REVERSEPROXIES, [], orderProxies)
  return {
    bundle: async (path) => (await bundles()).get(path),
    apiService: async (group, version) => (await byGroup()).get(`${group}/${version}`),
    apiServices: services,
    extensionEntries: entries,
    async reverseProxy(method, path) {
      return (await proxies()).find((proxy) => matches(proxy, method, path))
    },
  }
}

function indexBundles(store: Store): Map<string, BundleAsset> {
  const index = new Map<string, BundleAsset>()
  const add = (link: string | undefined, asset: BundleAsset): void => {
    if (link && !index.has(link)) index.set(link, asset)
  }
  for (const entry of store.byName()) {
    const bundle = entry.object as JSBundle
    if (bundle.status?.state !== 'Available') continue
    add(bundle.status.link, { kind: 'main', entry, bundle })
    const { style, files = [] } = bundle.spec?.assets ?? {}
    if (style) add(style.link, { kind: 'remote', endpoint: style, mimeType: undefined })
    for (const file of files) {
      add(file.link, { kind: 'remote', endpoint: file, mimeType: file.mimeType || undefined })
    }
  }
  return index
}

function indexServices(store: Store): Map<string, APIService> {
  const index = new Map<string, APIService>()
  for (const entry of store.byName()) {
    const service = entry.object as APIService
    const key = `${service.spec?.group ?? ''}/${service.spec?.version ?? ''}`
    if (!index.has(key)) index.set(key, service)
  }
  return index
}

const CONSOLE_TARGET = 'kubesphere.io/reverse-proxy-target'

function orderProxies(store: Store): ReverseProxy[] {
  const proxies: ReverseProxy[] = []
  for (const entry of store.byName()) {
    if (entry.labels[CONSOLE_TARGET] !== 'ks-console') proxies.push(entry.object)
  }
  return proxies.toSorted((a, b) => specificity(b) - specificity(a))
}

/** Longer literal part first; at equal length an exact path beats a prefix. */
function specificity(proxy: ReverseProxy): number {
  const path = proxy.spec?.matcher?.path ?? ''
  return path.replace(/\*+$/, '').length * 2 + (path.endsWith('*') ? 0 : 1)
}

function matches(proxy: ReverseProxy, method: string, path: string): boolean {
  const matcher = proxy.spec?.matcher
  if (!matcher?.path || (matcher.method !== '*' && matcher.method !== method)) return false
  if (matcher.path === path) return true
  return matcher.path.endsWith('*') && path.startsWith(matcher.path.replace(/\*+$/, ''))
}
