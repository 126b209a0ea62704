/**
 * Kubernetes quantities, exactly. Source: Kubernetes documentation, "Quantity" (apimachinery/pkg/api/resource): signed
 * number and a suffix of 1000s, of 1024s, or a decimal exponent; written in the largest unit without a fraction.
 */
export type QuantityFormat = 'DecimalSI' | 'BinarySI' | 'DecimalExponent'

export interface Quantity {
  /** In units of 10⁻⁹. */
  readonly nanos: bigint
  readonly format: QuantityFormat
}

const NANO = 1_000_000_000n
const DECIMAL = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E']
const BINARY = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei']

const PATTERN =
  /^(?<sign>[+-]?)(?<whole>\d{0,40})(?:\.(?<fraction>\d{0,40}))?(?:(?<binary>[KMGTPE]i)|(?<decimal>[numkMGTPE])|[eE](?<exponent>[+-]?\d{1,2}))?$/

/** The quantity that a text stands for, rounded up to 10⁻⁹; undefined where it is none. */
export function parseQuantity(text: string): Quantity | undefined {
  const found = PATTERN.exec(text)?.groups
  if (!found || (!found['whole'] && !found['fraction'])) return undefined
  const { sign, whole = '', fraction = '', binary, decimal, exponent } = found
  let numerator = BigInt(`${whole}${fraction}` || '0') * NANO
  let denominator = 10n ** BigInt(fraction.length)
  let format: QuantityFormat = 'DecimalSI'
  let power = 0
  if (binary) {
    format = 'BinarySI'
    numerator *= 1024n ** BigInt(BINARY.indexOf(binary))
  } else if (exponent !== undefined) {
    format = 'DecimalExponent'
    power = Number(exponent)
  } else if (decimal) power = (DECIMAL.indexOf(decimal) - 3) * 3
  if (power >= 0) numerator *= 10n ** BigInt(power)
  else denominator *= 10n ** BigInt(-power)
  const nanos = (numerator + denominator - 1n) / denominator
  return { nanos: sign === '-' ? -nanos : nanos, format }
}

/** A whole number as a quantity. */
export function wholeQuantity(value: number, format: QuantityFormat): Quantity {
  return { nanos: BigInt(value) * NANO, format }
}

/** `a - b` in the format of `a`, that of `b` where `a` is nothing. */
export function subtract(a: Quantity, b: Quantity): Quantity {
  return { nanos: a.nanos - b.nanos, format: a.nanos === 0n ? b.format : a.format }
}

/** The canonical text. */
export function formatQuantity({ nanos, format }: Quantity): string {
  if (nanos === 0n) return '0'
  const sign = nanos < 0n ? '-' : ''
  const size = nanos < 0n ? -nanos : nanos
  if (format === 'BinarySI' && size >= 1024n * NANO) {
    let units = (size + NANO - 1n) / NANO
    let power = 0
    while (units % 1024n === 0n && power < BINARY.length - 1) {
      units /= 1024n
      power++
    }
    return `${sign}${units}${BINARY[power]}`
  }
  let units = size
  let power = 0
  while (units % 1000n === 0n && power < DECIMAL.length - 1) {
    units /= 1000n
    power++
  }
  if (format === 'DecimalExponent') {
    const exponent = (power - 3) * 3
    return `${sign}${units}${exponent === 0 ? '' : `e${exponent}`}`
  }
  return `${sign}${units}${DECIMAL[power]}`
}
