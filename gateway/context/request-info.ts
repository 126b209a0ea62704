import { ApiError, badRequest } from '../lib/errors.ts'
import { decodePath, hasDotSegment, parseQuery } from '../lib/go-url.ts'
import { readListOptions } from './list-options.ts'
import { sourceAddress } from './source-address.ts'
import type { RequestInfo, RequestView, Scope } from './types.ts'

const KUBERNETES = new Set(['api', 'apis'])
const RESOURCE_PREFIXES = new Set(['api', 'apis', 'kapis', 'kapi'])
/** Prefixes whose paths carry no API group. */
const GROUPLESS = new Set(['api', 'kapi'])
const VERB_SEGMENTS = new Set(['proxy', 'watch'])
const NAMESPACE_SUBRESOURCES = new Set(['status', 'finalize'])

const VERBS: ReadonlyMap<string, string> = new Map([
  ['POST', 'create'],
  ['GET', 'get'],
  ['HEAD', 'get'],
  ['PUT', 'update'],
  ['PATCH', 'patch'],
  ['DELETE', 'delete'],
])

/** Resources that belong to no cluster, by group. pipeline.md §5.3. */
const GLOBAL: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['iam.kubesphere.io', new Set(['users', 'globalroles', 'globalrolebindings'])],
  ['tenant.kubesphere.io', new Set(['workspaces', 'clusters'])],
  ['cluster.kubesphere.io', new Set(['clusters', 'labels'])],
  ['resources.kubesphere.io', new Set(['clusters', 'labels'])],
])

const WORKSPACE_SELECTOR = 'kubesphere.io/workspace='

/**
 * Reads out of method, target and headers what pipeline.md §5 describes; `view` is the adjusted one (`adjustView`).
 * Pure. Throws ApiError 400 for a target with a broken percent escape, with a `.` or `..` segment, or cut off before
 * its resource, and 500 with the original's text for `/api/v1/watch` and its like.
 */
export function requestInfo(
  view: RequestView,
  trustedProxies: readonly string[] = [],
): RequestInfo {
  const { path, rawQuery } = splitTarget(view.url)
  const info: RequestInfo = {
    path,
    verb: view.method,
    apiPrefix: '',
    apiGroup: '',
    apiVersion: '',
    namespace: '',
    workspace: '',
    cluster: '',
    resource: '',
    subresource: '',
    name: '',
    parts: [],
    isResourceRequest: false,
    isKubernetesRequest: false,
    resourceScope: '',
    sourceIP: sourceAddress(view, trustedProxies),
    userAgent: single(view.headers['user-agent']),
  }
  parsePath(info, view.method, rawQuery, view.url)
  info.isKubernetesRequest = KUBERNETES.has(info.apiPrefix || rootOf(info.path))
  return info
}

/** The decoded path and the raw query of a request target in origin or absolute form. Throws ApiError 400. */
export function splitTarget(target: string): { path: string; rawQuery: string } {
  const origin = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i.exec(target)?.[0] ?? ''
  const rest = target.slice(origin.length)
  const question = rest.indexOf('?')
  const path = decodePath(question < 0 ? rest : rest.slice(0, question))
  if (path === undefined) throw badRequest('the request path has an invalid percent escape')
  if (hasDotSegment(path)) throw badRequest('the request path must not hold dot segments')
  return { path: path || '/', rawQuery: question < 0 ? '' : rest.slice(question + 1) }
}

