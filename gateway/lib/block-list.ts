import { BlockList, isIP } from 'node:net'

/** A matcher for addresses and CIDRs. Throws an Error that names an entry which is neither. */
export function blockList(entries: readonly string[]): BlockList {
  const list = new BlockList()
  for (const entry of entries) {
    const [address = '', bits, ...rest] = entry.split('/')
    const version = isIP(address)
    const prefix = bits === undefined ? undefined : Number(bits)
    const fits =
      prefix === undefined ||
      (/^\d+$/.test(bits ?? '') && prefix <= (version === 6 ? 128 : 32) && rest.length === 0)
    if (version === 0 || !fits) throw new Error(`${entry} is neither an address nor a CIDR`)
    const family = version === 6 ? 'ipv6' : 'ipv4'
    if (prefix === undefined) list.addAddress(address, family)
    else list.addSubnet(address, prefix, family)
  }
  return list
}

export function isListed(list: BlockList, address: string): boolean {
  const version = isIP(address)
  return version !== 0 && list.check(address, version === 6 ? 'ipv6' : 'ipv4')
}
