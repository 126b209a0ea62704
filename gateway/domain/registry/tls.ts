import { getCACertificates } from 'node:tls'
import type { TlsOptions } from '../resources/index.ts'
import type { RegistrySecret } from './docker-config.ts'

/** How certificates are verified; `insecure` as the caller wishes. */
export function tlsOptions(secret: RegistrySecret | undefined, insecure: boolean): TlsOptions {
  if (insecure || secret?.insecure === true) return { rejectUnauthorized: false }
  return secret?.ca === undefined ? {} : { ca: [...getCACertificates('default'), secret.ca] }
}
