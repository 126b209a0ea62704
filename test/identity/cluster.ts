import { hash } from '@node-rs/bcrypt'
import { pino } from 'pino'
import { defaultConfig, type Config, type DeepPartial } from '../../gateway/config/index.ts'
import { createIdentity, type IdentityService } from '../../gateway/domain/identity/index.ts'
import type { CacheSet, ClusterAccess, GVR, KubeClient } from '../../gateway/kube/api.ts'
import { createStore, type WritableStore } from '../../gateway/kube/store.ts'
import type { KubeObject } from '../../gateway/kube/types.ts'
import { alreadyExists, ApiError, notFound } from '../../gateway/lib/errors.ts'

export const PASSWORD = 'P@88w0rd'
export const START = Date.parse('2026-03-01T12:00:00Z')
export const ORIGIN = { sourceIP: '192.0.2.7', userAgent: 'tests' }

const KINDS: Readonly<Record<string, string>> = {
  users: 'User',
  loginrecords: 'LoginRecord',
  globalroles: 'GlobalRole',
  globalrolebindings: 'GlobalRoleBinding',
  workspaceroles: 'WorkspaceRole',
  workspacerolebindings: 'WorkspaceRoleBinding',
  clusterroles: 'ClusterRole',
  clusterrolebindings: 'ClusterRoleBinding',
  roles: 'Role',
  rolebindings: 'RoleBinding',
  namespaces: 'Namespace',
  secrets: 'Secret',
  serviceaccounts: 'ServiceAccount',
}

/** A cluster whose watch caches the test fills; what is created through its client is remembered. */
export interface TestCluster {
  readonly host: ClusterAccess
  readonly created: KubeObject[]
  put(object: KubeObject & { kind: string }): void
  remove(object: KubeObject & { kind: string }): void
  /** Kinds by plural that the cluster does not serve. */
  readonly missing: Set<string>
}

export function createTestCluster(): TestCluster {
  const stores = new Map<string, WritableStore>()
  const created: KubeObject[] = []
  const missing = new Set<string>()
  let version = 1
  const storeOf = (resource: string): WritableStore => {
    const known = stores.get(resource)
    if (known) return known
    const gvr = { group: '', version: 'v1', resource }
    const store = createStore(gvr, KINDS[resource] ?? resource)
    store.replace([], '1')
    stores.set(resource, store)
    return store
  }
  const plural = (kind: string) =>
    Object.entries(KINDS).find(([, name]) => name === kind)?.[0] ?? kind
  const caches = {
    async store({ resource }: GVR) {
      if (missing.has(resource)) throw new ApiError(404, 'NotFound', `${resource} is not served`)
      return storeOf(resource)
    },
    peek: ({ resource }: GVR) => (missing.has(resource) ? undefined : storeOf(resource)),
    status: () => [],
  }
  const client = {
    async create(gvr: GVR, object: KubeObject) {
      const { name, namespace = '' } = object.metadata
      if (name && storeOf(gvr.resource).get(namespace, name)) {
        throw alreadyExists(gvr.group, gvr.resource, name)
      }
      created.push(object)
      if (!name) return object
      const stamped = stamp(object)
      storeOf(gvr.resource).apply('ADDED', stamped)
      return stamped
    },
    async get({ group, resource }: GVR, name: string) {
      const entry = storeOf(resource).get('', name)
      if (!entry) throw notFound(group, resource, name)
      return entry.object
    },
  }
  const stamp = (object: KubeObject): KubeObject => {
    const metadata = {
      uid: `${object.metadata.namespace}/${object.metadata.name}`,
      creationTimestamp: '2026-01-01T00:00:00Z',
      ...object.metadata,
      resourceVersion: String(++version),
    }
    return { ...object, metadata }
  }
  return {
    created,
    missing,
    host: {
      name: 'host',
      caches: caches as unknown as CacheSet,
      client: client as unknown as KubeClient,
    } as ClusterAccess,
    put(object) {
      const store = storeOf(plural(object.kind))
      const { namespace = '', name = '' } = object.metadata
      store.apply(store.get(namespace, name) ? 'MODIFIED' : 'ADDED', stamp(object))
    },
    remove(object) {
      storeOf(plural(object.kind)).apply('DELETED', stamp(object))
    },
  }
}

