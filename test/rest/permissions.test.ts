import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { pino } from 'pino'
import { createAuthorizer } from '../../gateway/domain/access/index.ts'
import type { Attributes, UserInfo, Verdict } from '../../gateway/domain/operation.ts'
import {
  builtinRoles,
  globalRoleBindings,
  globalRoles,
} from '../../gateway/embedded/seeds/roles.ts'
import type { KubeObject } from '../../gateway/kube/types.ts'
import { allRoutes } from '../../rest-compat/routes/index.ts'
import type { RouteRow } from '../../rest-compat/routes/registry.ts'
import { silentRego } from '../rego/support.ts'
import { createTestCluster } from '../identity/cluster.ts'
import { oracle } from '../identity/request-info.oracle.ts'
import { face, raw, upstream, type FaceUnderTest, type Upstream } from './support.ts'

/** Who asks: nobody, one without any role, an administrator of workspace alpha, one of its project, one of everything. */
const users = [undefined, 'eve', 'alice', 'carol', 'admin'] as const
const iam = 'iam.kubesphere.io/v1beta1'
const open =
  /^\/(?:oauth\/|dist\/|version$|metrics$|livez$|healthz$|readyz$|openapi\/v[23]$|\.well-known\/openid-configuration$)/

type Kinded = KubeObject & { kind: string }

/** Roles as they are on day one; alice and carol hold the roles that a workspace and a project come with. */
function objects(): Kinded[] {
  const roleOf = (name: string): KubeObject => {
    const found = builtinRoles().find(({ metadata }) => metadata.name === name)
    return found?.['role'] as KubeObject
  }
  const alpha = { 'kubesphere.io/workspace': 'alpha' }
  const subject = (name: string) => [{ apiGroup: iam, kind: 'User', name }]
  const binding = (kind: string, who: string, role: string, metadata: object) => ({
    apiVersion: iam,
    kind: `${kind}Binding`,
    metadata: { name: `${who}-${role}`, ...metadata },
    roleRef: { apiGroup: iam, kind, name: role },
    subjects: subject(who),
  })
  return [
    ...globalRoles(),
    ...globalRoleBindings(),
    { ...roleOf('workspace-admin'), metadata: { name: 'alpha-admin', labels: alpha } },
    binding('WorkspaceRole', 'alice', 'alpha-admin', { labels: alpha }),
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'alpha-prod', labels: alpha } },
    { ...roleOf('project-admin'), metadata: { name: 'admin', namespace: 'alpha-prod' } },
    binding('Role', 'carol', 'admin', { namespace: 'alpha-prod' }),
  ] as Kinded[]
}

interface Question {
  user: string
  asked: Attributes
  verdict: Verdict
}

/** Shapes in which a request for a row can come. */
const shapes: Record<string, (row: RouteRow) => { path: string; upgrade?: string } | undefined> = {
  plain: ({ sample }) => ({ path: sample }),
  websocket: ({ sample }) => ({ path: sample, upgrade: 'websocket' }),
  spdy: ({ sample }) => ({ path: sample, upgrade: 'SPDY/3.1' }),
  'of the host cluster': ({ sample }) => ({ path: `/clusters/host${sample}` }),
  'of the host cluster, second form': ({ sample }) =>
    sample.startsWith('/kapis/')
      ? { path: sample.replace('/kapis/', '/kapis/clusters/host/') }
      : undefined,
}

let app: FaceUnderTest
let kube: Upstream
const questions: Question[] = []
const ran: string[] = []
const rego = silentRego()

before(async () => {
  const cluster = createTestCluster()
  for (const object of objects()) cluster.put(object)
  const log = pino({ level: 'silent' })
  const rbac = await createAuthorizer({ mode: 'RBAC', host: cluster.host, rego, log })
  const authorizer = {
    async authorize(user: UserInfo, asked: Attributes) {
      const verdict = await rbac.authorize(user, asked)
      questions.push({ user: user.name, asked, verdict })
      return verdict
    },
  }
  // The rows as they are, but that a handler only says that it ran.
  const rows = allRoutes.map((row): RouteRow => ({
    ...row,
    handler: () => {
      ran.push(row.operation)
      return { status: 299 }
    },
    ...(row.upgrade && {
      upgrade: async () => {
        ran.push(row.operation)
        return { status: 299 }
      },
    }),
  }))
  kube = await upstream()
  app = await face({ rows, kube, objects: extensions(kube.url), app: { authorizer } })
})

