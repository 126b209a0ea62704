import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { adjustView, requestInfo, sourceAddress } from '../../gateway/context/index.ts'
import type { RequestInfo, RequestView } from '../../gateway/context/index.ts'
import { ApiError } from '../../gateway/lib/errors.ts'
import { oracle } from './request-info.oracle.ts'

function view(method: string, url: string, headers: RequestView['headers'] = {}): RequestView {
  return { method, url, headers, remoteAddress: '192.0.2.1' }
}

const N = '/api/v1/namespaces/ns1'
const IAM = '/kapis/iam.kubesphere.io/v1beta1'
const TENANT = '/kapis/tenant.kubesphere.io/v1beta1'

/** Flags, verb, cluster, group, version, workspace, namespace, resource, name, subresource, scope, path if it changes. */
type Row = [
  request: string,
  flags: string,
  verb: string,
  rest: string,
  scope: string,
  path?: string,
]

/** pipeline.md §5.4; `rest` = cluster group version workspace namespace resource name subresource, `.` = empty. */
const rows: Row[] = [
  ['GET /version', '', 'GET', '. . . . . . . .', ''],
  ['GET /kapis/version', '', 'GET', '. . . . . . . .', ''],
  ['POST /oauth/token', '', 'POST', '. . . . . . . .', ''],
  ['GET /dist/foo/index.js', '', 'GET', '. . . . . . . .', ''],
  ['GET /proxy/foo/bar', '', 'GET', '. . . . . . . .', ''],
  ['GET /api', 'K', 'GET', '. . . . . . . .', ''],
  ['GET /api/v1', 'K', 'GET', '. . . . . . . .', ''],
  ['GET /apis/apps', 'K', 'GET', '. . . . . . . .', ''],
  ['GET /apis/apps/v1', 'K', 'GET', '. . . . . . . .', ''],
  ['GET /api/v1/nodes', 'RK', 'list', '. . v1 . . nodes . .', 'Cluster'],
  ['GET /api/v1/nodes/n1', 'RK', 'get', '. . v1 . . nodes n1 .', 'Cluster'],
  ['POST /api/v1/namespaces', 'RK', 'create', '. . v1 . . namespaces . .', 'Cluster'],
  [`GET ${N}`, 'RK', 'get', '. . v1 . ns1 namespaces ns1 .', 'Namespace'],
  [`PUT ${N}/finalize`, 'RK', 'update', '. . v1 . ns1 namespaces ns1 finalize', 'Namespace'],
  [`HEAD ${N}/pods`, 'RK', 'list', '. . v1 . ns1 pods . .', 'Namespace'],
  [`GET ${N}/pods?watch=true`, 'RK', 'watch', '. . v1 . ns1 pods . .', 'Namespace'],
  [`GET ${N}/pods?watch=`, 'RK', 'watch', '. . v1 . ns1 pods . .', 'Namespace'],
  [`GET ${N}/pods?watch=0`, 'RK', 'list', '. . v1 . ns1 pods . .', 'Namespace'],
  [`GET ${N}/pods?watch=FALSE`, 'RK', 'list', '. . v1 . ns1 pods . .', 'Namespace'],
  [
    `GET ${N}/pods?fieldSelector=metadata.name=p1`,
    'RK',
    'list',
    '. . v1 . ns1 pods p1 .',
    'Namespace',
  ],
  [
    `GET ${N}/pods?fieldSelector=metadata.name=p1&limit=x`,
    'RK',
    'list',
    '. . v1 . ns1 pods . .',
    'Namespace',
  ],
  [
    `GET ${N}/pods?fieldSelector=metadata.name=..`,
    'RK',
    'list',
    '. . v1 . ns1 pods . .',
    'Namespace',
  ],
  [
    `GET ${N}/pods?fieldSelector=metadata.name!=p1`,
    'RK',
    'list',
    '. . v1 . ns1 pods . .',
    'Namespace',
  ],
  [`GET ${N}/pods/p1/log`, 'RK', 'get', '. . v1 . ns1 pods p1 log', 'Namespace'],
  [`POST ${N}/pods/p1/exec`, 'RK', 'create', '. . v1 . ns1 pods p1 exec', 'Namespace'],
  [`DELETE ${N}/pods`, 'RK', 'deletecollection', '. . v1 . ns1 pods . .', 'Namespace'],
  [`OPTIONS ${N}/pods`, 'RK', '', '. . v1 . ns1 pods . .', 'Namespace'],
  [
    'GET /api/v1/watch/namespaces?labelSelector=kubesphere.io/workspace=ws1',
    'RK',
    'watch',
    '. . v1 ws1 . namespaces . .',
    'Workspace',
  ],
  ['DELETE /api/v1/watch/pods', 'RK', 'watch', '. . v1 . . pods . .', 'Cluster'],
  [
    'GET /api/v1/proxy/namespaces/ns1/pods/p1/x',
    'RK',
    'proxy',
    '. . v1 . ns1 pods p1 .',
    'Namespace',
  ],
  [
    'PATCH /apis/apps/v1/namespaces/ns1/deployments/d1',
    'RK',
    'patch',
    '. apps v1 . ns1 deployments d1 .',
    'Namespace',
  ],
  [
    'GET /apis/iam.kubesphere.io/v1beta1/users',
    'RK',
    'list',
    '. iam.kubesphere.io v1beta1 . . users . .',
    'Global',
  ],
  [`GET ${IAM}/users`, 'R', 'list', '. iam.kubesphere.io v1beta1 . . users . .', 'Global'],
  [`GET ${IAM}/users/`, 'R', 'list', '. iam.kubesphere.io v1beta1 . . users . .', 'Global'],
  [
    `GET ${IAM}/users/admin/loginrecords`,
    'R',
    'get',
    '. iam.kubesphere.io v1beta1 . . users admin loginrecords',
    'Global',
  ],
  [
    `GET ${IAM}/workspaces/ws1/workspacemembers`,
    'R',
    'list',
    '. iam.kubesphere.io v1beta1 ws1 . workspacemembers . .',
    'Workspace',
  ],
  [
    `GET ${IAM}/namespaces/ns1/namespacemembers/bob`,
    'R',
    'get',
    '. iam.kubesphere.io v1beta1 . ns1 namespacemembers bob .',
    'Namespace',
  ],
  [
    `GET ${IAM}/namespaces/ns1/users`,
    'R',
    'list',
    '. iam.kubesphere.io v1beta1 . ns1 users . .',
    'Global',
  ],
  [
    `GET ${IAM}/workspaces/ws1/users`,
    'R',
    'list',
    '. iam.kubesphere.io v1beta1 ws1 . users . .',
    'Workspace',
  ],
  [
    `GET ${IAM}/clustermembers`,
    'R',
    'list',
    '. iam.kubesphere.io v1beta1 . . clustermembers . .',
    'Cluster',
  ],
  [
    `GET ${TENANT}/workspaces`,
    'R',
    'list',
    '. tenant.kubesphere.io v1beta1 . . workspaces . .',
    'Global',
  ],
  [
    `GET ${TENANT}/workspaces/ws1`,
    'R',
    'get',
    '. tenant.kubesphere.io v1beta1 ws1 . workspaces ws1 .',
    'Workspace',
  ],
  [
    `POST ${TENANT}/workspacetemplates`,
    'R',
    'create',
    '. tenant.kubesphere.io v1beta1 . . workspacetemplates . .',
    'Cluster',
  ],
  [
    `PATCH ${TENANT}/workspacetemplates/ws1`,
    'R',
    'patch',
    '. tenant.kubesphere.io v1beta1 ws1 . workspacetemplates ws1 .',
    'Workspace',
  ],
  [
    `GET ${TENANT}/workspaces/ws1/namespaces`,
    'R',
    'list',
    '. tenant.kubesphere.io v1beta1 ws1 . namespaces . .',
    'Workspace',
  ],
  [
    `DELETE ${TENANT}/workspaces/ws1/namespaces/ns1`,
    'R',
    'delete',
    '. tenant.kubesphere.io v1beta1 ws1 ns1 namespaces ns1 .',
    'Namespace',
  ],
  [
    `GET ${TENANT}/workspaces/ws1/clusters`,
    'R',
    'list',
    '. tenant.kubesphere.io v1beta1 ws1 . clusters . .',
    'Workspace',
  ],
  [
    'GET /kapis/resources.kubesphere.io/v1alpha3/clusters/c1',
    'R',
    'get',
    '. resources.kubesphere.io v1alpha3 . . clusters c1 .',
    'Global',
  ],
  [
    'GET /kapis/resources.kubesphere.io/v1alpha3/workspaces/ws1/namespaces/ns1/deployments',
    'R',
    'list',
    '. resources.kubesphere.io v1alpha3 ws1 ns1 deployments . .',
    'Namespace',
  ],
  [
    'GET /kapis/g.io/v1/workspaces/ws1/foos/f1/status',
    'R',
    'get',
    '. g.io v1 ws1 . foos f1 status',
    'Workspace',
  ],
  [
    'GET /kapis/terminal.kubesphere.io/v1alpha2/namespaces/ns1/pods/p1/exec',
    'R',
    'get',
    '. terminal.kubesphere.io v1alpha2 . ns1 pods p1 exec',
    'Namespace',
  ],
  ['GET /kapi/v1/pods', 'R', 'list', '. . v1 . . pods . .', 'Cluster'],
  ['GET /clusters/c1', '', 'GET', '. . . . . . . .', ''],
  ['GET /clusters/c1/version', '', 'GET', 'c1 . . . . . . .', '', '/version'],
  [
    `GET /clusters/c1${IAM}/clustermembers`,
    'R',
    'list',
    'c1 iam.kubesphere.io v1beta1 . . clustermembers . .',
    'Cluster',
    `${IAM}/clustermembers`,
  ],
  [
    'GET /clusters/c1/api/v1/nodes',
    'RK',
    'list',
    'c1 . v1 . . nodes . .',
    'Cluster',
    '/api/v1/nodes',
  ],
  ['GET /clusters/c1/apis/apps/v1', 'K', 'GET', 'c1 . . . . . . .', '', '/apis/apps/v1'],
  ['GET /clusters/c1/proxy/foo', '', 'GET', 'c1 . . . . . . .', '', '/proxy/foo'],
  [
    'GET /kapis/clusters/c1/iam.kubesphere.io/v1beta1/clustermembers',
    'R',
    'list',
    'c1 iam.kubesphere.io v1beta1 . . clustermembers . .',
    'Cluster',
    `${IAM}/clustermembers`,
  ],
  [
    'GET /api/clusters/c1/v1/nodes',
    'RK',
    'list',
    'c1 . v1 . . nodes . .',
    'Cluster',
    '/api/v1/nodes',
  ],
  ['GET /api/clusters/c1', 'RK', 'list', 'c1 . clusters . . c1 . .', 'Cluster', '/api'],
  ['GET /kapis/clusters/c1', '', 'GET', 'c1 . . . . . . .', '', '/kapis'],
  [
    'GET /kapis//iam.kubesphere.io/v1beta1/users',
    'R',
    'get',
    '. . iam.kubesphere.io . . v1beta1 users .',
    'Cluster',
  ],
  [
    'GET /api/v1/namespaces/a%2Fb/pods',
    'RK',
    'get',
    '. . v1 . a b pods .',
    'Namespace',
    '/api/v1/namespaces/a/b/pods',
  ],
]

