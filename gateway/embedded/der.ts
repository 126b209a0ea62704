/** The few DER encodings that an X.509 certificate is made of. ITU-T X.690. */

function tlv(tag: number, ...parts: Uint8Array[]): Buffer {
  const body = Buffer.concat(parts)
  if (body.length < 0x80) return Buffer.concat([Buffer.from([tag, body.length]), body])
  const size: number[] = []
  for (let rest = body.length; rest > 0; rest >>>= 8) size.unshift(rest & 0xff)
  return Buffer.concat([Buffer.from([tag, 0x80 | size.length, ...size]), body])
}

export const sequence = (...parts: Uint8Array[]): Buffer => tlv(0x30, ...parts)
export const set = (...parts: Uint8Array[]): Buffer => tlv(0x31, ...parts)
export const octets = (value: Uint8Array): Buffer => tlv(0x04, value)
export const utf8 = (value: string): Buffer => tlv(0x0c, Buffer.from(value, 'utf8'))
export const boolean = (value: boolean): Buffer => tlv(0x01, Buffer.from([value ? 0xff : 0]))

/** Context tag `[number]` around whole encodings. */
export const explicit = (number: number, ...parts: Uint8Array[]): Buffer =>
  tlv(0xa0 | number, ...parts)

/** Context tag `[number]` in the place of a primitive's own tag. */
export const implicit = (number: number, value: Uint8Array): Buffer => tlv(0x80 | number, value)

/** A non-negative INTEGER of big-endian `bytes`. */
export function integer(bytes: Uint8Array): Buffer {
  let from = 0
  while (from < bytes.length - 1 && bytes[from] === 0) from++
  const trimmed = bytes.subarray(from)
  const sign = (trimmed[0] ?? 0) & 0x80 ? [Buffer.from([0])] : []
  return tlv(0x02, ...sign, trimmed)
}

/** BIT STRING; `unused` bits of the last byte do not count. */
export function bits(value: Uint8Array, unused = 0): Buffer {
  return tlv(0x03, Buffer.from([unused]), value)
}

/** OBJECT IDENTIFIER of its dotted form. */
export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  const bytes: number[] = []
  for (const arc of [first * 40 + second, ...rest]) {
    const group = [arc & 0x7f]
    for (let left = arc >>> 7; left > 0; left >>>= 7) group.unshift(0x80 | (left & 0x7f))
    bytes.push(...group)
  }
  return tlv(0x06, Buffer.from(bytes))
}

/** UTCTime before 2050, GeneralizedTime from then on (RFC 5280 §4.1.2.5), in whole seconds. */
export function time(date: Date): Buffer {
  const text = date.toISOString().replace(/[-:T]|\.\d+/g, '')
  return date.getUTCFullYear() < 2050
    ? tlv(0x17, Buffer.from(text.slice(2), 'ascii'))
    : tlv(0x18, Buffer.from(text, 'ascii'))
}
