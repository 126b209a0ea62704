import { createHash } from 'node:crypto'
import { basename, resolve } from 'node:path'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { build, type BuildOptions } from 'esbuild'
import type { Request, RequestHandler, Response } from 'express'

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
  jsx: 'automatic',
  define: { 'process.env.NODE_ENV': '"production"' },
  absWorkingDir: resolve(import.meta.dirname, '../../..'),
}

async function bundle(entryPoints: Record<string, string>): Promise<ReadonlyMap<string, Asset>> {
  const { outputFiles = [] } = await build({ ...common, entryPoints })
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

function send(req: Request, res: Response, asset: Asset): void {
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
 * Serves the files of a page, by the path parameter `name`: `entryPoints` (name → module) bundled in memory out of the
 * npm packages at the first visit, and kept. A failed bundling is tried again at the next; other names are passed on.
 */
export function bundledAssets(
  entryPoints: Record<string, string>,
): RequestHandler<{ name: string }> {
  let bundling: Promise<ReadonlyMap<string, Asset>> | undefined
  const assets = () =>
    (bundling ??= bundle(entryPoints).catch((error: unknown) => {
      bundling = undefined
      throw error
    }))
  return async (req, res, next) => {
    const asset = (await assets()).get(req.params.name)
    if (asset) send(req, res, asset)
    else next()
  }
}

/** Headers of a page whose content security policy has these directives. */
export function pageHeaders(policy: readonly string[]): Record<string, string> {
  return {
    'content-security-policy': policy.join('; '),
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-cache',
    vary: 'Accept',
  }
}