function parsePath(info: RequestInfo, method: string, rawQuery: string, target: string): void {
  let segments = segmentsOf(info.path)
  if (segments.length < 3) return
  if (segments[0] === 'clusters') {
    info.cluster = segments[1] ?? ''
    info.path = withoutPrefix(info.path, `/clusters/${info.cluster}`)
    segments = segments.slice(2)
  }
  const prefix = segments[0] ?? ''
  if (!RESOURCE_PREFIXES.has(prefix)) return
  info.apiPrefix = prefix
  segments = segments.slice(1)
  if (info.cluster === '' && first(segments, target) === 'clusters') {
    if (segments[1] !== undefined) {
      info.cluster = segments[1]
      info.path = info.path.replace(`/clusters/${info.cluster}`, () => '')
    }
    if (segments.length > 2) segments = segments.slice(2)
  }
  if (!GROUPLESS.has(prefix)) {
    if (segments.length < 3) return
    info.apiGroup = segments[0] ?? ''
    segments = segments.slice(1)
  }
  info.isResourceRequest = true
  info.apiVersion = first(segments, target)
  parseResource(info, segments.slice(1), method, rawQuery, target)
}

function parseResource(
  info: RequestInfo,
  segments: string[],
  method: string,
  rawQuery: string,
  target: string,
): void {
  const verbSegment = first(segments, target)
  if (VERB_SEGMENTS.has(verbSegment)) {
    if (segments.length < 2) throw undetermined(target)
    info.verb = verbSegment
    segments = segments.slice(1)
  } else {
    info.verb = VERBS.get(method) ?? ''
  }
  if (segments[0] === 'workspaces' || segments[0] === 'workspacetemplates') {
    info.workspace = segments[1] ?? ''
    if (segments.length > 2) segments = segments.slice(2)
  }
  if (segments[0] === 'namespaces' && segments[1] !== undefined) {
    info.namespace = segments[1]
    const third = segments[2]
    if (third !== undefined && !NAMESPACE_SUBRESOURCES.has(third)) segments = segments.slice(2)
  }
  info.parts = segments
  info.resource = segments[0] ?? ''
  info.name = segments[1] ?? ''
  if (info.verb !== 'proxy') info.subresource = segments[2] ?? ''
  info.resourceScope = scopeOf(info)
  applyQuery(info, rawQuery)
}

/** What the query decides: list or watch, a name pinned by field selector, the workspace of a watch. */
function applyQuery(info: RequestInfo, rawQuery: string): void {
  const query = rawQuery === '' ? undefined : new Map(parseQuery(rawQuery).toReversed())
  if (info.name === '' && info.verb === 'get') {
    const { watch, name } = readListOptions(query)
    info.verb = watch ? 'watch' : 'list'
    info.name = name
  }
  const selector = query?.get('labelSelector')
  if (info.verb === 'watch' && selector?.startsWith(WORKSPACE_SELECTOR)) {
    info.workspace = selector.slice(WORKSPACE_SELECTOR.length)
    info.resourceScope = 'Workspace'
  }
  if (info.name === '' && info.verb === 'delete') info.verb = 'deletecollection'
}

function scopeOf(info: RequestInfo): Scope {
  if (GLOBAL.get(info.apiGroup)?.has(info.resource)) return info.workspace ? 'Workspace' : 'Global'
  if (info.namespace) return 'Namespace'
  return info.workspace ? 'Workspace' : 'Cluster'
}

function first(segments: readonly string[], target: string): string {
  const segment = segments[0]
  if (segment === undefined)
    throw badRequest(`unable to determine kind and namespace from url: ${target}`)
  return segment
}

function undetermined(target: string): ApiError {
  const text = `failed to crate RequestInfo: unable to determine kind and namespace from url: ${target}`
  return new ApiError(500, 'InternalError', text)
}

/** Segments between slashes, both ends trimmed, empty ones inside kept. */
function segmentsOf(path: string): string[] {
  const trimmed = path.replace(/^\/+|\/+$/g, '')
  return trimmed === '' ? [] : trimmed.split('/')
}

function rootOf(path: string): string {
  const segments = segmentsOf(path)
  return segments.length < 3 ? (segments[0] ?? '') : ''
}

function withoutPrefix(path: string, prefix: string): string {
  return path.startsWith(prefix) ? path.slice(prefix.length) : path
}

function single(value: string | string[] | undefined): string {
  return (Array.isArray(value) ? value[0] : value) ?? ''
}
