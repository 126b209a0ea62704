import type { Exchange } from './exchange.ts'

/** What kube-apiserver calls long-running: it may live for hours, and its first byte may take as long. */
const VERBS = new Set(['watch', 'proxy'])
const SUBRESOURCES = new Set(['attach', 'exec', 'log', 'portforward', 'proxy'])

/** Whether a request is of the kind that no deadline fits, and that costs little while it lasts. */
export function isLongRunning({ upgrade, info }: Exchange): boolean {
  if (upgrade) return true
  if (!info) return false
  return VERBS.has(info.verb) || (info.isResourceRequest && SUBRESOURCES.has(info.subresource))
}
