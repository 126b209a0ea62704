/**
 * Clients in a process of their own, so that their memory, descriptors and turns are not the server's. Gets an order, says
 * when all are there, answers `report` with who was sent away and when, and ends with `leave`.
 */
import { crowds, type CrowdKind, type CrowdOrder } from './crowds.ts'

export interface Ends {
  /** Clients that the server sent away, by what they heard. */
  readonly heard: Record<string, number>
  /** Seconds after its beginning at which the first and the last of them was sent away. */
  readonly first: number
  readonly last: number
}

export type Order = CrowdOrder & { readonly kind: CrowdKind }

/** Clients that come at the same time. */
const atOnce = 50

const heard: Record<string, number> = {}
let [first, last] = [0, 0]
const all: { leave: () => void; ended: Promise<string> }[] = []

async function note(ended: Promise<string>, began: number): Promise<void> {
  const how = await ended
  heard[how] = (heard[how] ?? 0) + 1
  const seconds = (performance.now() - began) / 1000
  first = Math.min(first || seconds, seconds)
  last = Math.max(last, seconds)
}

async function gather({ kind, ...order }: Order): Promise<void> {
  let next = 0
  const come = async () => {
    while (next < order.count) {
      const index = next++
      const began = performance.now()
      const member = await crowds[kind](order, index)
      all.push(member)
      void note(member.ended, began)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, come))
  process.send?.('there')
}

process.on('message', (message: Order | 'report' | 'leave') => {
  if (message === 'report') process.send?.({ heard, first, last } satisfies Ends)
  else if (message === 'leave') {
    for (const { leave } of all) leave()
    void Promise.all(all.map(({ ended }) => ended)).then(() => process.disconnect?.())
  } else {
    void gather(message).catch((error: unknown) => {
      console.error(error)
      process.exit(1)
    })
  }
})

// Whoever asked for the crowd may be stopped without a chance to say so.
process.once('disconnect', () => process.exit())