after(async () => {
  await rego[Symbol.asyncDispose]()
  await app?.[Symbol.asyncDispose]()
  await kube?.[Symbol.asyncDispose]()
})

function extensions(url: string): Record<string, KubeObject[]> {
  const of = (kind: string, name: string, spec: object, status: object = {}): KubeObject => ({
    apiVersion: 'extensions.kubesphere.io/v1alpha1',
    kind,
    metadata: { name },
    spec,
    status: { state: 'Available', ...status },
  })
  return {
    apiservices: [of('APIService', 'v1.ext.io', { group: 'ext.io', version: 'v1', url })],
    reverseproxies: [
      of('ReverseProxy', 'p', { matcher: { path: '/proxy/p/*', method: '*' }, upstream: { url } }),
    ],
    jsbundles: [of('JSBundle', 'b', { raw: '' }, { link: '/dist/b/index.js' })],
  }
}

async function send(
  method: string,
  path: string,
  user: string | undefined,
  more: Record<string, string> = {},
): Promise<number> {
  questions.length = 0
  ran.length = 0
  const headers = {
    Host: 'x',
    Connection: more['Upgrade'] ? 'Upgrade' : 'close',
    ...(user && { Authorization: `Bearer ${user}` }),
    ...more,
  }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  const text = await raw(app.url, [`${method} ${path} HTTP/1.1`, ...lines, '', ''].join('\r\n'))
  return Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1])
}

/** What the authorizer must have been asked of a request, by a second reading of the path. */
function expected(method: string, path: string): object {
  const read = oracle(method, path)
  assert.ok(typeof read === 'object', path)
  return {
    verb: read.verb,
    apiGroup: read.group,
    apiVersion: read.version,
    resource: read.resource,
    subresource: read.subresource,
    name: read.name,
    namespace: read.namespace,
    workspace: read.workspace,
    cluster: read.cluster,
    scope: read.scope,
    path: read.path,
    resourceRequest: read.resourceRequest,
    kubernetesRequest: read.kubernetes,
  }
}

/** One question, about this request, by this user, and the answer that follows from it. */
function assertJudged(method: string, path: string, user: string | undefined, status: number) {
  const what = `${method} ${path} as ${user}`
  assert.equal(questions.length, 1, `${what}: asked once`)
  const [question] = questions
  assert.equal(question?.user, user ?? 'system:anonymous', what)
  assert.deepEqual(question?.asked, expected(method, path), what)
  const allowed = question?.verdict.decision === 'Allow'
  assert.equal(status === 403, !allowed, `${what}: ${status}`)
  return allowed
}

