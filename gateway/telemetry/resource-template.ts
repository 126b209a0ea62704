/** First parts of paths that say by themselves what is asked for. */
const KNOWN = new Set(['healthz', 'livez', 'oauth', 'openapi', 'readyz', 'version'])

/**
 * The form of a path of Kubernetes or KubeSphere, without what callers put into it: `/api/v1/namespaces/x/pods/y` is
 * `/api/{version}/namespaces/{namespace}/{resource}/{name}`. With `kinds` the group, the version and the resource stand as
 * they are, which is for paths that this server made. `*` stands for what has another form.
 */
export function resourceTemplate(path: string, kinds = false): string {
  const [rooted = ''] = path.split('?')
  const [, root = '', ...rest] = rooted.split('/')
  if (root === 'clusters' && rest.length > 1 && rest[1] !== 'clusters') {
    return `/clusters/{cluster}${resourceTemplate(`/${rest.slice(1).join('/')}`, kinds)}`
  }
  if (KNOWN.has(root)) return rest.length > 0 ? `/${root}/*` : `/${root}`
  if (root !== 'api' && root !== 'apis' && root !== 'kapis') return '/*'
  const shown = (text: string | undefined, name: string) => (kinds && text) || `{${name}}`
  const out = [`/${root}`]
  if (root !== 'api' && rest.length > 0) out.push(shown(rest.shift(), 'group'))
  if (rest.length > 0) out.push(shown(rest.shift(), 'version'))
  if (rest[0] === 'watch') out.push(rest.shift() ?? '')
  // A namespace by itself, its status and its finalizers are resources of the cluster.
  if (rest[0] === 'namespaces' && rest.length > 2 && !/^(?:status|finalize)$/.test(rest[2] ?? '')) {
    out.push('namespaces', '{namespace}')
    rest.splice(0, 2)
  }
  if (rest.length > 0) out.push(shown(rest.shift(), 'resource'))
  if (rest.length > 0) out.push('{name}')
  if (rest.length > 1) out.push(rest.length > 2 ? '*' : shown(rest[1], 'subresource'))
  return out.join('/')
}
