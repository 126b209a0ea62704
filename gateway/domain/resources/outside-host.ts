import { isIP } from 'node:net'
import { Agent } from 'undici'
import { badRequest } from '../../lib/errors.ts'
import { blockList, isListed } from '../../lib/block-list.ts'
import { guardedLookup } from '../../lib/guarded-lookup.ts'

/**
 * This machine, its link, the other addresses where clouds serve a machine's own credentials, and nobody in particular:
 * what no caller may have us talk to, written as IPv6 neither.
 */
const CLOSED = [
  '0.0.0.0/8',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '100.100.100.200',
  '224.0.0.0/3',
  '::/128',
  '::1/128',
  '::ffff:0:0/96',
  '64:ff9b::/96',
  'fd00:ec2::254',
  'fe80::/10',
  'ff00::/8',
]

export interface TlsOptions {
  readonly ca?: string | string[]
  readonly cert?: string
  readonly key?: string
  readonly rejectUnauthorized?: boolean
}

export interface OutsideHosts {
  /** The URL as http or https with a host that may be asked. Throws ApiError 400. */
  url(text: string): URL
  /** Connections of one task, with these certificates; the caller closes it. */
  dispatcher(tls?: TlsOptions): Agent
}

/**
 * Connections to hosts that callers name. Addresses are judged after names are resolved, and it is the judged address
 * that is connected to. `open` are addresses and CIDRs that may be reached although they are closed.
 */
export function outsideHosts(open: readonly string[] = []): OutsideHosts {
  const closed = blockList(CLOSED)
  const opened = blockList(open)
  const allows = (address: string): boolean =>
    isListed(opened, address) || !isListed(closed, address)
  const judged = guardedLookup(allows)
  return {
    url(text) {
      const url = URL.parse(text)
      if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
        throw badRequest('only http and https URLs can be reached')
      }
      const host = url.hostname.replace(/^\[|\]$/g, '')
      if (isIP(host) !== 0 && !allows(host)) throw badRequest('the host may not be reached')
      return url
    },
    dispatcher: (tls = {}) =>
      new Agent({ connect: { ...tls, lookup: judged, timeout: 5000 }, connections: 4 }),
  }
}
