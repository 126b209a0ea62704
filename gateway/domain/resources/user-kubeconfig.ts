import { parse, stringify } from 'yaml'
import { ApiError, notFound } from '../../lib/errors.ts'
import { attributes, type Operation } from '../operation.ts'
import { at, listAt, textAt } from './kind.ts'

/** Address of the API server that a kubeconfig handed out names; empty = as stored. */
export interface KubeconfigDeps {
  readonly master: string
}

const EMPTY = {
  apiVersion: 'v1',
  clusters: null,
  contexts: null,
  'current-context': '',
  kind: 'Config',
}

/**
 * The kubeconfig of a user, as YAML with sorted keys (resources-tenant.md §9.1). Throws ApiError 404 when none is
 * stored, 500 when it cannot be read.
 */
export function userKubeconfig({ master }: KubeconfigDeps): Operation<{ user: string }, string> {
  return {
    name: 'resources.userKubeconfig',
    needs: ({ user }) =>
      attributes({
        verb: 'get',
        apiGroup: 'resources.kubesphere.io',
        apiVersion: 'v1alpha2',
        resource: 'users',
        subresource: 'kubeconfig',
        name: user,
      }),
    async run({ cluster, signal }, { user }) {
      const gvr = { group: '', version: 'v1', resource: 'secrets' }
      const secrets = await cluster.caches.store(gvr, signal)
      const name = `kubeconfig-${user}`
      const secret = secrets.get('kubesphere-system', name)
      if (!secret) throw notFound('', 'Secret', name)
      const stored = Buffer.from(textAt(secret.object, 'data', 'config'), 'base64').toString()
      const config = { ...EMPTY, preferences: {}, users: null, ...readYaml(stored) }
      if (master !== '') {
        for (const entry of listAt(config, 'clusters')) {
          const target = at(entry, 'cluster')
          if (entry['name'] === 'local' && target) (target as { server: string }).server = master
        }
      }
      return stringify(config, { sortMapEntries: true })
    },
  }
}

function readYaml(text: string): Record<string, unknown> {
  try {
    const value: unknown = parse(text, { maxAliasCount: 0 })
    if (value === null) return {}
    if (typeof value === 'object' && !Array.isArray(value)) return value as Record<string, unknown>
  } catch (error) {
    throw new ApiError(500, 'InternalError', 'the stored kubeconfig cannot be read', {
      cause: error,
    })
  }
  throw new ApiError(500, 'InternalError', 'the stored kubeconfig cannot be read')
}
