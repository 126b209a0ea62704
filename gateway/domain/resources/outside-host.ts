import { isIP } from 'node:net'
import { Agent } from 'undici'
import { badRequest } from '../../lib/errors.ts'
import { blockList, isListed } from '../../lib/block-list.ts'
import { LINK_AND_METADATA, THIS_MACHINE } from '../../lib/closed-addresses.ts'
import { guardedLookup } from '../../lib/guarded-lookup.ts'

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
 * Connections to hosts that callers name, never to this machine, its link or a cloud's metadata. Addresses are judged after names are resolved, and it is the judged address
 * that is connected to. `open` are addresses and CIDRs that may be reached although they are closed.
 */
export function outsideHosts(open: readonly string[] = []): OutsideHosts {
  const closed = blockList([...THIS_MACHINE, ...LINK_AND_METADATA])
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
