const longest = 63
const offset = 0xcbf29ce484222325n
const prime = 0x100000001b3n

/** `{workspace}-{role}`, or `{role}.{FNV-64a of the workspace}` where that is longer than 63 characters. */
export function scopedRoleName(workspace: string, role: string): string {
  const name = `${workspace}-${role}`
  return name.length <= longest ? name : `${role}.${fnv64a(workspace)}`
}

/** FNV-1a with 64 bits, as hexadecimal without leading zeros (RFC 9923). */
export function fnv64a(text: string): string {
  let hash = offset
  for (const byte of Buffer.from(text, 'utf8')) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * prime)
  }
  return hash.toString(16)
}
