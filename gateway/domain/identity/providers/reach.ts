import { isIP } from 'node:net'
import { blockList, isListed } from '../../../lib/block-list.ts'
import { guardedLookup } from '../../../lib/guarded-lookup.ts'

/**
 * What no provider stands at: the link itself, where clouds serve the machine's own credentials, the other addresses
 * they serve them at, and groups of hosts.
 */
const CLOSED = blockList([
  '169.254.0.0/16',
  '100.100.100.200',
  '224.0.0.0/3',
  'fe80::/10',
  'fd00:ec2::254',
  'ff00::/8',
  '64:ff9b::a9fe:0/112',
])

function allows(address: string): boolean {
  return !isListed(CLOSED, address.split('%')[0] ?? '')
}

/** Name resolution that leaves those addresses out. */
export const lookup = guardedLookup(allows)

/** Throws Error when `host`, brackets or not, is an address that may not be reached. Names are judged once resolved. */
export function demandReachable(host: string): void {
  const bare = host.replace(/^\[|\]$/g, '')
  if (isIP(bare) !== 0 && !allows(bare)) throw new Error('the host may not be reached')
}