type Kinded = KubeObject & { kind: string }

export async function user(
  name: string,
  of: {
    state?: string
    groups?: string[]
    password?: string
    annotations?: Record<string, string>
  } = {},
): Promise<Kinded> {
  return {
    kind: 'User',
    metadata: { name, ...(of.annotations ? { annotations: of.annotations } : {}) },
    spec: {
      email: `${name}@example.com`,
      lang: 'en',
      groups: of.groups ?? [],
      password: of.password ?? (await hash(PASSWORD, 4)),
    },
    status: { state: of.state ?? 'Active' },
  }
}

export function oauthClient(name: string, of: Record<string, unknown> = {}): Kinded {
  const document = {
    name,
    secret: `${name}-secret`,
    trusted: true,
    grantMethod: 'auto',
    scopeRestrictions: ['openid', 'email', 'profile'],
    redirectURIs: [`https://${name}.example/cb?keep=1`],
    ...of,
  }
  return {
    kind: 'Secret',
    type: 'config.kubesphere.io/oauthclient',
    metadata: {
      name: `oauthclient-${name}`,
      namespace: 'kubesphere-system',
      labels: { 'config.kubesphere.io/type': 'oauthclient' },
    },
    data: { 'configuration.yaml': Buffer.from(JSON.stringify(document)).toString('base64') },
  }
}

/** A Secret that configures an identity provider. */
export function providerSecret(
  name: string,
  type: string,
  provider: Record<string, unknown>,
  of: Record<string, unknown> = {},
  labels: Record<string, string> = { 'config.kubesphere.io/type': 'identityprovider' },
): Kinded {
  const document = { name, type, mappingMethod: 'auto', provider, ...of }
  return {
    kind: 'Secret',
    apiVersion: 'v1',
    type: 'config.kubesphere.io/identityprovider',
    metadata: { name: `identityprovider-${name}`, namespace: 'kubesphere-system', labels },
    data: { 'configuration.yaml': Buffer.from(JSON.stringify(document)).toString('base64') },
  }
}

interface TestClock {
  now: number
}

export interface TestIdentity {
  readonly cluster: TestCluster
  readonly identity: IdentityService
  readonly clock: TestClock
  readonly config: Config
}

export const SECRET = 'secret-of-the-tests-0123456789abcdef'

/** Identity over a test cluster that holds users eve and mallory, dave (disabled), and OAuth clients app1 and app2. */
export async function startIdentity(
  overrides: DeepPartial<Config> = {},
  cluster = createTestCluster(),
): Promise<TestIdentity & AsyncDisposable> {
  const config = defaultConfig({
    ...overrides,
    multicluster: { clusterRole: 'host', ...overrides.multicluster },
    authentication: {
      multipleLogin: true,
      ...overrides.authentication,
      issuer: {
        url: 'https://console.example',
        jwtSecret: SECRET,
        ...overrides.authentication?.issuer,
      },
    },
  })
  for (const name of ['eve', 'mallory']) cluster.put(await user(name))
  cluster.put(await user('dave', { state: 'Disabled' }))
  for (const name of ['app1', 'app2']) cluster.put(oauthClient(name))
  const clock = { now: START }
  const identity = await createIdentity({
    config,
    host: cluster.host,
    log: pino({ level: 'silent' }),
    metrics: { tokenLookup: () => {} },
    now: () => clock.now,
    ticks: () => clock.now,
  })
  return {
    cluster,
    identity,
    clock,
    config,
    [Symbol.asyncDispose]: () => identity[Symbol.asyncDispose](),
  }
}
