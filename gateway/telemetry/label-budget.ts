export interface ResourceLabels {
  group: string
  version: string
  resource: string
}

const OTHER: ResourceLabels = { group: 'other', version: '', resource: '' }

/**
 * Keeps the number of label sets bounded although any client may ask for any path. A set that was once answered
 * with success is real and stays (up to `total`); one that only ever failed takes of a budget of `unproven`; what
 * goes beyond is counted as group `other`.
 */
export function createLabelBudget(limits: {
  unproven: number
  total: number
}): (labels: ResourceLabels, success: boolean) => ResourceLabels {
  const known = new Map<string, 'proven' | 'unproven'>()
  let unproven = 0
  return (labels, success) => {
    const key = `${labels.group}\n${labels.version}\n${labels.resource}`
    const seen = known.get(key)
    if (seen === 'proven' || (seen === 'unproven' && !success)) return labels
    if (seen === undefined && (known.size >= limits.total || key.length > 600)) return OTHER
    if (success) {
      if (seen === 'unproven') unproven--
      known.set(key, 'proven')
      return labels
    }
    if (unproven >= limits.unproven) return OTHER
    unproven++
    known.set(key, 'unproven')
    return labels
  }
}
