import { createHash } from 'node:crypto'
import { basename, resolve } from 'node:path'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { build, type BuildOptions } from 'esbuild'
import { Router, type Request, type Response } from 'express'

interface Asset {
  readonly type: string
  readonly gzipped: Buffer
  readonly etag: string
}

const types: Record<string, string> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.ttf': 'font/ttf',
}

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
].join('; ')

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

const common: BuildOptions = {
  bundle: true,
  write: false,
  minify: true,
  format: 'iife',
  target: 'es2022',
  outdir: '/',
  legalComments: 'none',
  logLevel: 'silent',
  assetNames: '[name]',
  loader: { '.ttf': 'file' },
  define: { 'process.env.NODE_ENV': '"production"' },
}

/** GraphiQL and its editor's workers out of the npm packages, bundled in memory. */
async function bundle(): Promise<ReadonlyMap<string, Asset>> {
  const { outputFiles = [] } = await build({
    ...common,
    entryPoints: {
      client: resolve(import.meta.dirname, 'graphiql/client.mjs'),
      'editor.worker': 'monaco-editor/esm/vs/editor/editor.worker.js',
      'json.worker': 'monaco-editor/esm/vs/language/json/json.worker.js',
      'graphql.worker': 'monaco-graphql/esm/graphql.worker.js',
    },
    absWorkingDir: resolve(import.meta.dirname, '../../..'),
  })
  const assets = new Map<string, Asset>()
  for (const { path, contents } of outputFiles) {
    const name = basename(path)
    const type = types[name.slice(name.lastIndexOf('.'))]
    if (!type) continue
    const etag = `"${createHash('sha256').update(contents).digest('base64url').slice(0, 22)}"`
    assets.set(name, { type, gzipped: await promisify(gzip)(contents), etag })
  }
  return assets
}

function wantsPage(req: Request): boolean {
  return (
    req.method === 'GET' &&
    req.query.query === undefined &&
    req.headers.accept !== undefined &&
    req.headers.accept.includes('text/html')
  )
}

function sendAsset(req: Request, res: Response, asset: Asset): void {
  res.set({
    'content-type': asset.type,
    'content-encoding': 'gzip',
    'cache-control': 'no-cache',
    'x-content-type-options': 'nosniff',
    etag: asset.etag,
  })
  if (req.headers['if-none-match'] === asset.etag) res.status(304).end()
  else res.send(asset.gzipped)
}

/**
 * GraphiQL for browsers: a page with a login at `/`, its files under `/assets/`. The files are bundled at the first
 * visit and kept; a failed bundling is tried again at the next.
 */
export function createIde(): Router {
  let bundling: Promise<ReadonlyMap<string, Asset>> | undefined
  const assets = () =>
    (bundling ??= bundle().catch((error: unknown) => {
      bundling = undefined
      throw error
    }))
  const router = Router()
  router.get('/', (req, res, next) => {
    if (!wantsPage(req)) return next()
    res
      .set({
        'content-security-policy': policy,
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
        'cache-control': 'no-cache',
        vary: 'Accept',
      })
      .type('html')
      .send(page)
  })
  router.get('/assets/:name', async (req, res, next) => {
    const asset = (await assets()).get(req.params.name)
    if (asset) sendAsset(req, res, asset)
    else next()
  })
  return router
}