function shown(info: RequestInfo): string[] {
  return [
    info.cluster,
    info.apiGroup,
    info.apiVersion,
    info.workspace,
    info.namespace,
    info.resource,
    info.name,
    info.subresource,
  ]
}

describe('a request is read as the table of the pipeline says', () => {
  for (const [request, flags, verb, rest, scope, path] of rows) {
    test(request, () => {
      const [method = '', url = ''] = request.split(' ')
      const info = requestInfo(view(method, url))
      assert.deepEqual(
        shown(info),
        rest.split(' ').map((word) => (word === '.' ? '' : word)),
      )
      assert.equal(info.verb, verb)
      assert.equal(info.isResourceRequest, flags.includes('R'))
      assert.equal(info.isKubernetesRequest, flags.includes('K'))
      assert.equal(info.resourceScope, scope)
      assert.equal(info.path, path ?? decodeURIComponent(url.split('?')[0] ?? ''))
    })
  }
})

function codeOf(url: string): number {
  try {
    requestInfo(view('GET', url))
    return 200
  } catch (error) {
    assert.ok(error instanceof ApiError)
    return error.code
  }
}

test('hole 60: paths that are cut off before their resource are a 400, not a crash', () => {
  const shapes = [
    '/clusters/x/api',
    '/clusters/x/kapi',
    '/clusters/x/api/v1',
    '/api/clusters/x/v1',
    '/clusters//kapis',
    '/clusters//apis',
  ]
  for (const url of shapes) assert.equal(codeOf(url), 400, url)
})

