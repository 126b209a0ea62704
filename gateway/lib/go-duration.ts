/** Durations as Go writes and reads them (`1h30m0s`). Source: documentation of package time, `ParseDuration`, `Duration.String`. */

const UNIT_MS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
}

/** Milliseconds of `2h`, `10m0s`, `-1.5s`, `0`; undefined for anything else. */
export function parseDuration(text: string): number | undefined {
  const match = /^([+-]?)((?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+$/.exec(text)
  if (!match) return /^[+-]?0$/.test(text) ? 0 : undefined
  let total = 0
  for (const [, amount = '', unit = ''] of text.matchAll(/([\d.]+)([a-zµμ]+)/g)) {
    total += Number(amount) * (UNIT_MS[unit] ?? Number.NaN)
  }
  return match[1] === '-' ? -total : total
}

/** `1h0m0s`, `1.5s`, `20ms`, `0s`: what Go prints for that many milliseconds. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds === 0) return '0s'
  const sign = milliseconds < 0 ? '-' : ''
  const nanoseconds = BigInt(Math.round(Math.abs(milliseconds) * 1e6))
  if (nanoseconds < 1_000_000_000n) {
    if (nanoseconds < 1000n) return `${sign}${nanoseconds}ns`
    if (nanoseconds < 1_000_000n) return `${sign}${decimal(nanoseconds, 3)}µs`
    return `${sign}${decimal(nanoseconds, 6)}ms`
  }
  const seconds = nanoseconds / 1_000_000_000n
  const rest = decimal(nanoseconds % 60_000_000_000n, 9)
  const minutes = seconds / 60n
  if (minutes === 0n) return `${sign}${rest}s`
  const hours = minutes / 60n
  return hours === 0n ? `${sign}${minutes}m${rest}s` : `${sign}${hours}h${minutes % 60n}m${rest}s`
}

function decimal(value: bigint, digits: number): string {
  const scale = 10n ** BigInt(digits)
  const fraction = (value % scale).toString().padStart(digits, '0').replace(/0+$/, '')
  const whole = (value / scale).toString()
  return fraction === '' ? whole : `${whole}.${fraction}`
}
