import type { KubeStatus } from '../lib/errors.ts'
import type { ChangeType } from './api.ts'
import type { KubeObject } from './types.ts'

export type WatchEvent =
  | { type: ChangeType | 'BOOKMARK'; object: KubeObject; json: string }
  | { type: 'ERROR'; status: KubeStatus }

const TYPE = '{"type":"'
const OBJECT = '","object":'

/**
 * One line of a watch; the object is parsed once and its text kept. Throws SyntaxError for anything that is no event.
 * Source: Kubernetes API concepts, "Efficient detection of changes".
 */
export function parseWatchEvent(line: string): WatchEvent {
  const { type, json } = split(line)
  const object = JSON.parse(json) as KubeObject
  switch (type) {
    case 'ADDED':
    case 'MODIFIED':
    case 'DELETED':
    case 'BOOKMARK':
      if (typeof object?.metadata !== 'object') break
      return { type, object, json }
    case 'ERROR':
      return { type, status: object as unknown as KubeStatus }
  }
  throw new SyntaxError(`not a watch event: ${line.slice(0, 100)}`)
}

/** kube-apiserver writes exactly this shape; anything else is taken apart by JSON. */
function split(line: string): { type: string; json: string } {
  const at = line.indexOf(OBJECT, TYPE.length)
  if (line.startsWith(TYPE) && at > 0 && at < 30) {
    const end = line.lastIndexOf('}')
    return { type: line.slice(TYPE.length, at), json: line.slice(at + OBJECT.length, end) }
  }
  const event = JSON.parse(line) as { type?: unknown; object?: unknown }
  return { type: String(event?.type), json: JSON.stringify(event?.object ?? null) }
}
