/** Traces a second that callers may wish for, whatever the share of requests that is traced. */
const WISHES = 20

/** What the caller of a request says of a trace: `none` has none, `skipped` does not record it. */
export type CallersTrace = 'none' | 'skipped' | 'recorded'

/**
 * Whether a request is traced: the given share of those without a trace, none whose caller does not record its own, and those
 * whose caller does. Anybody can say so, and so it is a wish unless `trusted`: `WISHES` a second come true, the others count
 * as without. The share is drawn by us, since a caller that chooses its trace id could choose one that fits.
 */
export function createSampler({
  share,
  random = Math.random,
  now = () => performance.now(),
}: {
  readonly share: number
  readonly random?: () => number
  /** Milliseconds. */
  readonly now?: () => number
}): (trace: CallersTrace, trusted: boolean) => boolean {
  let since = -Infinity
  let granted = 0
  const grants = (): boolean => {
    const at = now()
    if (at - since >= 1000) {
      since = at
      granted = 0
    }
    return granted++ < WISHES
  }
  return (trace, trusted) => {
    if (trace === 'skipped') return false
    if (trace === 'recorded' && (trusted || grants())) return true
    return random() < share
  }
}
