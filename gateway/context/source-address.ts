import { isIP } from 'node:net'
import { blockList, isListed } from '../lib/block-list.ts'
import type { RequestView } from './types.ts'

/**
 * The client's address. `X-Client-Ip` and `X-Real-Ip` (one address) and `X-Forwarded-For` (the last address that is no
 * trusted proxy) count only when the peer is one of `trustedProxies`, addresses or CIDRs; anybody could write them
 * otherwise. Without such a header, or when it holds no address, it is the peer; `::1` reads as `127.0.0.1`.
 */
export function sourceAddress(
  { headers, remoteAddress }: Pick<RequestView, 'headers' | 'remoteAddress'>,
  trustedProxies: readonly string[],
): string {
  const peer = plain(remoteAddress)
  if (trustedProxies.length === 0) return peer
  const trusted = blockList(trustedProxies)
  if (!isListed(trusted, peer)) return peer
  for (const name of ['x-client-ip', 'x-real-ip']) {
    const address = plain(headers[name]?.toString().trim() ?? '')
    if (isIP(address)) return address
  }
  const chain = (headers['x-forwarded-for']?.toString() ?? '')
    .split(',')
    .map((hop) => plain(hop.trim()))
  let client = peer
  for (const hop of chain.toReversed()) {
    if (!isIP(hop)) break
    client = hop
    if (!isListed(trusted, hop)) break
  }
  return client
}

function plain(address: string): string {
  if (address === '::1') return '127.0.0.1'
  return address.startsWith('::ffff:') && isIP(address.slice(7)) === 4 ? address.slice(7) : address
}
