import type { IncomingMessage } from 'node:http'
import type { Router } from '../../../rest-compat/index.ts'

/** Targets whose meaning nobody can mistake: no escapes, no empty or dotted segments. */
const PLAIN = /^(?:\/[a-z0-9](?:[\w:~-]|\.(?!\.))*)+$/i

/** Kinds of Kubernetes itself and of others; the platform's own are read by the owner, where their caches are. */
const KUBERNETES = /^\/(?:api\/v1|apis\/(?!(?:[^/]+\.)?kubesphere\.io\/))/

/** Objects of a page. */
const MOST = 500

const ROWS = '/kapis/resources.kubesphere.io/v1alpha3/'

/** Whether a front answers by itself; everything else is the owner's, and so is what is in doubt. */
export function isServedByFront(req: IncomingMessage, router: Router): boolean {
  const { method, url = '', headers } = req
  if (method !== 'GET' && method !== 'HEAD') return false
  if (headers.upgrade !== undefined || /^\s*basic\b/i.test(headers.authorization ?? ''))
    return false
  const mark = url.indexOf('?')
  const path = mark < 0 ? url : url.slice(0, mark)
  if (!PLAIN.test(path)) return false
  if (KUBERNETES.test(path)) return true
  if (!path.startsWith(ROWS)) return false
  const match = router.match(method, path, headers)
  if (match.kind !== 'row' || !match.row.anyThread) return false
  return 'name' in match.params || isShort(mark < 0 ? '' : url.slice(mark + 1))
}

/** Whether a list says that it wants few objects; of many the answer streams. */
function isShort(query: string): boolean {
  const limits = query.split('&').filter((pair) => pair.startsWith('limit='))
  return (
    limits.length === 1 &&
    /^limit=[1-9]\d{0,2}$/.test(limits[0] ?? '') &&
    Number(limits[0]?.slice(6)) <= MOST
  )
}
