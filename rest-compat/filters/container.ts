import type { ExtensionDocuments } from '../../gateway/domain/extensions/index.ts'
import { ApiError } from '../../gateway/lib/errors.ts'
import { cleanPath, escapePath } from '../../gateway/lib/go-url.ts'
import { part } from '../../gateway/telemetry/index.ts'
import type { Router } from '../router.ts'
import type { Reply } from '../routes/registry.ts'
import { sanitize, textError } from '../wire/errors.ts'
import type { Exchange, Layer, Outcome } from './exchange.ts'
import { RoutedRequest } from './routed-request.ts'

/** Layer 10 (pipeline.md §16): unclean paths are redirected, then the route rows answer. */
export function containerLayer(router: Router, documents?: ExtensionDocuments): Layer {
  return {
    name: 'container',
    async run(x) {
      const clean = cleanPath(x.path)
      if (clean !== x.path) return redirect(x, clean)
      const match = router.match(x.method, x.path, x.headers)
      if (match.kind === 'none') return undefined
      if (match.kind === 'reply') return match.reply
      const { row, params } = match
      x.routed(() => row.path)
      const run = (): Promise<Outcome> | Outcome => {
        const rq = new RoutedRequest(x, params, documents)
        if (!x.upgrade || !row.upgrade) return row.handler(rq)
        return row.upgrade(rq, x.upgrade.socket, x.upgrade.head).then((reply) => reply ?? 'done')
      }
      return answer(() => part('operation', run, row.operation))
    },
  }
}

/** Runs a handler; its ApiErrors become text (form D), anything else goes to the panic guard. */
export async function answer(run: () => Promise<Outcome> | Outcome): Promise<Outcome> {
  try {
    return await run()
  } catch (error) {
    if (error instanceof ApiError) return textError(error)
    throw error
  }
}

/** Go's ServeMux as of 1.26: 307, a body for GET, the query kept. */
function redirect(x: Exchange, clean: string): Reply {
  const query = x.rawQuery === '' ? '' : `?${x.rawQuery}`
  const location = `${escapePath(clean)}${query}`
  if (x.method !== 'GET' && x.method !== 'HEAD') return { status: 307, headers: { location } }
  const href = sanitize(location).replaceAll('"', '&#34;').replaceAll("'", '&#39;')
  return {
    status: 307,
    headers: { location, 'content-type': 'text/html; charset=utf-8' },
    body: `<a href="${href}">Temporary Redirect</a>.\n\n`,
  }
}
