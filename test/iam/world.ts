import assert from 'node:assert/strict'
import type { Server } from 'node:net'
import type { Logger } from 'pino'
import { defaultConfig, type Config, type DeepPartial } from '../../gateway/config/index.ts'
import type { App } from '../../gateway/context/app.ts'
import { startControllers, type Controllers } from '../../gateway/embedded/controllers/index.ts'
import { seed } from '../../gateway/embedded/seeds/index.ts'
import type { KubeClient } from '../../gateway/kube/api.ts'
import { startFacade } from '../../gateway/server/serve.ts'
import { serverLog } from '../env/log.ts'
import { startTestPlane } from '../env/plane.ts'
import { seeing } from '../env/seen.ts'

export const PASSWORD = 'Pa55word-of-tests'
export const IAM = '/kapis/iam.kubesphere.io/v1beta1'
export const TENANT = '/kapis/tenant.kubesphere.io/v1beta1'

type Json = Record<string, unknown>

/** Metadata, spec and what else tests read of an answer. */
export interface Answer {
  status: number
  text: string
  /** The body as JSON; empty when it is none. */
  json: Json & {
    metadata: { name: string; resourceVersion: string; annotations?: Json; labels?: Json }
    spec: Json
    items: (Json & { metadata: { name: string; annotations?: Json } })[] | null
    totalItems: number
  }
  /** Names of `items`. */
  names: string[]
}

export interface Caller {
  get(path: string): Promise<Answer>
  post(path: string, body: unknown): Promise<Answer>
  put(path: string, body: unknown): Promise<Answer>
  patch(path: string, body: unknown, type?: string): Promise<Answer>
  delete(path: string, body?: unknown): Promise<Answer>
}

export interface World extends AsyncDisposable {
  readonly url: string
  readonly app: App
  /** With the API server's own rights. What it writes is in the server's caches when the write returns. */
  readonly kube: KubeClient
  /** Logs in; a password that is not the tests' own may be given. */
  as(user: string, password?: string): Promise<Caller>
  /** An access token. Throws when the login fails. */
  login(user: string, password?: string): Promise<string>
  withToken(token: string): Caller
  /** Everything that the last writes lead to is done. */
  settled(): Promise<void>
}

/** An embedded platform with nothing but the seeds in it, behind a real port. */
export async function startWorld(
  overrides: {
    readonly openHosts?: readonly string[]
    readonly config?: DeepPartial<Config>
    readonly log?: Logger
    /** Listens already. */
    readonly listenOn?: Server
  } = {},
): Promise<World> {
  await using stack = new AsyncDisposableStack()
  const { log = serverLog() } = overrides
  const plane = stack.use(await startTestPlane({ nodes: 0 }))
  const authentication = overrides.config?.authentication
  const config = defaultConfig({
    kubernetes: { kubeconfig: plane.kubeconfigPath },
    ...overrides.config,
    server: { bindAddress: '127.0.0.1', insecurePort: 0, ...overrides.config?.server },
    multicluster: { clusterRole: 'host', hostClusterName: 'host' },
    authentication: {
      multipleLogin: true,
      ...authentication,
      issuer: { jwtSecret: 'secret-of-the-iam-tests', ...authentication?.issuer },
    },
  })
  let controllers: Controllers | undefined
  const { app, server } = stack.use(
    await startFacade(config, {
      ...overrides,
      log,
      reconcile: async ({ host }) => {
        await seed(host.client, { demo: false, adminPassword: PASSWORD, log })
        controllers = await startControllers({ host, log, config, openHosts: overrides.openHosts })
        return controllers
      },
    }),
  )
  const owned = stack.move()
  const withToken = (token: string): Caller => caller(server.url, token)
  const login = (user: string, password = PASSWORD): Promise<string> =>
    tokenFor(server.url, user, password)
  return {
    url: server.url,
    app,
    kube: seeing(app.clusters.host.client, [app.clusters.host.caches]),
    login,
    withToken,
    as: async (user, password) => withToken(await login(user, password)),
    settled: async () => controllers?.settled(),
    [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose](),
  }
}

async function tokenFor(url: string, username: string, password: string): Promise<string> {
  const body = new URLSearchParams({
    grant_type: 'password',
    client_id: 'kubesphere',
    client_secret: 'kubesphere',
    username,
    password,
  })
  const response = await fetch(`${url}/oauth/token`, { method: 'POST', body })
  const text = await response.text()
  assert.equal(response.status, 200, `login of ${username}: ${text}`)
  return (JSON.parse(text) as { access_token: string }).access_token
}

function caller(url: string, token: string): Caller {
  const call = async (
    method: string,
    path: string,
    body?: unknown,
    type = 'application/json',
  ): Promise<Answer> => {
    const response = await fetch(url + path, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': type }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    const json = parsed(text)
    return { status: response.status, text, json, names: (json.items ?? []).map(nameOf) }
  }
  return {
    get: (path) => call('GET', path),
    post: (path, body) => call('POST', path, body),
    put: (path, body) => call('PUT', path, body),
    patch: (path, body, type) => call('PATCH', path, body, type),
    delete: (path, body) => call('DELETE', path, body),
  }
}

const nameOf = (item: { metadata: { name: string } }): string => item.metadata.name

function parsed(text: string): Answer['json'] {
  try {
    return (JSON.parse(text) ?? {}) as Answer['json']
  } catch {
    return {} as Answer['json']
  }
}

/** A User to create. */
export function account(name: string, globalRole?: string): Json {
  return {
    apiVersion: 'iam.kubesphere.io/v1beta1',
    kind: 'User',
    metadata: {
      name,
      ...(globalRole ? { annotations: { 'iam.kubesphere.io/globalrole': globalRole } } : {}),
    },
    spec: { email: `${name}@example.com`, password: PASSWORD },
  }
}

/** A WorkspaceTemplate to create. */
export function workspace(name: string, manager: string, placement: Json = {}): Json {
  return {
    apiVersion: 'tenant.kubesphere.io/v1beta1',
    kind: 'WorkspaceTemplate',
    metadata: { name },
    spec: { template: { metadata: {}, spec: { manager } }, placement },
  }
}

/** A project to create in a workspace. */
export function project(name: string, creator: string): Json {
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name,
      labels: { 'kubesphere.io/managed': 'true' },
      annotations: { 'kubesphere.io/creator': creator },
    },
  }
}

/** Asks until the answer is as wanted: for what is written after the response that led to it. At most a minute. */
export async function eventually<T>(
  ask: () => Promise<T>,
  wanted: (answer: T) => boolean,
): Promise<T> {
  const deadline = performance.now() + 60_000
  for (;;) {
    const answer = await ask()
    if (wanted(answer) || performance.now() > deadline) return answer
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
}
