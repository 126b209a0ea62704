import { ApiError, unavailable } from '../../lib/errors.ts'
import type { Endpoint } from './types.ts'

/** Where an extension object points, and what its TLS trusts. */
export interface Upstream {
  readonly url: URL
  /** PEM; undefined = the system's roots. */
  readonly ca: string | undefined
  readonly insecure: boolean
}

/**
 * The upstream of an endpoint: its `url`, or `https://<name>.<namespace>.svc:<port|443><path>`. `encoding` says how
 * `caBundle` comes out of the object: JSBundles hold PEM in base64, APIServices and ReverseProxies encode that once more
 * (pipeline.md §12-14). Throws ApiError 503 for an endpoint without a usable address or CA.
 */
export function upstreamOf(endpoint: Endpoint, encoding: 'single' | 'double'): Upstream {
  const insecure = endpoint.insecureSkipVerify === true
  return {
    url: endpointUrl(endpoint),
    ca: !insecure && endpoint.caBundle ? decodeBundle(endpoint.caBundle, encoding) : undefined,
    insecure,
  }
}

function endpointUrl(endpoint: Endpoint): URL {
  const { url, service } = endpoint
  const text = url
    ? url
    : service?.name && service.namespace
      ? `https://${service.name}.${service.namespace}.svc:${service.port ?? 443}${service.path ?? ''}`
      : ''
  if (!URL.canParse(text)) throw unavailable('endpoint has no valid address')
  const parsed = new URL(text)
  if (parsed.protocol !== 'http:' && parsed.protocol !== 'https:') {
    throw unavailable('endpoint is neither http nor https')
  }
  return parsed
}

function decodeBundle(bundle: string, encoding: 'single' | 'double'): string {
  const once = Buffer.from(bundle, 'base64').toString('latin1')
  const pem = encoding === 'single' ? once : Buffer.from(once, 'base64').toString('latin1')
  if (!pem.includes('-----BEGIN')) {
    throw new ApiError(503, 'ServiceUnavailable', 'failed to base64 decode cabundle')
  }
  return pem
}
