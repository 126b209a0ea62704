import type { Logger } from 'pino'
import { parse } from 'yaml'
import type { ClusterAccess, Entry, GVR, Store } from '../kube/api.ts'

const SECRETS: GVR = { group: '', version: 'v1', resource: 'secrets' }
const SYSTEM_NAMESPACE = 'kubesphere-system'
const TYPE_LABEL = 'config.kubesphere.io/type'

export type ConfigKind = 'oauthclient' | 'identityprovider' | 'custom-resource-filter'
export type ConfigDocument = Readonly<Record<string, unknown>>

/** A Secret of a kind, labelled or not. */
export interface ConfigSecret {
  readonly secret: string
  readonly resourceVersion: string
  /** Undefined when it cannot be read. */
  readonly document: ConfigDocument | undefined
}

export interface ConfigSecrets {
  /** Documents of the labelled Secrets of a kind, oldest first; those that cannot be read are left out and logged. */
  of(kind: ConfigKind): Promise<ConfigDocument[]>
  /**
   * Calls `changed` for each Secret whose type is of the kind, now and after each change, `undefined` for one that is
   * gone. Returns what ends it. Throws ApiError when Secrets cannot be watched.
   */
  follow(
    kind: ConfigKind,
    changed: (secret: string, is: ConfigSecret | undefined) => void,
  ): Promise<() => void>
}

/** Configuration kept in Secrets of `kubesphere-system`: iam-oauth.md §10, §11; resources-tenant.md §3.4. */
export function createConfigSecrets(
  host: Pick<ClusterAccess, 'caches'>,
  log: Logger,
): ConfigSecrets {
  let store: Store | undefined
  const parsed = new WeakMap<Entry, ConfigDocument | null>()
  const read = (entry: Entry): ConfigDocument | null => {
    const known = parsed.get(entry)
    if (known !== undefined) return known
    const document = documentOf(entry)
    if (!document) log.warn({ secret: entry.name }, 'configuration.yaml of a Secret cannot be read')
    parsed.set(entry, document)
    return document
  }
  const isOf = (kind: ConfigKind, entry: Entry): boolean =>
    entry.namespace === SYSTEM_NAMESPACE && entry.object.type === `config.kubesphere.io/${kind}`
  return {
    async of(kind) {
      store ??= await host.caches.store(SECRETS)
      return [...store.withLabel(TYPE_LABEL, kind, SYSTEM_NAMESPACE)]
        .filter((entry) => isOf(kind, entry))
        .map(read)
        .filter((document) => document !== null)
    },
    async follow(kind, changed) {
      store ??= await host.caches.store(SECRETS)
      const tell = (entry: Entry) => {
        const { name: secret, resourceVersion } = entry
        changed(secret, { secret, resourceVersion, document: read(entry) ?? undefined })
      }
      const end = store.subscribe(({ type, entry }) => {
        if (!isOf(kind, entry)) return
        if (type === 'DELETED') changed(entry.name, undefined)
        else tell(entry)
      })
      for (const entry of store.entries(SYSTEM_NAMESPACE)) if (isOf(kind, entry)) tell(entry)
      return end
    },
  }
}

function documentOf(entry: Entry): ConfigDocument | null {
  const data = entry.object.data as Record<string, string> | undefined
  try {
    const text = Buffer.from(data?.['configuration.yaml'] ?? '', 'base64').toString('utf8')
    const document: unknown = parse(text, { maxAliasCount: 20 })
    return typeof document === 'object' && document !== null && !Array.isArray(document)
      ? (document as ConfigDocument)
      : null
  } catch {
    return null
  }
}
