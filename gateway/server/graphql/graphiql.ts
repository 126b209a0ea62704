import { resolve } from 'node:path'
import { Router, type Request } from 'express'
import { bundledAssets, pageHeaders } from '../pages/assets.ts'

/** Nothing from elsewhere. The editor writes style elements of its own, hence inline styles; scripts only from files. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "font-src 'self' data:",
  "img-src 'self' data:",
  "worker-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
]

const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width" />
    <title>ks-facade: GraphiQL</title>
    <link rel="stylesheet" href="graphql/assets/client.css" />
  </head>
  <body>
    <div id="root">The editor is being put together; a first visit takes a few seconds.</div>
    <script src="graphql/assets/client.js" defer></script>
  </body>
</html>
`

/** GraphiQL and its editor's workers. */
const entryPoints = {
  client: resolve(import.meta.dirname, 'graphiql/client.tsx'),
  'editor.worker': 'monaco-editor/esm/vs/editor/editor.worker.js',
  'json.worker': 'monaco-editor/esm/vs/language/json/json.worker.js',
  'graphql.worker': 'monaco-graphql/esm/graphql.worker.js',
}

function wantsPage(req: Request): boolean {
  return (
    req.method === 'GET' &&
    req.query.query === undefined &&
    req.headers.accept !== undefined &&
    req.headers.accept.includes('text/html')
  )
}

/** GraphiQL for browsers: a page with a login at `/`, its files under `/assets/`. */
export function createIde(): Router {
  const router = Router()
  router.get('/', (req, res, next) => {
    if (!wantsPage(req)) return next()
    res.set(pageHeaders(policy)).type('html').send(page)
  })
  router.get('/assets/:name', bundledAssets(entryPoints))
  return router
}