describe('no route answers before the authorizer has', () => {
  for (const [shape, of] of Object.entries(shapes)) {
    test(`asked ${shape}`, async () => {
      let checked = 0
      for (const row of allRoutes) {
        const { path, upgrade } = of(row) ?? {}
        if (path === undefined) continue
        const local = path.replace(/^\/clusters\/host/, '').split('?')[0] ?? ''
        for (const user of users) {
          const status = await send(row.method, path, user, {
            ...(row.consumes && { 'Content-Type': row.consumes[0] ?? '' }),
            ...(upgrade && { Upgrade: upgrade }),
          })
          checked++
          if (open.test(local)) {
            assert.equal(questions.length, 0, `${path} is open`)
            assert.equal(status, 299, `${row.method} ${path}`)
            continue
          }
          const allowed = assertJudged(row.method, path, user, status)
          assert.equal(ran.length, allowed ? 1 : 0, `${row.method} ${path} as ${user}`)
        }
      }
      assert.ok(checked >= 5 * 100, `${checked} requests`)
    })
  }

  test('what lies beside the routes: proxies, passthrough, kinds without a route', async () => {
    const upgrade = { Upgrade: 'websocket' }
    const requests: [string, string, Record<string, string>?][] = [
      ['GET', '/api'],
      ['GET', '/apis/apps/v1'],
      ['GET', '/api/v1/pods'],
      ['GET', '/api/v1/namespaces/alpha-prod/pods?watch=true'],
      ['GET', '/api/v1/watch/namespaces/alpha-prod/pods', upgrade],
      ['POST', '/api/v1/namespaces/alpha-prod/pods/p/exec', upgrade],
      ['POST', '/api/v1/namespaces/alpha-prod/pods/p/exec', { Upgrade: 'SPDY/3.1' }],
      ['DELETE', '/apis/apps/v1/namespaces/alpha-prod/deployments'],
      ['GET', '/api/v1/namespaces/alpha-prod/services/s/proxy/x'],
      ['GET', '/api/v1/proxy/namespaces/alpha-prod/services/s'],
      ['GET', '/kapis/ext.io/v1/namespaces/alpha-prod/things'],
      ['GET', '/kapis/ext.io/v1/workspaces/alpha/things/x/sub', upgrade],
      ['PATCH', '/kapis/ext.io/v1/things/x'],
      ['GET', '/proxy/p/x'],
      ['GET', '/proxy/p/x', upgrade],
      ['GET', '/kapis/other.io/v1/things'],
      ['DELETE', '/kapis/iam.kubesphere.io/v1beta1/users/admin/x'],
      ['GET', '/kapi/v1/namespaces/alpha-prod/secrets'],
      ['GET', '/nope'],
      ['OPTIONS', '/kapis/iam.kubesphere.io/v1beta1/users'],
      ['TRACE', '/kapis/iam.kubesphere.io/v1beta1/users'],
    ]
    for (const [method, path, headers] of requests) {
      for (const user of users) {
        const before = { seen: kube.seen.length, connections: kube.connections }
        const status = await send(method, path, user, headers)
        if (assertJudged(method, path, user, status)) continue
        assert.equal(kube.seen.length, before.seen, `${path} as ${user} left the server`)
        assert.equal(kube.connections, before.connections, `${path} as ${user} was dialled`)
      }
    }
    assert.equal(await send('GET', '/dist/b/index.js', undefined), 200)
    assert.equal(questions.length, 0)
  })
})

describe('with the roles of day one', () => {
  const allowedTo = async (user: string | undefined): Promise<string[]> => {
    const operations: string[] = []
    for (const { method, sample, operation, consumes } of allRoutes) {
      if (open.test(sample.split('?')[0] ?? '')) continue
      const type: Record<string, string> = consumes ? { 'Content-Type': consumes[0] ?? '' } : {}
      if ((await send(method, sample, user, type)) !== 403) operations.push(operation)
    }
    return operations
  }
  const rowsOf = (operations: readonly string[]) =>
    allRoutes.filter(({ operation }) => operations.includes(operation))

  test('nobody without credentials sees more than the configuration and pictures', async () => {
    const paths = rowsOf(await allowedTo(undefined)).map(({ method, path }) => `${method} ${path}`)
    assert.deepEqual(paths.toSorted(), [
      'GET /kapis/config.kubesphere.io/v1alpha2/configs/configz',
      'GET /kapis/config.kubesphere.io/v1alpha2/configs/oauth',
      'GET /kapis/config.kubesphere.io/v1alpha2/configs/theme',
      'GET /static/images/{file}',
    ])
  })

  test('whoever has no role changes nothing but what the handlers themselves judge', async () => {
    const writes = rowsOf(await allowedTo('eve')).filter(({ method }) => method !== 'GET')
    assert.deepEqual(writes.map(({ method, path }) => `${method} ${path}`).toSorted(), [
      'PATCH /kapis/tenant.kubesphere.io/v1beta1/workspacetemplates/{workspace}',
      'POST /kapis/resources.kubesphere.io/v1alpha2/git/verify',
      'POST /kapis/resources.kubesphere.io/v1alpha2/registry/verify',
    ])
  })

  test('an administrator of a workspace writes in it, in the own account and in nothing else', async () => {
    const more = rowsOf(await allowedTo('alice')).filter(
      ({ method, sample }) => method !== 'GET' && !/\/alpha|\/users\/alice\b/.test(sample),
    )
    const eve = await allowedTo('eve')
    assert.deepEqual(
      more.filter(({ operation }) => !eve.includes(operation)).map(({ sample }) => sample),
      [],
    )
  })

  test('the platform’s administrator may ask everything', async () => {
    const rows = allRoutes.filter(({ sample }) => !open.test(sample.split('?')[0] ?? ''))
    assert.equal((await allowedTo('admin')).length, rows.length)
  })
})
