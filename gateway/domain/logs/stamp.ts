/** The moment in front of a line. */
export interface Stamp {
  /** As it was written: RFC 3339, up to nanoseconds. */
  readonly text: string
  readonly seconds: number
  readonly nanos: number
}

const SPACE = 0x20
const ZERO = 0x30
const PATTERN = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/
/** Bytes of `2006-01-02T15:04:05Z` and `2006-01-02T15:04:05.999999999+00:00`. */
const SHORTEST = 20
const LONGEST = 35
/** Place of the `T`. */
const T_AT = 10
const SECONDS_END = 19

/**
 * The time in front of a line, as the kubelet writes it before the first space; undefined where there is none. Hot path
 * of logs. Source: Kubernetes, `timestamps` of PodLogOptions.
 */
export function stampOf(line: Buffer): Stamp | undefined {
  if (line[T_AT] !== 0x54) return undefined
  const end = line.subarray(0, LONGEST + 1).indexOf(SPACE, SHORTEST)
  if (end < 0) return undefined
  const text = line.toString('latin1', 0, end)
  if (!PATTERN.test(text)) return undefined
  let at = SECONDS_END
  let nanos = 0
  if (text[at] === '.') {
    let unit = 100_000_000
    for (at++; unit >= 1 && isDigit(line[at]); at++, unit /= 10) {
      nanos += ((line[at] ?? ZERO) - ZERO) * unit
    }
  }
  const seconds = Date.parse(text.slice(0, SECONDS_END) + text.slice(at)) / 1000
  return Number.isNaN(seconds) ? undefined : { text, seconds, nanos }
}

function isDigit(byte = 0): boolean {
  return byte >= ZERO && byte <= ZERO + 9
}

/** Below, at or above zero as `one` is before, at or after `other`. */
export function compareStamps(one: Stamp, other: Stamp): number {
  return one.seconds - other.seconds || one.nanos - other.nanos
}
