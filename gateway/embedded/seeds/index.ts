import { hash, verify } from '@node-rs/bcrypt'
import type { Logger } from 'pino'
import { PLATFORM_VERSION } from '../../domain/platform/index.ts'
import type { KubeClient } from '../../kube/api.ts'
import type { GVR, KubeObject } from '../../kube/types.ts'
import { isNotFound } from '../../lib/errors.ts'
import { each, ensure, established, resourceOf } from './apply.ts'
import { extensionCategories, iamCategories } from './categories.ts'
import { customResourceDefinitions } from './crds/index.ts'
import { demoLogins, demoNamespaces, demoObjects, type DemoLogin } from './demo.ts'
import { hostCluster, hostFacts } from './host-cluster.ts'
import {
  configSecrets,
  consoleAccount,
  namespace,
  packageNamespace,
  platformConfig,
  systemLabels,
  systemNamespace,
  systemNamespaces,
  systemWorkspace,
  uncategorized,
  user,
} from './platform.ts'
import { releaseGuard } from './release-guard.ts'
import { builtinRoles, clusterRoles, globalRoleBindings, globalRoles } from './roles.ts'
import { roleTemplates } from './templates/index.ts'

export type { DemoLogin } from './demo.ts'

const namespaces: GVR = { group: '', version: 'v1', resource: 'namespaces' }
const users: GVR = { group: 'iam.kubesphere.io', version: 'v1beta1', resource: 'users' }
const clusters: GVR = {
  group: 'cluster.kubesphere.io',
  version: 'v1alpha1',
  resource: 'clusters',
}
const bcryptCost = 10
/** Requests at a time; more only queue up in the API server. */
const width = 16

export interface SeedOptions {
  /** Also a workspace with two accounts and a running Deployment. */
  readonly demo: boolean
  /** Password of user `admin`, used when that user is not there yet. */
  readonly adminPassword: string
  /** Name of the Cluster object of this cluster; default `host`. */
  readonly hostName?: string
  /** Text of `kubesphere.yaml` for ConfigMap `kubesphere-config`; none is made without it. */
  readonly configYaml?: string
  readonly log?: Logger
  readonly signal?: AbortSignal
  /** Epoch milliseconds; default the clock. */
  readonly now?: () => number
}

export interface SeedReport {
  /** `<resource>.<group>[/<namespace>]/<name>` of each object that was not there before. */
  readonly created: readonly string[]
  /** How many objects were there already and were left as they are. */
  readonly present: number
  /** Whether `adminPassword` is the password of `admin`. */
  readonly adminCreated: boolean
  /** Accounts of the demo whose known password works: new ones, and those where nobody has changed it. */
  readonly demo: DemoLogin[]
  readonly milliseconds: number
}

/**
 * Puts the platform's custom resources and day-one objects into an empty cluster (objects-and-controllers.md §1, §2).
 * Can be run again: an object that is there is never changed, so an operator's edits stay. Throws ApiError with the
 * name of the first object that was refused.
 */
export async function seed(client: KubeClient, options: SeedOptions): Promise<SeedReport> {
  const started = performance.now()
  const { signal, log } = options
  const at = rfc3339((options.now ?? Date.now)())
  const created: string[] = []
  let present = 0
  const put = async (object: KubeObject): Promise<void> => {
    if (await ensure(client, object, signal)) created.push(label(object))
    else present++
  }

  const definitions = customResourceDefinitions()
  await Promise.all([
    each(definitions, width, put).then(() =>
      established(
        client,
        definitions.map(({ metadata }) => metadata.name ?? ''),
        signal,
      ),
    ),
    seedNamespaces(client, put, options),
  ])
  log?.debug({ created: created.length }, 'custom resources are served')

  const fixed = [
    ...configSecrets(),
    ...roleTemplates(),
    ...iamCategories(),
    ...extensionCategories(),
    ...globalRoles(),
    ...globalRoleBindings(),
    ...clusterRoles(),
    ...builtinRoles(),
    systemWorkspace(),
    consoleAccount(),
    uncategorized(),
    ...releaseGuard(),
    ...(options.configYaml === undefined ? [] : [platformConfig(options.configYaml)]),
  ]
  const demo = options.demo ? await missingDemo(client, at, signal) : { objects: [], logins: [] }
  const late = await Promise.all([
    missingHost(client, options, at),
    missingAdmin(client, options, at),
  ])
  await each([...fixed, ...late.flat(), ...demo.objects], width, put)

  const report: SeedReport = {
    created,
    present,
    adminCreated: created.includes('users.iam.kubesphere.io/admin'),
    demo: demo.logins,
    milliseconds: Math.round(performance.now() - started),
  }
  log?.info(
    { created: created.length, present, ms: report.milliseconds },
    'platform objects seeded',
  )
  return report
}

