/**
 * A second reading of pipeline.md §5.3, written as a list of steps over one mutable record, to hold the first against.
 * Returns 'malformed' for the shapes that have no resource, 'error' for a verb segment that nothing follows.
 */
export interface Oracle {
  path: string
  verb: string
  cluster: string
  prefix: string
  group: string
  version: string
  workspace: string
  namespace: string
  resource: string
  name: string
  subresource: string
  scope: string
  resourceRequest: boolean
  kubernetes: boolean
}

export function oracle(method: string, url: string): Oracle | 'malformed' | 'error' {
  const at = url.indexOf('?')
  const path = decodeURIComponent(at < 0 ? url : url.slice(0, at))
  const query = new URLSearchParams(at < 0 ? '' : url.slice(at + 1))
  const out: Oracle = {
    path,
    verb: method,
    cluster: '',
    prefix: '',
    group: '',
    version: '',
    workspace: '',
    namespace: '',
    resource: '',
    name: '',
    subresource: '',
    scope: '',
    resourceRequest: false,
    kubernetes: false,
  }
  const done = () => {
    const words = trim(out.path)
    const first = out.prefix || (words.length === 1 || words.length === 2 ? words[0] : '')
    out.kubernetes = first === 'api' || first === 'apis'
    return out
  }
  const left = trim(path)
  if (left.length < 3) return done()
  if (left[0] === 'clusters') {
    left.shift()
    out.cluster = left.shift() ?? ''
    const cut = `/clusters/${out.cluster}`
    if (out.path.startsWith(cut)) out.path = out.path.substring(cut.length)
  }
  if (!/^(api|apis|kapis|kapi)$/.test(left[0] ?? '')) return done()
  out.prefix = left.shift() ?? ''
  if (out.cluster === '') {
    if (left.length === 0) return 'malformed'
    if (left[0] === 'clusters') {
      if (left.length > 1) {
        out.cluster = left[1] ?? ''
        const needle = `/clusters/${out.cluster}`
        const where = out.path.indexOf(needle)
        out.path = out.path.slice(0, where) + out.path.slice(where + needle.length)
      }
      if (left.length > 2) left.splice(0, 2)
    }
  }
  if (out.prefix === 'apis' || out.prefix === 'kapis') {
    if (left.length < 3) return done()
    out.group = left.shift() ?? ''
  }
  out.resourceRequest = true
  if (left.length === 0) return 'malformed'
  out.version = left.shift() ?? ''
  if (left.length === 0) return 'malformed'
  if (left[0] === 'proxy' || left[0] === 'watch') {
    if (left.length === 1) return 'error'
    out.verb = left.shift() ?? ''
  } else {
    const map = new Map([
      ['POST', 'create'],
      ['GET', 'get'],
      ['HEAD', 'get'],
      ['PUT', 'update'],
      ['PATCH', 'patch'],
      ['DELETE', 'delete'],
    ])
    out.verb = map.get(method) ?? ''
  }
  if (left[0] === 'workspaces' || left[0] === 'workspacetemplates') {
    if (left.length >= 2) out.workspace = left[1] ?? ''
    if (left.length >= 3) left.splice(0, 2)
  }
  if (left[0] === 'namespaces' && left.length >= 2) {
    out.namespace = left[1] ?? ''
    if (left.length >= 3 && left[2] !== 'status' && left[2] !== 'finalize') left.splice(0, 2)
  }
  out.resource = left[0] ?? ''
  out.name = left[1] ?? ''
  out.subresource = out.verb === 'proxy' ? '' : (left[2] ?? '')
  const global = new RegExp(
    '^(iam.kubesphere.io/(users|globalroles|globalrolebindings)|tenant.kubesphere.io/(workspaces|clusters)|(cluster|resources).kubesphere.io/(clusters|labels))$',
  )
  if (global.test(`${out.group}/${out.resource}`))
    out.scope = out.workspace ? 'Workspace' : 'Global'
  else if (out.namespace) out.scope = 'Namespace'
  else out.scope = out.workspace ? 'Workspace' : 'Cluster'
  if (out.name === '' && out.verb === 'get') {
    const watch = query.get('watch')
    out.verb = watch !== null && watch.toLowerCase() !== 'false' && watch !== '0' ? 'watch' : 'list'
    const pinned = /^metadata\.name==?([^,=]+)$/.exec(query.get('fieldSelector') ?? '')?.[1] ?? ''
    if (pinned !== '.' && pinned !== '..' && !/[/%]/.test(pinned)) out.name = pinned
  }
  const selector = query.get('labelSelector') ?? ''
  if (out.verb === 'watch' && selector.startsWith('kubesphere.io/workspace=')) {
    out.workspace = selector.replace('kubesphere.io/workspace=', '')
    out.scope = 'Workspace'
  }
  if (out.name === '' && out.verb === 'delete') out.verb = 'deletecollection'
  return done()
}

function trim(path: string): string[] {
  let text = path
  while (text.startsWith('/')) text = text.slice(1)
  while (text.endsWith('/')) text = text.slice(0, -1)
  return text === '' ? [] : text.split('/')
}
