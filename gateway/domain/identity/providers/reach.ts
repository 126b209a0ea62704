import { isIP, type LookupFunction } from 'node:net'
import { blockList, isListed } from '../../../lib/block-list.ts'
import { LINK_AND_METADATA, THIS_MACHINE } from '../../../lib/closed-addresses.ts'
import { guardedLookup } from '../../../lib/guarded-lookup.ts'

/** Where a provider may stand. */
export interface Reach {
  /** Name resolution that leaves the other addresses out. */
  readonly lookup: LookupFunction
  /** Throws Error when `host`, brackets or not, is an address that may not be reached. Names are judged once resolved. */
  demand(host: string): void
}

function reach(closed: readonly string[]): Reach {
  const list = blockList(closed)
  const allows = (address: string): boolean => !isListed(list, address.split('%')[0] ?? '')
  return {
    lookup: guardedLookup(allows),
    demand(host) {
      const bare = host.replace(/^\[|\]$/g, '')
      if (isIP(bare) !== 0 && !allows(bare)) throw new Error('the host may not be reached')
    },
  }
}

/** Of a host that an administrator has named: anywhere but on the link and where clouds keep credentials. */
export const named = reach(LINK_AND_METADATA)

/** Of a host that a provider has named: not on this machine either. */
export const found = reach([...THIS_MACHINE, ...LINK_AND_METADATA])
