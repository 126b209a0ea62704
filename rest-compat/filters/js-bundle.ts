import { upstreamOf, withoutIdentity } from '../../gateway/domain/extensions/index.ts'
import type {
  BundleAsset,
  Endpoint,
  JSBundle,
  KeyRef,
  Upstream,
} from '../../gateway/domain/extensions/index.ts'
import type { Entry } from '../../gateway/kube/api.ts'
import { ApiError } from '../../gateway/lib/errors.ts'
import { reencodeQuery } from '../../gateway/lib/go-url.ts'
import type { Reply } from '../routes/registry.ts'
import { rawStatus } from '../wire/errors.ts'
import type { Extensions } from './api-service.ts'
import type { Exchange, Layer, Outcome } from './exchange.ts'
import { proxy } from './proxy.ts'

const JAVASCRIPT = 'application/javascript; charset=utf-8'

/** Layer 6 (pipeline.md §12): front-end bundles of extensions, to anybody. */
export function jsBundleLayer({ registry, upstreams }: Extensions): Layer {
  const decoded = new WeakMap<Entry, Buffer>()
  return {
    name: 'js-bundle',
    async run(x) {
      const { info } = x.ctx
      if (info.isResourceRequest || info.isKubernetesRequest) return undefined
      if (!info.path.startsWith('/dist')) return undefined
      let asset: BundleAsset | undefined
      try {
        asset = await registry.bundle(info.path)
      } catch (error) {
        x.app.log.warn({ err: error }, 'bundles cannot be listed')
        return rawStatus(503, 'ServiceUnavailable', 'failed to list js bundles')
      }
      if (!asset) return undefined
      if (asset.kind === 'remote') return remote(x, asset.endpoint, asset.mimeType)
      const { entry, bundle } = asset
      if (bundle.spec?.raw) {
        const body = decoded.get(entry) ?? rawContent(bundle.spec.raw)
        decoded.set(entry, body)
        return script(body)
      }
      const from: NonNullable<JSBundle['spec']>['rawFrom'] = bundle.spec?.rawFrom ?? {}
      if (from.configMapKeyRef) return keyed(x, from.configMapKeyRef, 'configMap')
      if (from.secretKeyRef) return keyed(x, from.secretKeyRef, 'secret')
      if (from.url || from.service) return remote(x, from, JAVASCRIPT)
      return script(Buffer.alloc(0))
    },
  }

  function remote(
    x: Exchange,
    endpoint: Endpoint,
    contentType: string | undefined,
  ): Promise<Outcome> | Outcome {
    if (endpoint.caBundle && endpoint.insecureSkipVerify) {
      return rawStatus(503, 'ServiceUnavailable', 'failed to create transport.TLSConfig')
    }
    if (
      /^https?:\/\/[^/?#]+$/.test(endpoint.url ?? '') &&
      (x.method === 'GET' || x.method === 'HEAD')
    ) {
      return { status: 301, headers: { location: `${x.path}/` } }
    }
    let upstream: Upstream
    try {
      upstream = upstreamOf(endpoint, 'single')
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      return rawStatus(503, 'ServiceUnavailable', error.message)
    }
    const query = reencodeQuery(x.rawQuery)
    const { pathname } = upstream.url
    return proxy(x, {
      kind: 'jsbundle',
      target: upstreams.target(upstream),
      path: query === '' ? pathname : `${pathname}?${query}`,
      headers: withoutCredentials(x.headers),
      onResponse(status, headers) {
        const typed =
          contentType === undefined ? headers : { ...headers, 'content-type': contentType }
        return { status, headers: typed }
      },
    })
  }
}

/** A bundle's host is anybody's: it learns nothing about who asks. */
function withoutCredentials(headers: Exchange['headers']): Exchange['headers'] {
  const {
    authorization: _a,
    cookie: _c,
    'proxy-authorization': _p,
    ...rest
  } = withoutIdentity(headers)
  delete rest['x-kubesphere-authorization']
  return rest
}

function script(body: Uint8Array): Reply {
  return { status: 200, headers: { 'content-type': JAVASCRIPT }, body }
}

/**
 * @NOTE The original decodes what JSON has already decoded, so authors encode twice. Who encoded once gets half of it and
 * an error from the original, and the script from here.
 */
function rawContent(raw: string): Buffer {
  const once = Buffer.from(raw, 'base64')
  const text = once.toString('latin1').replaceAll(/[\r\n]/g, '')
  const twice = text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text)
  return twice ? Buffer.from(text, 'base64') : once
}

interface Keyed {
  metadata: object
  data?: Record<string, string>
  binaryData?: Record<string, string>
  [field: string]: unknown
}

/** A missing key is an empty bundle, a missing object 503. */
async function keyed(x: Exchange, ref: KeyRef, kind: 'configMap' | 'secret'): Promise<Reply> {
  const gvr = { group: '', version: 'v1', resource: kind === 'secret' ? 'secrets' : 'configmaps' }
  let object: Keyed | undefined
  try {
    const store = await x.app.clusters.host.caches.store(gvr, x.signal)
    object = store.get(ref.namespace ?? '', ref.name ?? '')?.object
  } catch (error) {
    x.app.log.warn({ err: error }, 'the source of a bundle cannot be read')
  }
  if (!object) return rawStatus(503, 'ServiceUnavailable', `failed to fetch content from ${kind}`)
  const key = ref.key ?? ''
  if (kind === 'secret') return script(Buffer.from(object.data?.[key] ?? '', 'base64'))
  if (object.data) return script(Buffer.from(object.data[key] ?? ''))
  return script(Buffer.from(object.binaryData?.[key] ?? '', 'base64'))
}
