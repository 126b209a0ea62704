/** This machine, and nobody in particular, in every way of writing it in IPv6. */
export const THIS_MACHINE: readonly string[] = [
  '0.0.0.0/8',
  '127.0.0.0/8',
  '::/96',
  '::ffff:0:0/96',
  '64:ff9b::/96',
  '64:ff9b:1::/48',
]

/**
 * The link itself, where clouds serve the machine's own credentials, the other addresses they serve them at, and groups of
 * hosts.
 */
export const LINK_AND_METADATA: readonly string[] = [
  '169.254.0.0/16',
  '100.100.100.200',
  '168.63.129.16',
  '192.0.0.192',
  '224.0.0.0/3',
  'fe80::/10',
  'fd00:ec2::254',
  'ff00::/8',
  '64:ff9b::a9fe:0/112',
]
