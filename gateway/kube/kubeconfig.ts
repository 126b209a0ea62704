import { access, readFile } from 'node:fs/promises'
import { dirname, isAbsolute, join } from 'node:path'
import { newClusters, newContexts, newUsers } from '@kubernetes/client-node/dist/config_types.js'
import type { Cluster, User } from '@kubernetes/client-node/dist/config_types.js'
import { ConfigError } from '../config/index.ts'
import { parseDocuments } from '../lib/yaml/index.ts'
import { createCredentials } from './credentials.ts'
import type { Credentials } from './credentials.ts'

const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount'

export interface KubeconfigSource {
  /** Path of the file. Default: the first file of `KUBECONFIG`, then the service account of the pod. */
  path?: string | undefined
  /** The file's text itself, for kubeconfigs that live in objects; relative paths and commands are refused then. */
  text?: string | undefined
  /** Replaces the address of the API server. */
  master?: string | undefined
  env?: NodeJS.ProcessEnv
  now?: () => number
}

/**
 * Credentials of the current context. Source: kubeconfig (v1) reference, client-go's loading rules. Only the parts of
 * @kubernetes/client-node that read the file and log in are loaded: its door takes a second. Throws ConfigError for
 * a file that cannot be read or understood, or that lacks what its current context names.
 */
export async function loadKubeconfig(source: KubeconfigSource = {}): Promise<Credentials> {
  const env = source.env ?? process.env
  const { now = Date.now, master } = source
  if (source.text !== undefined) {
    const { cluster, user } = read(source.text, 'the stored kubeconfig')
    refuseLocal(cluster, user)
    return createCredentials({ cluster: withMaster(cluster, master), user, now })
  }
  const path = source.path || env['KUBECONFIG']?.split(':').find(Boolean)
  if (!path) return inCluster(env, master, now)
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new ConfigError(`kubeconfig ${path}: cannot be read: ${reasonOf(error)}`)
  })
  const { cluster, user } = read(text, `kubeconfig ${path}`)
  makeAbsolute(cluster, user, dirname(path))
  return createCredentials({ cluster: withMaster(cluster, master), user, now })
}

async function inCluster(
  env: NodeJS.ProcessEnv,
  master: string | undefined,
  now: () => number,
): Promise<Credentials> {
  const host = env['KUBERNETES_SERVICE_HOST']
  const port = env['KUBERNETES_SERVICE_PORT'] ?? '443'
  const tokenFile = `${SERVICE_ACCOUNT}/token`
  const mounted = await access(tokenFile).then(
    () => true,
    () => false,
  )
  if (!host || !mounted) {
    throw new ConfigError(
      'kubernetes.kubeconfig is empty and this is no pod with a service account: name a kubeconfig with --kubeconfig or KUBECONFIG',
    )
  }
  const server = `https://${host.includes(':') ? `[${host}]` : host}:${port}`
  const caFile = `${SERVICE_ACCOUNT}/ca.crt`
  const cluster: Cluster = { name: 'in-cluster', server, caFile, skipTLSVerify: false }
  const user = { name: 'in-cluster', authProvider: { name: 'tokenFile', config: { tokenFile } } }
  return createCredentials({ cluster: withMaster(cluster, master), user, now })
}

function read(text: string, what: string): { cluster: Cluster; user: User } {
  const file = parseYaml(text, what)
  const users = file['users']
  const plain = Array.isArray(users) ? users.map(withTokenFile) : users
  try {
    const contexts = newContexts(file['contexts'])
    const current = file['current-context']
    const context = contexts.find(({ name }) => name === current)
    if (!context) throw new Error(`current-context ${JSON.stringify(current ?? '')} does not exist`)
    const cluster = newClusters(file['clusters']).find(({ name }) => name === context.cluster)
    if (!cluster) throw new Error(`cluster ${JSON.stringify(context.cluster)} does not exist`)
    const user = newUsers(plain).find(({ name }) => name === context.user)
    if (context.user && !user)
      throw new Error(`user ${JSON.stringify(context.user)} does not exist`)
    return { cluster, user: user ?? { name: '' } }
  } catch (error) {
    throw new ConfigError(`${what}: ${reasonOf(error)}`)
  }
}

function parseYaml(text: string, what: string): Record<string, unknown> {
  let value: unknown
  try {
    value = parseDocuments(text, { aliases: 20, documents: 1 })[0]
  } catch (error) {
    throw new ConfigError(`${what}: not YAML: ${reasonOf(error).split('\n')[0]}`)
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ConfigError(`${what}: not a kubeconfig`)
  }
  return value as Record<string, unknown>
}

/** A token's file goes through the library's authenticator, which reads it again every minute. */
function withTokenFile(entry: { user?: Record<string, unknown> }): object {
  const user = entry?.user
  const tokenFile = user?.['tokenFile'] ?? user?.['token-file']
  if (typeof tokenFile !== 'string') return entry
  const provider = { name: 'tokenFile', config: { tokenFile } }
  return {
    ...entry,
    user: { ...user, token: undefined, 'token-file': undefined, 'auth-provider': provider },
  }
}

function withMaster(cluster: Cluster, master: string | undefined): Cluster {
  if (!master) return cluster
  return { ...cluster, server: master.includes('://') ? master : `http://${master}` }
}

function makeAbsolute(cluster: Cluster, user: User, root: string): void {
  const absolute = (file: string): string => (isAbsolute(file) ? file : join(root, file))
  if (cluster.caFile) cluster.caFile = absolute(cluster.caFile)
  if (user.certFile) user.certFile = absolute(user.certFile)
  if (user.keyFile) user.keyFile = absolute(user.keyFile)
  const config = (user.authProvider as { config?: { tokenFile?: string } } | undefined)?.config
  if (config?.tokenFile) config.tokenFile = absolute(config.tokenFile)
}

/** A kubeconfig out of an object must not make this process open local files or run commands. */
function refuseLocal(cluster: Cluster, user: User): void {
  if (cluster.caFile || user.certFile || user.keyFile || user.exec || user.authProvider) {
    throw new ConfigError('the stored kubeconfig: files, commands and auth providers are refused')
  }
}

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  if (code === 'ENOENT') return 'no such file'
  if (code === 'EACCES') return 'permission denied'
  if (code === 'EISDIR') return 'is a folder'
  return message
}
