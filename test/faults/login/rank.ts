/** How well a single time tells which of two samples it is of. */
export interface Told {
  /** Chance that a time of the first is above one of the second, ties counting half; 0.5 = nothing is told. */
  readonly area: number
  /** Its confidence interval of 95 %. */
  readonly low: number
  readonly high: number
}

/**
 * Area under the curve of receiver operation of two samples, which is Mann–Whitney's U divided by the number of pairs, with
 * the standard error of Hanley and McNeil (Radiology 143, 1982).
 */
export function tell(first: readonly number[], second: readonly number[]): Told {
  const all = [
    ...first.map((value) => ({ value, isFirst: true })),
    ...second.map((value) => ({ value, isFirst: false })),
  ].toSorted((a, b) => a.value - b.value)
  let ranks = 0
  for (let from = 0; from < all.length;) {
    let to = from
    while (to < all.length && all[to]?.value === all[from]?.value) to++
    const ofFirst = all.slice(from, to).filter(({ isFirst }) => isFirst).length
    // Ranks count from 1; equal values share the middle of theirs.
    ranks += (ofFirst * (from + 1 + to)) / 2
    from = to
  }
  const [n, m] = [first.length, second.length]
  const area = (ranks - (n * (n + 1)) / 2) / (n * m)
  const above = area / (2 - area)
  const below = (2 * area * area) / (1 + area)
  const variance =
    area * (1 - area) + (n - 1) * (above - area * area) + (m - 1) * (below - area * area)
  const margin = 1.96 * Math.sqrt(Math.max(0, variance) / (n * m))
  return { area, low: Math.max(0, area - margin), high: Math.min(1, area + margin) }
}

/** The value below which this share of a sample lies; NaN of an empty one. */
export function quantile(sample: readonly number[], share: number): number {
  const sorted = sample.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN
}

/** A random order of the same items. */
export function shuffled<T>(items: readonly T[], random: () => number): T[] {
  return items
    .map((item) => ({ item, at: random() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ item }) => item)
}
