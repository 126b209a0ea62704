import { stringify } from 'yaml'
import type { ClusterAccess } from '../../kube/api.ts'
import { ApiError, badRequest, isNotFound } from '../../lib/errors.ts'
import { configurationValue } from './configs.ts'
import {
  CONFIG_KEY,
  SECRETS,
  SYSTEM_NAMESPACE,
  configMetadata,
  isDnsLabel,
  sorted,
} from './shapes.ts'
import type { ConfigObject, Secret } from './shapes.ts'

/** What the Secret of a configuration is called, before the configuration's own name. */
export const PREFIX = 'io.kubesphere.config.platformconfig.'
const TYPE = 'config.kubesphere.io/generic-platform-config'
const KIND = 'GenericPlatformConfiguration'
const API_VERSION = 'config.kubesphere.io/v1alpha2'
const CONNECTION_TYPE = 'config.kubesphere.io/cluster-connection-config'

/** Named configurations of the platform, each a Secret of the system namespace (platform-apis.md §5.4, §5.5). */
export interface PlatformConfigs {
  get(name: string, signal: AbortSignal): Promise<ConfigObject>
  /** Throws ApiError 400 for another kind or version or a bad name, 409 when it exists. */
  create(config: Partial<ConfigObject>, signal: AbortSignal): Promise<ConfigObject>
  /** `config.metadata.name` must be `name` (ApiError 400). */
  update(name: string, config: Partial<ConfigObject>, signal: AbortSignal): Promise<ConfigObject>
  /** RFC 7386 merge of `patch.data`; undefined data changes nothing. */
  patch(name: string, patch: { data?: unknown }, signal: AbortSignal): Promise<ConfigObject>
  delete(name: string, signal: AbortSignal): Promise<void>
  connections(signal: AbortSignal): Promise<ConfigObject[]>
  connection(name: string, signal: AbortSignal): Promise<ConfigObject>
}

export function createPlatformConfigs(host: ClusterAccess): PlatformConfigs {
  const { client } = host
  const at = (signal: AbortSignal) => ({ namespace: SYSTEM_NAMESPACE, signal })
  const find = async (name: string, signal: AbortSignal): Promise<Secret> => {
    if (!isDnsLabel(name)) throw missing(name)
    try {
      const secret = await client.get<Secret>(SECRETS, PREFIX + name, at(signal))
      if (secret.type === TYPE) return secret
    } catch (error) {
      if (!isNotFound(error)) throw error
    }
    throw missing(name)
  }
  const rewrite = async (secret: Secret, data: unknown, signal: AbortSignal): Promise<Secret> => {
    const { resourceVersion } = secret.metadata
    const name = secret.metadata.name ?? ''
    const next = secretOf(name, data)
    const metadata = { ...next.metadata, ...(resourceVersion ? { resourceVersion } : {}) }
    return client.update<Secret>(SECRETS, { ...next, metadata }, at(signal))
  }
  return {
    get: async (name, signal) => shown(await find(name, signal)),
    async create(config, signal) {
      const { kind = '', apiVersion = '', metadata } = config
      if (kind !== KIND) throw badRequest(`invalid kind: ${kind}`)
      if (apiVersion !== API_VERSION) throw badRequest(`invalid apiVersion: ${apiVersion}`)
      const name = metadata?.name ?? ''
      if (!isDnsLabel(name)) throw badRequest(`invalid config name: ${name}`)
      const stored = await client.create<Secret>(
        SECRETS,
        secretOf(PREFIX + name, config.data),
        at(signal),
      )
      return echo(shown(stored), metadata)
    },
    async update(name, config, signal) {
      if (config.metadata?.name !== name)
        throw badRequest('metadata.name must be the name in the path')
      const stored = await client.get<Secret>(SECRETS, PREFIX + name, at(signal))
      return echo(shown(await rewrite(stored, config.data, signal)), config.metadata)
    },
    async patch(name, patch, signal) {
      const secret = await find(name, signal)
      if (patch.data === undefined) return shown(secret)
      const current = configurationValue(secret)
      if (current === null) throw badRequest('Invalid JSON Document')
      const merged = patch.data === null ? current : merge(current, patch.data)
      return shown(await rewrite(secret, merged, signal))
    },
    async delete(name, signal) {
      await find(name, signal)
      await client.delete(SECRETS, PREFIX + name, at(signal))
    },
    async connections(signal) {
      const store = await host.caches.store(SECRETS, signal)
      return Array.from(store.byName(SYSTEM_NAMESPACE), (entry) => entry.object as Secret)
        .filter(({ type }) => type === CONNECTION_TYPE)
        .map(connectionShown)
    },
    async connection(name, signal) {
      if (!isDnsLabel(name)) throw missing(name)
      const store = await host.caches.store(SECRETS, signal)
      const secret: Secret | undefined = store.get(SYSTEM_NAMESPACE, name)?.object
      // Without the type check any Secret of the namespace would answer.
      if (secret?.type !== CONNECTION_TYPE) {
        throw new ApiError(404, 'NotFound', `cluster connection config ${name} not found`)
      }
      return connectionShown(secret)
    },
  }
}

function missing(name: string): ApiError {
  return new ApiError(404, 'NotFound', `platform config ${name} not found`)
}

function secretOf(name: string, data: unknown): Secret {
  const text = stringify(sorted(data ?? null))
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace: SYSTEM_NAMESPACE },
    type: TYPE,
    data: { [CONFIG_KEY]: Buffer.from(text).toString('base64') },
  }
}

function shown(secret: Secret): ConfigObject {
  const name = (secret.metadata.name ?? '').slice(PREFIX.length)
  return {
    kind: KIND,
    apiVersion: API_VERSION,
    metadata: configMetadata(name, secret.metadata),
    data: sorted(configurationValue(secret)),
  }
}

function connectionShown(secret: Secret): ConfigObject {
  return {
    kind: 'ClusterConnectionConfiguration',
    apiVersion: API_VERSION,
    metadata: configMetadata(secret.metadata.name ?? '', secret.metadata),
    data: sorted(configurationValue(secret)),
  }
}

/** @NOTE Labels and annotations of the request are said back although they are not stored. */
function echo(object: ConfigObject, asked: ConfigObject['metadata'] | undefined): ConfigObject {
  const { labels, annotations } = asked ?? {}
  const metadata = {
    ...object.metadata,
    ...(labels ? { labels } : {}),
    ...(annotations ? { annotations } : {}),
  }
  return { ...object, metadata }
}

/** RFC 7386. */
function merge(target: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch
  const base = typeof target === 'object' && target !== null && !Array.isArray(target) ? target : {}
  const out = new Map<string, unknown>(Object.entries(base))
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) out.delete(key)
    else out.set(key, merge(out.get(key), value))
  }
  return Object.fromEntries(out)
}
