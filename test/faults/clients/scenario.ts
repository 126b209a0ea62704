import { eventually } from '../../e2e/http.ts'
import { heldBy, type Held } from '../held.ts'
import { startBystander, type Served } from './bystander.ts'
import { startCrowd, type Crowd } from './crowd.ts'
import type { Ends, Order } from './crowd-process.ts'

export interface Observed {
  readonly order: Order
  /** How others were served before the crowd came, and from its coming until it left. */
  readonly before: Served
  readonly during: Served
  readonly ends: Ends
  readonly held: { readonly before: Held; readonly during: Held; readonly after: Held }
}

export interface ScenarioOptions {
  /** Requests of others that are looked at, before and during. */
  readonly requests: number
  /** What is waited for while the crowd is there. */
  readonly meanwhile?: (crowd: Crowd) => Promise<void>
  /** Milliseconds that the server gets to put away what the crowd left. */
  readonly restMs?: number
}

/**
 * A crowd comes, stays and leaves, while somebody else goes on asking. Throws when the server still has a socket of the
 * crowd half a minute after it left.
 */
export async function observe(order: Order, options: ScenarioOptions): Promise<Observed> {
  const { url, token } = order
  await using bystander = startBystander(url, token)
  // The first ones wait for what is made once.
  await bystander.served(20)
  const before = await bystander.served(options.requests)
  const heldBefore = await heldBy(url)
  await bystander.served(1)
  await using crowd = await startCrowd(order)
  await options.meanwhile?.(crowd)
  const during = await bystander.served(options.requests)
  const heldDuring = await heldBy(url)
  const ends = await crowd.report()
  await crowd.leave()
  await eventually(
    'the sockets of a crowd that left',
    () => heldBy(url),
    ({ sockets }) => sockets <= heldBefore.sockets,
    30,
  )
  await new Promise((resolve) => setTimeout(resolve, options.restMs ?? 0))
  const held = { before: heldBefore, during: heldDuring, after: await heldBy(url) }
  return { order, before, during, ends, held }
}