test('a watch without a kind is the 500 that the original answers', () => {
  assert.throws(() => requestInfo(view('GET', '/api/v1/watch')), {
    code: 500,
    message:
      'failed to crate RequestInfo: unable to determine kind and namespace from url: /api/v1/watch',
  })
})

test('hole 64: dot segments are refused however they are spelled', () => {
  for (const dots of ['..', '%2e%2e', '.%2E', '.', '%2e', 'x%2F..%2Fy']) {
    assert.equal(codeOf(`/kapis/g/v1/namespaces/a/${dots}/b/foos`), 400, dots)
    assert.equal(codeOf(`/kapis/g/v1/foos/${dots}`), 400, dots)
  }
  assert.equal(codeOf('/kapis/g/v1/foos/...'), 200)
  assert.equal(codeOf('/kapis/g/v1/foos/.hidden'), 200)
  assert.equal(codeOf('/kapis/g/v1/foos/%zz'), 400)
})

/** Deterministic, so that a failure can be repeated. */
function random(seed: number): <T>(of: readonly T[]) => T {
  let state = seed
  return (of) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return of[Math.floor((state / 2 ** 32) * of.length)] as never
  }
}

test('20,000 random requests read the same as by an independent reading of the rules', () => {
  const pick = random(20_260_301)
  const words = [
    'clusters',
    'c1',
    'host',
    'api',
    'apis',
    'kapi',
    'kapis',
    'v1',
    'v1beta1',
    'watch',
    'proxy',
    'workspaces',
    'workspacetemplates',
    'ws1',
    'namespaces',
    'ns1',
    'status',
    'finalize',
    'pods',
    'users',
    'labels',
    'iam.kubesphere.io',
    'tenant.kubesphere.io',
    'cluster.kubesphere.io',
    'resources.kubesphere.io',
    'apps',
    '',
    'a%2Fb',
    'version',
  ]
  const heads = [
    '',
    '/clusters/c1',
    '/kapis',
    '/apis',
    '/api',
    '/kapi',
    '/kapis/clusters/c1',
    '/kapis/iam.kubesphere.io/v1beta1',
    '/api/v1',
  ]
  const queries = [
    '',
    '',
    '?watch=true',
    '?watch=0',
    '?watch',
    '?fieldSelector=metadata.name%3Dx',
    '?fieldSelector=metadata.name==x',
    '?watch=1&labelSelector=kubesphere.io/workspace%3Dws2',
    '?labelSelector=kubesphere.io/workspace=ws2',
  ]
  const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS']
  for (let round = 0; round < 20_000; round++) {
    const count = pick([0, 1, 2, 3, 4, 5, 6, 7])
    const tail = Array.from({ length: count }, () => `/${pick(words)}`).join('')
    const url = `${pick(heads)}${tail || '/'}${pick(['', '', '/'])}${pick(queries)}`
    const method = pick(methods)
    const wanted = oracle(method, url)
    const got = reading(method, url)
    assert.deepEqual(got, wanted, `${method} ${url}`)
  }
})

