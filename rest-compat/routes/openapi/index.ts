import { gzipSync } from 'node:zlib'
import { ANONYMOUS } from '../../../gateway/context/index.ts'
import type { OpenApiDocument } from '../../../gateway/domain/extensions/index.ts'
import { escapePath } from '../../../gateway/lib/go-url.ts'
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
    {
      method: 'GET',
      path: '/openapi/v3/{document:*}',
      operation: 'getKubernetesOpenapiV3',
      summary: 'OpenAPI 3.0 document of a group and version of Kubernetes',
      tags: ['NonResource APIs'],
      sample: '/openapi/v3/apis/apps/v1',
      produces: ['*/*'],
      handler: (rq) => kubernetesDocument(rq, `v3/${rq.params['document'] ?? ''}`),
    },
  ])
}

function document(version: 'v2' | 'v3', operation: string, make: () => OpenApiDocument): RouteRow {
  const render = createRenderer(version, make)
  const handler: RouteHandler = async (rq) => {
    if (wantsKubernetes(rq, version)) return kubernetesDocument(rq, version)
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

/**
 * kubectl's own questions: with the binary form it asks for the one document there is, with version 3 for an index that
 * no other client would understand, and says the same as everybody but for its name.
 */
function wantsKubernetes({ req, ctx }: RouteRequest, version: 'v2' | 'v3'): boolean {
  if (ctx.user.name === ANONYMOUS.name) return false
  const { accept = '', 'user-agent': agent = '' } = req.headers
  return version === 'v2' ? accept.startsWith(KUBE_BINARY) : agent.startsWith('kubectl')
}

/** kube-apiserver's own document; it names the kinds of the cluster, so it is for those who have logged in. */
async function kubernetesDocument(rq: RouteRequest, document: string): Promise<Reply> {
  const { app, req, ctx, query } = rq
  const { accept = '', 'accept-encoding': encoding, 'if-none-match': known } = req.headers
  const answer = await app.clusters.host.client.stream({
    path: escapePath(`/openapi/${document}`),
    query,
    headers: {
      accept,
      ...(encoding === undefined ? {} : { 'accept-encoding': encoding }),
      ...(known === undefined ? {} : { 'if-none-match': known }),
    },
    signal: ctx.signal,
  })
  const headers: Record<string, string> = {}
  for (const name of [
    'content-type',
    'content-encoding',
    'etag',
    'last-modified',
    'location',
    'vary',
  ]) {
    const value = answer.headers[name]
    if (typeof value === 'string') headers[name] = value
  }
  return { status: answer.status, headers, body: answer.body }
}
