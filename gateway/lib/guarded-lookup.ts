import { lookup, type LookupAddress } from 'node:dns'
import type { LookupFunction } from 'node:net'

/**
 * Name resolution for sockets that keeps the addresses `allows` accepts and fails when none is left. The socket connects
 * to the address that was judged, so a name that resolves differently a moment later gains nothing.
 */
export function guardedLookup(allows: (address: string) => boolean): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
      if (error) return callback(error, '')
      const usable = addresses.filter(({ address }) => allows(address))
      const [first] = usable
      if (!first) return callback(new Error('the host may not be reached'), '')
      if (options.all) return callback(null, usable)
      callback(null, first.address, first.family)
    })
  }
}
