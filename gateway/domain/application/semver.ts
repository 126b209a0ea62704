/** Semantic Versioning 2.0.0 §11 with a leading `v` and missing parts allowed. */
const VERSION =
  /^v?(?<major>\d+)(?:\.(?<minor>\d+))?(?:\.(?<patch>\d+))?(?:-(?<pre>[0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?$/

interface Version {
  readonly core: readonly number[]
  readonly pre: readonly string[]
}

/** The parts of a version; undefined for text that is none. */
function parse(text: string): Version | undefined {
  const groups = VERSION.exec(text)?.groups
  if (!groups) return undefined
  const { major, minor = '0', patch = '0', pre } = groups
  return { core: [major, minor, patch].map(Number), pre: pre?.split('.') ?? [] }
}

/** Whether text is a version. */
export function isVersion(text: string): boolean {
  return parse(text) !== undefined
}

/** Order of two versions; text that is none comes first, in order of its characters. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [parse(a), parse(b)]
  if (!left || !right) return left ? 1 : right ? -1 : a < b ? -1 : a > b ? 1 : 0
  for (const [index, part] of left.core.entries()) {
    const order = part - (right.core[index] ?? 0)
    if (order !== 0) return order
  }
  return comparePre(left.pre, right.pre)
}

function comparePre(a: readonly string[], b: readonly string[]): number {
  if (a.length === 0 || b.length === 0) return b.length - a.length
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const [left, right] = [a[index], b[index]]
    if (left === undefined || right === undefined) return a.length - b.length
    const [numeric, other] = [/^\d+$/.test(left), /^\d+$/.test(right)]
    if (numeric && other && Number(left) !== Number(right)) return Number(left) - Number(right)
    if (numeric !== other) return numeric ? -1 : 1
    if (left !== right && !numeric) return left < right ? -1 : 1
  }
  return 0
}
