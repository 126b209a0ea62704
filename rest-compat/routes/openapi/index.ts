import { gzipSync } from 'node:zlib'
import { ANONYMOUS } from '../../../gateway/context/index.ts'
import type { OpenApiDocument } from '../../../gateway/domain/extensions/index.ts'
import { mergeDocuments } from '../../openapi-merge.ts'
import { openapiV2, openapiV3 } from '../../openapi.ts'
import { defineRoutes } from '../registry.ts'
import type { Reply, RouteHandler, RouteRequest, RouteRow } from '../registry.ts'

/** Below this the original does not compress. */
const GZIP_FROM = 1400

/** What kubectl asks for before it writes: the document of kube-apiserver in its binary form. */
const KUBE_BINARY = 'application/com.github.proto-openapi.spec.v2'

/**
 * `/openapi/v2` and `/openapi/v3` over all rows of the server and the documents of extensions (platform-apis.md §3);
 * `rows` is asked on first use, since these two are among them.
 */
export function openapiRoutes(rows: () => readonly RouteRow[]): readonly RouteRow[] {
  return defineRoutes([
    document('v2', 'getOpenapiV2', () => openapiV2(rows())),
    document('v3', 'getOpenapiV3', () => openapiV3(rows())),
  ])
}

function document(version: 'v2' | 'v3', operation: string, make: () => OpenApiDocument): RouteRow {
  const render = createRenderer(version, make)
  const handler: RouteHandler = async (rq) => {
    if (version === 'v2' && wantsKubernetes(rq)) return kubernetesDocument(rq)
    const { plain, zipped } = render((await rq.documents?.current(version)) ?? [])
    // @NOTE The original sets no type and lets it be sniffed.
    const headers = { 'content-type': 'text/plain; charset=utf-8', vary: 'Accept-Encoding' }
    const wanted = /\bgzip\b/.test(rq.req.headers['accept-encoding'] ?? '')
    if (!wanted || plain.length < GZIP_FROM) return { status: 200, headers, body: plain }
    return { status: 200, headers: { ...headers, 'content-encoding': 'gzip' }, body: zipped }
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

/** The text of the merged document, made anew when the list of documents is another one. */
function createRenderer(version: 'v2' | 'v3', make: () => OpenApiDocument) {
  let own: OpenApiDocument | undefined
  let kept: { of: readonly OpenApiDocument[]; plain: string; zipped: Buffer } | undefined
  return (documents: readonly OpenApiDocument[]) => {
    if (kept?.of !== documents && (kept?.of.length !== 0 || documents.length !== 0)) {
      own ??= make()
      const plain = JSON.stringify(mergeDocuments(own, documents, version))
      kept = { of: documents, plain, zipped: gzipSync(plain) }
    }
    return kept ?? { plain: '', zipped: Buffer.alloc(0) }
  }
}

function wantsKubernetes({ req, ctx }: RouteRequest): boolean {
  const accept = req.headers.accept ?? ''
  return accept.startsWith(KUBE_BINARY) && ctx.user.name !== ANONYMOUS.name
}

/** kube-apiserver's own document; it names the kinds of the cluster, so it is for those who have logged in. */
async function kubernetesDocument({ app, req, ctx }: RouteRequest): Promise<Reply> {
  const { accept = '', 'accept-encoding': encoding, 'if-none-match': known } = req.headers
  const answer = await app.clusters.host.client.stream({
    path: '/openapi/v2',
    headers: {
      accept,
      ...(encoding === undefined ? {} : { 'accept-encoding': encoding }),
      ...(known === undefined ? {} : { 'if-none-match': known }),
    },
    signal: ctx.signal,
  })
  const headers: Record<string, string> = {}
  for (const name of ['content-type', 'content-encoding', 'etag', 'last-modified', 'vary']) {
    const value = answer.headers[name]
    if (typeof value === 'string') headers[name] = value
  }
  return { status: answer.status, headers, body: answer.body }
}