/**
 * The namespaces. Those of Kubernetes exist already and get their labels in one patch, once: namespace
 * kubesphere-system is made last and marks that this has been done.
 */
async function seedNamespaces(
  client: KubeClient,
  put: (object: KubeObject) => Promise<void>,
  { demo, signal }: SeedOptions,
): Promise<void> {
  const done = await find(client, namespaces, systemNamespace, signal)
  const others = systemNamespaces.filter((name) => name !== systemNamespace)
  await each(done ? [] : others, width, async (name) => {
    if (await ensure(client, namespace(name, systemLabels), signal)) return
    await client.patch(
      namespaces,
      name,
      { metadata: { labels: systemLabels } },
      {
        type: 'merge',
        signal,
      },
    )
  })
  await put(namespace(packageNamespace))
  if (demo) await each(demoNamespaces(), width, put)
  await put(namespace(systemNamespace, systemLabels))
}

async function missingHost(
  client: KubeClient,
  { hostName = 'host', signal }: SeedOptions,
  at: string,
): Promise<KubeObject[]> {
  if (await find(client, clusters, hostName, signal)) return []
  const facts = await hostFacts(client, PLATFORM_VERSION, signal)
  return [hostCluster(hostName, client.origin, facts, at)]
}

async function missingAdmin(
  client: KubeClient,
  { adminPassword, signal }: SeedOptions,
  at: string,
): Promise<KubeObject[]> {
  if (await find(client, users, 'admin', signal)) return []
  const admin = {
    name: 'admin',
    email: 'admin@kubesphere.io',
    hash: await hash(adminPassword, bcryptCost),
    globalRole: 'platform-admin',
    creator: 'system',
  }
  return [user(admin, at)]
}

/** The demo without the accounts that are there already, and the logins that will work. */
async function missingDemo(
  client: KubeClient,
  at: string,
  signal: AbortSignal | undefined,
): Promise<{ objects: KubeObject[]; logins: DemoLogin[] }> {
  const hashes = new Map<string, string>()
  const logins = await Promise.all(
    demoLogins.map(async (login) => {
      const { user: name, password } = login
      const present = await find<KubeObject & { spec?: { password?: string } }>(
        client,
        users,
        name,
        signal,
      )
      if (present) return (await verify(password, present.spec?.password ?? '')) ? [login] : []
      hashes.set(name, await hash(password, bcryptCost))
      return [login]
    }),
  )
  const objects = demoObjects(hashes, at).filter(
    ({ kind, metadata }) => kind !== 'User' || hashes.has(metadata.name ?? ''),
  )
  return { objects, logins: logins.flat() }
}

async function find<T extends KubeObject>(
  client: KubeClient,
  gvr: GVR,
  name: string,
  signal: AbortSignal | undefined,
): Promise<T | undefined> {
  try {
    return await client.get<T>(gvr, name, { signal })
  } catch (error) {
    if (isNotFound(error)) return undefined
    throw error
  }
}

function label(object: KubeObject): string {
  const { group, resource } = resourceOf(object)
  const { namespace: of, name } = object.metadata
  return [group ? `${resource}.${group}` : resource, ...(of ? [of] : []), name].join('/')
}

/** Kubernetes' time format: UTC, whole seconds. */
function rfc3339(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`
}
