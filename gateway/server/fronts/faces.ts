import type { Router } from '../../../rest-compat/index.ts'
import type { SocketFace, UpgradingFace } from '../http.ts'
import type { FollowRequest } from '../requests.ts'
import { isServedByFront } from './served.ts'

export interface FrontFacesOptions {
  /** The layers of REST in this thread. */
  readonly rest: UpgradingFace
  readonly router: Router
  /** The way to the owner. */
  readonly relay: SocketFace
  /** Follows what this thread answers; the owner follows what it answers itself. */
  readonly follow: FollowRequest
}

/** What the listener of a front splits requests between: its own layers for what it may answer, and the owner. */
export function createFrontFaces({ rest, router, relay, follow }: FrontFacesOptions): {
  rest: UpgradingFace
  graphql: SocketFace
} {
  return {
    rest: {
      handle: (req, res) =>
        isServedByFront(req, router)
          ? follow(req, res, () => rest.handle(req, res))
          : relay.handle(req, res),
      upgrade: (req, socket, head) => relay.upgrade(req, socket, head),
      shouldUpgrade: (req) => rest.shouldUpgrade(req),
    },
    graphql: relay,
  }
}