function reading(method: string, url: string): ReturnType<typeof oracle> {
  try {
    const info = requestInfo(view(method, url))
    return {
      path: info.path,
      verb: info.verb,
      cluster: info.cluster,
      prefix: info.apiPrefix,
      group: info.apiGroup,
      version: info.apiVersion,
      workspace: info.workspace,
      namespace: info.namespace,
      resource: info.resource,
      name: info.name,
      subresource: info.subresource,
      scope: info.resourceScope,
      resourceRequest: info.isResourceRequest,
      kubernetes: info.isKubernetesRequest,
    }
  } catch (error) {
    assert.ok(error instanceof ApiError)
    return error.code === 500 ? 'error' : 'malformed'
  }
}

describe('what a host cluster had to rename comes back by its own name', () => {
  test('X-KubeSphere-Authorization fills an empty Authorization only', () => {
    const filled = adjustView(view('GET', '/x', { 'x-kubesphere-authorization': 'Bearer a' }))
    assert.deepEqual(filled.headers, { authorization: 'Bearer a' })
    const headers = { authorization: 'Bearer b', 'x-kubesphere-authorization': 'Bearer a' }
    assert.deepEqual(adjustView(view('GET', '/x', headers)).headers, { authorization: 'Bearer b' })
  })
  test('dryrun becomes dryRun at its first place in the text', () => {
    assert.equal(adjustView(view('POST', '/x?dryrun=All')).url, '/x?dryRun=All')
    assert.equal(adjustView(view('POST', '/x?a=dryrun&dryrun=All')).url, '/x?a=dryRun&dryrun=All')
    assert.equal(adjustView(view('POST', '/x?a=dryrun')).url, '/x?a=dryrun')
  })
  test('X-KubeSphere-Rawquery fills an empty query, and must be one', () => {
    const raw = (url: string, value: string) =>
      adjustView(view('GET', url, { 'x-kubesphere-rawquery': value }))
    assert.equal(raw('/x', 'watch=true').url, '/x?watch=true')
    assert.equal(raw('/x?a=1', 'watch=true').url, '/x?a=1')
    assert.deepEqual(raw('/x', 'watch=true').headers, {})
    assert.throws(() => raw('/x', 'a=1#frag'), { code: 400 })
    assert.throws(() => raw('/x', 'a=1 HTTP/1.1'), { code: 400 })
  })
})

test('hole 65: forwarding headers are believed from configured proxies only', () => {
  const headers = { 'x-forwarded-for': '1.2.3.4, 5.6.7.8' }
  const from = (remoteAddress: string, trusted: string[], of: RequestView['headers'] = headers) =>
    sourceAddress({ headers: of, remoteAddress }, trusted)
  assert.equal(from('127.0.0.1', []), '127.0.0.1')
  assert.equal(from('::1', []), '127.0.0.1')
  assert.equal(from('::ffff:10.0.0.9', []), '10.0.0.9')
  assert.equal(from('127.0.0.1', ['127.0.0.0/8']), '5.6.7.8')
  assert.equal(from('127.0.0.1', ['127.0.0.0/8', '5.6.7.8']), '1.2.3.4')
  assert.equal(from('10.1.1.1', ['127.0.0.0/8']), '10.1.1.1')
  assert.equal(from('127.0.0.1', ['127.0.0.1'], { 'x-client-ip': '9.9.9.9' }), '9.9.9.9')
  assert.equal(from('127.0.0.1', ['127.0.0.1'], { 'x-client-ip': '<script>' }), '127.0.0.1')
})
