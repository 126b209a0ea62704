import { parse } from 'yaml'
import type { Config } from '../../config/index.ts'
import type { ClusterAccess } from '../../kube/api.ts'
import { isNotFound } from '../../lib/errors.ts'
import type { IdentityService, ListedProvider } from '../identity/index.ts'
import { written } from '../settle.ts'
import { CONFIG_KEY, CONFIG_MAPS, SECRETS, SYSTEM_NAMESPACE } from './shapes.ts'
import type { ConfigMap, Secret } from './shapes.ts'

const THEME = 'platform-configuration-theme'
type Fields = Record<string, unknown>

const NANOSECONDS = 1_000_000

/** Options that every client may read (platform-apis.md §5.1): the multi-cluster section, zero values left out. */
export function multiclusterOptions({ multicluster: m }: Config): Fields {
  return nonZero({
    proxyPublishService: m.proxyPublishService,
    proxyPublishAddress: m.proxyPublishAddress,
    agentImage: m.agentImage,
    clusterControllerResyncPeriod: m.clusterControllerResyncPeriodMs * NANOSECONDS,
    hostClusterName: m.hostClusterName,
    clusterName: m.clusterName,
    clusterRole: m.clusterRole,
    chartPath: m.chartPath,
  })
}

function nonZero(fields: Fields): Fields {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== '' && value !== 0),
  )
}

/**
 * How clients log in (platform-apis.md §5.2). Signing keys, client secrets and whatever a provider calls a secret or a
 * password are left out.
 */
export async function oauthOptions(
  config: Config,
  host: ClusterAccess,
  identity: Pick<IdentityService, 'identityProviders'>,
): Promise<Fields> {
  const { issuer } = config.authentication
  const store = await host.caches.store(SECRETS)
  const secrets = Array.from(store.byName(SYSTEM_NAMESPACE), (entry) => entry.object as Secret)
  return {
    issuer: {
      ...(issuer.url ? { url: issuer.url } : {}),
      accessTokenMaxAge: issuer.accessTokenMaxAgeMs * NANOSECONDS,
      accessTokenInactivityTimeout: issuer.accessTokenInactivityTimeoutMs * NANOSECONDS,
      maximumClockSkew: issuer.maximumClockSkewMs * NANOSECONDS,
    },
    identityProviders: (await identity.identityProviders()).map(provider),
    clients: secrets
      .filter(
        ({ type, metadata }) =>
          type === 'config.kubesphere.io/oauthclient' &&
          metadata.labels?.['config.kubesphere.io/type'] === 'oauthclient',
      )
      .map(client),
  }
}

function provider({ document: of, options }: ListedProvider): Fields {
  return {
    name: of['name'] ?? '',
    mappingMethod: of['mappingMethod'] ?? '',
    type: of['type'],
    hidden: of['hidden'] === true,
    disabled: of['disabled'] === true,
    displayName: of['displayName'] ?? '',
    provider: withoutSecrets(options),
  }
}

function client(secret: Secret): Fields {
  const of = configuration(secret)
  const optional = [
    'respondWithChallenges',
    'scopeRestrictions',
    'redirectURIs',
    'accessTokenMaxAgeSeconds',
    'accessTokenInactivityTimeoutSeconds',
  ].filter((key) => of[key])
  return {
    name: of['name'] ?? '',
    trusted: of['trusted'] === true,
    grantMethod: of['grantMethod'] ?? '',
    ...Object.fromEntries(optional.map((key) => [key, of[key]])),
  }
}

/** `configuration.yaml` of a Secret; empty when absent or no mapping. */
export function configuration(secret: Secret): Fields {
  const value = configurationValue(secret)
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Fields)
    : {}
}

/** As `configuration`, whatever the value is; null when absent or broken. */
export function configurationValue(secret: Secret): unknown {
  const text = Buffer.from(secret.data?.[CONFIG_KEY] ?? '', 'base64').toString('utf8')
  try {
    return (parse(text) as unknown) ?? null
  } catch {
    return null
  }
}

function withoutSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSecrets)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !/password|secret|token|privatekey/i.test(key))
      .map(([key, inner]) => [key, withoutSecrets(inner)]),
  )
}

/** The theme map; `{}` without a stored one, undefined when it is stored empty. */
export async function readTheme(host: ClusterAccess): Promise<Record<string, string> | undefined> {
  const store = await host.caches.store(CONFIG_MAPS)
  const entry = store.get(SYSTEM_NAMESPACE, THEME)
  return entry ? (entry.object as ConfigMap).data : {}
}

/** Replaces the theme map. Throws ApiError of the write. */
export async function writeTheme(
  host: ClusterAccess,
  data: Record<string, string>,
  signal: AbortSignal,
): Promise<void> {
  const at = { namespace: SYSTEM_NAMESPACE, signal }
  const object = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: THEME, namespace: SYSTEM_NAMESPACE },
    data,
  }
  let current: ConfigMap
  try {
    current = await host.client.get<ConfigMap>(CONFIG_MAPS, THEME, at)
  } catch (error) {
    if (!isNotFound(error)) throw error
    await written(host, CONFIG_MAPS, await host.client.create(CONFIG_MAPS, object, at))
    return
  }
  const next = { ...current, data }
  await written(host, CONFIG_MAPS, await host.client.update(CONFIG_MAPS, next, at))
}
