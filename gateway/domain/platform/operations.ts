import { attributes, type Attributes, type Operation } from '../operation.ts'
import type { ArchiveFile } from './archive.ts'
import type { PlatformService } from './index.ts'
import type { IngressClassScope } from './ingress-scopes.ts'
import type { ConfigObject } from './shapes.ts'

type Fields = Record<string, unknown>
type Theme = Record<string, string>
type OneConfig = { readonly name: string }
type ConfigData = OneConfig & { readonly data: unknown }

/** The platform's own settings as operations, each with the permission of its REST route (platform-apis.md §5, §7, §8). */
export interface PlatformOperations {
  readonly multicluster: Operation<object, Fields>
  readonly oauth: Operation<object, Fields>
  readonly theme: Operation<object, Theme | undefined>
  readonly setTheme: Operation<{ readonly theme: Theme }, void>
  readonly config: Operation<OneConfig, ConfigObject>
  readonly createConfig: Operation<ConfigData, ConfigObject>
  readonly replaceConfig: Operation<ConfigData, ConfigObject>
  readonly mergeConfig: Operation<ConfigData, ConfigObject>
  /** Answers what it was. */
  readonly deleteConfig: Operation<OneConfig, ConfigObject>
  readonly connections: Operation<object, ConfigObject[]>
  readonly ingressScopes: Operation<{ readonly namespace: string }, readonly IngressClassScope[]>
  readonly extensionFiles: Operation<{ readonly version: string }, readonly ArchiveFile[]>
}

const config = (verb: string, resource: string, name = ''): Attributes =>
  attributes({ verb, apiGroup: 'config.kubesphere.io', apiVersion: 'v1alpha2', resource, name })

const configObject = ({ name, data }: ConfigData): ConfigObject => ({
  kind: 'GenericPlatformConfiguration',
  apiVersion: 'config.kubesphere.io/v1alpha2',
  metadata: { name, creationTimestamp: null },
  data,
})

export function platformOperations(
  platform: Omit<PlatformService, 'operations'>,
): PlatformOperations {
  const { configs } = platform
  return {
    multicluster: {
      name: 'platform.multicluster',
      needs: () => config('get', 'configs', 'configz'),
      run: async () => platform.multicluster(),
    },
    oauth: {
      name: 'platform.oauth',
      needs: () => config('get', 'configs', 'oauth'),
      run: () => platform.oauth(),
    },
    theme: {
      name: 'platform.theme',
      needs: () => config('get', 'configs', 'theme'),
      run: () => platform.theme(),
    },
    setTheme: {
      name: 'platform.setTheme',
      needs: () => config('update', 'configs', 'theme'),
      run: (scope, { theme }) => platform.setTheme(theme, scope.signal),
    },
    config: {
      name: 'platform.config',
      needs: ({ name }) => config('get', 'platformconfigs', name),
      run: (scope, { name }) => configs.get(name, scope.signal),
    },
    createConfig: {
      name: 'platform.createConfig',
      needs: () => config('create', 'platformconfigs'),
      run: (scope, args) => configs.create(configObject(args), scope.signal),
    },
    replaceConfig: {
      name: 'platform.replaceConfig',
      needs: ({ name }) => config('update', 'platformconfigs', name),
      run: (scope, args) => configs.update(args.name, configObject(args), scope.signal),
    },
    mergeConfig: {
      name: 'platform.mergeConfig',
      needs: ({ name }) => config('patch', 'platformconfigs', name),
      run: (scope, { name, data }) => configs.patch(name, { data }, scope.signal),
    },
    deleteConfig: {
      name: 'platform.deleteConfig',
      needs: ({ name }) => config('delete', 'platformconfigs', name),
      async run(scope, { name }) {
        const was = await configs.get(name, scope.signal)
        await configs.delete(name, scope.signal)
        return was
      },
    },
    connections: {
      name: 'platform.connections',
      needs: () => config('list', 'clusterconnectionconfigurations'),
      run: (scope) => configs.connections(scope.signal),
    },
    ingressScopes: {
      name: 'platform.ingressScopes',
      needs: ({ namespace }) =>
        attributes({
          verb: 'list',
          apiGroup: 'gateway.kubesphere.io',
          apiVersion: 'v1alpha2',
          resource: 'availableingressclassscopes',
          namespace,
        }),
      run: (scope, { namespace }) => platform.ingressScopes(namespace, scope.signal),
    },
    extensionFiles: {
      name: 'platform.extensionFiles',
      needs: ({ version }) =>
        attributes({
          verb: 'get',
          apiGroup: 'package.kubesphere.io',
          apiVersion: 'v1alpha1',
          resource: 'extensionversions',
          subresource: 'files',
          name: version,
        }),
      run: (scope, { version }) => platform.extensionFiles(version, scope.signal),
    },
  }
}
