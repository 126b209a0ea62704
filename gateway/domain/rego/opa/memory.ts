/** Identifier of the memory section: WebAssembly core specification, "Modules" of the binary format. */
const MEMORY_SECTION = 5

/**
 * A module whose one memory may grow to `pages` pages of 64 KiB and no further; Go's linker sets no end. Throws for a
 * module without exactly one memory without an end.
 */
export function withMaximumMemory(module: Uint8Array, pages: number): Uint8Array {
  let at = 8
  while (at < module.length) {
    const start = at
    const id = module[at]
    const [size, body] = readNumber(module, at + 1)
    const end = body + size
    if (id === MEMORY_SECTION) {
      const [count, flagsAt] = readNumber(module, body)
      if (count !== 1 || module[flagsAt] !== 0) throw new Error('not one memory without an end')
      const [least] = readNumber(module, flagsAt + 1)
      const limits = Uint8Array.from([1, 1, ...number(least), ...number(pages)])
      const section = [MEMORY_SECTION, ...number(limits.length), ...limits]
      return Buffer.concat([
        module.subarray(0, start),
        Uint8Array.from(section),
        module.subarray(end),
      ])
    }
    at = end
  }
  throw new Error('no memory section')
}

/** An unsigned LEB128 number and the place behind it. */
function readNumber(bytes: Uint8Array, from: number): [value: number, next: number] {
  let value = 0
  for (let at = from, scale = 1; ; at++, scale *= 128) {
    const byte = bytes[at]
    if (byte === undefined) throw new Error('the module ends within a number')
    value += (byte & 127) * scale
    if (byte < 128) return [value, at + 1]
  }
}

function number(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) | 128, ...number(Math.floor(value / 128))]
}
