import { badRequest } from '../../lib/errors.ts'
import type { OutsideHosts } from '../resources/index.ts'
import type { StoreDeps } from './stored.ts'
import type { RepoCredential } from './types.ts'

export interface RepoDeps extends StoreDeps {
  readonly hosts: OutsideHosts
}

/** A repository of charts, or one chart of it, and what it wants to see. */
export interface ChartSource {
  readonly url: string
  readonly credential: RepoCredential
}

export interface Bounds {
  readonly signal: AbortSignal
  /** Milliseconds for all of it. */
  readonly deadline: number
}

/** Whether two URLs lead to the same server, so that a credential for the one may be shown to the other. */
export function sameServer(one: URL, other: URL): boolean {
  // The origin of an `oci:` URL is opaque: all of them would be the same.
  return one.protocol === other.protocol && one.host === other.host
}

/** A part of a URL without its escapes. Throws ApiError 400 for a broken one, which the parser lets through. */
export function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch (error) {
    throw badRequest('the URL has an invalid percent escape', error)
  }
}

/** How a repository's certificates are verified. Certificates and keys are PEM text: a path would be read from this machine. */
export function tlsOptions(credential: RepoCredential) {
  const { certFile = '', keyFile = '', caFile = '', insecureSkipTLSVerify } = credential
  for (const text of [certFile, keyFile, caFile]) {
    if (text !== '' && !text.includes('-----BEGIN ')) {
      throw badRequest('certificates and keys of a repository must be PEM text')
    }
  }
  return {
    ...(certFile ? { cert: certFile } : {}),
    ...(keyFile ? { key: keyFile } : {}),
    ...(caFile ? { ca: caFile } : {}),
    ...(insecureSkipTLSVerify === true ? { rejectUnauthorized: false } : {}),
  }
}
