import { randomUUID } from 'node:crypto'

/** As long as an id of kube-apiserver's audit log may be, and of no character that a log or a header would have to escape. */
const SANE = /^[\w.:=+/@-]{1,64}$/

export interface RequestId {
  readonly id: string
  /** Made here, and so nobody else's. */
  readonly own: boolean
}

/** The id that a caller gave its request by `X-Request-Id`, or a new one where that is none or not fit to be passed on. */
export function requestIdOf(given: string | readonly string[] | undefined): RequestId {
  if (typeof given === 'string' && SANE.test(given)) return { id: given, own: false }
  return { id: randomUUID(), own: true }
}
