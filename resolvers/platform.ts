import type { ConfigObject } from '../gateway/domain/platform/index.ts'
import { foundOrNull } from './loaders.ts'
import { nameOf } from './metadata.ts'
import type { GraphqlContext } from './context.ts'
import type { PlatformConfigInput, Resolvers } from './types.generated.ts'

const NANOSECONDS = 1_000_000_000

type Fields = Readonly<Record<string, unknown>>

const text = (value: unknown): string => (typeof value === 'string' ? value : '')
const seconds = (value: unknown): number => (typeof value === 'number' ? value / NANOSECONDS : 0)
const fields = (value: unknown): Fields =>
  typeof value === 'object' && value !== null ? (value as Fields) : {}
const list = (value: unknown): readonly Fields[] => (Array.isArray(value) ? value.map(fields) : [])

export const platform: Pick<
  Resolvers,
  'Query' | 'Mutation' | 'PlatformConfig' | 'IngressClassScope'
> = {
  Query: {
    platformVersion: async (_root, _args, { ctx, app }) => {
      // Open to everybody, as `/version` is.
      const version = await app.platform.version(ctx.signal)
      return {
        version: version.gitVersion,
        commit: version.gitCommit,
        buildDate: version.buildDate,
        platform: version.platform,
        kubernetesVersion: text(version.kubernetes?.['gitVersion']) || null,
      }
    },
    theme: async (_root, _args, { ctx, app }) =>
      (await ctx.call(app.platform.operations.theme, {})) ?? null,
    loginOptions: async (_root, _args, { ctx, app }) => {
      const { issuer, identityProviders, clients } = await ctx.call(
        app.platform.operations.oauth,
        {},
      )
      const of = fields(issuer)
      return {
        issuer: text(of['url']) || null,
        accessTokenMaxAgeSeconds: seconds(of['accessTokenMaxAge']),
        accessTokenInactivitySeconds: seconds(of['accessTokenInactivityTimeout']),
        identityProviders: list(identityProviders).map((provider) => ({
          name: text(provider['name']),
          type: text(provider['type']),
          displayName: text(provider['displayName']),
          mappingMethod: text(provider['mappingMethod']),
          hidden: provider['hidden'] === true,
          disabled: provider['disabled'] === true,
          options: provider['provider'],
        })),
        clients: list(clients).map((client) => ({
          name: text(client['name']),
          trusted: client['trusted'] === true,
          grantMethod: text(client['grantMethod']),
          redirectURIs: Array.isArray(client['redirectURIs'])
            ? client['redirectURIs'].map(text)
            : [],
        })),
      }
    },
    multiclusterOptions: async (_root, _args, { ctx, app }) => {
      const options = await ctx.call(app.platform.operations.multicluster, {})
      const of = (key: string): string | null => text(options[key]) || null
      return {
        clusterRole: of('clusterRole'),
        hostClusterName: of('hostClusterName'),
        clusterName: of('clusterName'),
        agentImage: of('agentImage'),
        proxyPublishService: of('proxyPublishService'),
        proxyPublishAddress: of('proxyPublishAddress'),
      }
    },
    platformConfig: (_root, { name }, { ctx, app }) =>
      foundOrNull(ctx.call(app.platform.operations.config, { name })),
    clusterConnectionConfigs: (_root, _args, { ctx, app }) =>
      ctx.call(app.platform.operations.connections, {}),
    availableIngressClasses: (_root, { namespace }, { ctx, app }) =>
      ctx.call(app.platform.operations.ingressScopes, { namespace }),
    extensionFiles: async (_root, { version }, { ctx, app }) => {
      const read = ctx.call(app.platform.operations.extensionFiles, { version })
      const files = await foundOrNull(read)
      if (!files) return null
      return files.map(({ name, data }) => ({
        path: name,
        content: Buffer.from(data).toString('base64'),
      }))
    },
  },
  Mutation: {
    setTheme: async (_root, { input }, { ctx, app }) => {
      const { theme, clientMutationId = null } = input
      await ctx.call(app.platform.operations.setTheme, { theme })
      return { theme, clientMutationId }
    },
    createPlatformConfig: (_root, { input }, context) => write(context, input, 'createConfig'),
    replacePlatformConfig: (_root, { input }, context) => write(context, input, 'replaceConfig'),
    mergePlatformConfig: (_root, { input }, context) => write(context, input, 'mergeConfig'),
    deletePlatformConfig: async (_root, { input }, { ctx, app }) => ({
      config: await ctx.call(app.platform.operations.deleteConfig, { name: input.name }),
      clientMutationId: input.clientMutationId ?? null,
    }),
  },
  PlatformConfig: {
    name: ({ metadata }) => metadata.name,
    data: ({ data }) => data,
    resourceVersion: ({ metadata }) => metadata.resourceVersion ?? null,
    createdAt: ({ metadata }) => metadata.creationTimestamp,
  },
  IngressClassScope: {
    name: nameOf,
    ingressClass: ({ spec }) => spec?.ingressClass?.name || null,
    default: ({ spec }) => spec?.ingressClass?.default === true,
    namespaces: ({ spec }) => spec?.scope?.namespaces ?? [],
    namespaceSelector: ({ spec }) => spec?.scope?.namespaceSelector || null,
    status: ({ status }) => status ?? null,
  },
}

async function write(
  { ctx, app }: GraphqlContext,
  { name, data, clientMutationId = null }: PlatformConfigInput,
  how: 'createConfig' | 'replaceConfig' | 'mergeConfig',
): Promise<{ config: ConfigObject; clientMutationId: string | null }> {
  const config = await ctx.call(app.platform.operations[how], { name, data })
  return { config, clientMutationId }
}
