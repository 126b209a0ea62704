import { gzipSync } from 'node:zlib'
import { openapiV2, openapiV3 } from '../../openapi.ts'
import { defineRoutes } from '../registry.ts'
import type { RouteHandler, RouteRow } from '../registry.ts'

/** Below this the original does not compress. */
const GZIP_FROM = 1400

/**
 * `/openapi/v2` and `/openapi/v3` over all rows of the server (platform-apis.md §3); `rows` is asked on first use,
 * since these two are among them.
 */
export function openapiRoutes(rows: () => readonly RouteRow[]): readonly RouteRow[] {
  return defineRoutes([
    document('v2', 'getOpenapiV2', () => openapiV2(rows())),
    document('v3', 'getOpenapiV3', () => openapiV3(rows())),
  ])
}

function document(version: 'v2' | 'v3', operation: string, make: () => object): RouteRow {
  let kept: { plain: string; zipped: Buffer } | undefined
  const handler: RouteHandler = ({ req }) => {
    if (!kept) {
      const plain = JSON.stringify(make())
      kept = { plain, zipped: gzipSync(plain) }
    }
    // @NOTE The original sets no type and lets it be sniffed.
    const headers = { 'content-type': 'text/plain; charset=utf-8', vary: 'Accept-Encoding' }
    const wanted = /\bgzip\b/.test(req.headers['accept-encoding'] ?? '')
    if (!wanted || kept.plain.length < GZIP_FROM) return { status: 200, headers, body: kept.plain }
    return { status: 200, headers: { ...headers, 'content-encoding': 'gzip' }, body: kept.zipped }
  }
  return {
    method: 'GET',
    path: `/openapi/${version}`,
    operation,
    summary: `OpenAPI ${version === 'v2' ? '2.0' : '3.0'} document of the REST API`,
    tags: ['NonResource APIs'],
    sample: `/openapi/${version}`,
    mux: true,
    handler,
  }
}
