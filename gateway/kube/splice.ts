import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'

/** Milliseconds without a byte that a connection with one closed direction is kept. */
const HALF_OPEN_MS = 30_000
/** Milliseconds that a side gets to close once the other is gone. */
const FLUSH_MS = 5000

/**
 * Joins two connections until both are closed. The end of one direction is passed on and the other runs on while
 * something moves; an error on one side, or the abort of `signal`, ends both. Never rejects.
 */
export async function splice(
  client: Duplex,
  upstream: Socket,
  signal?: AbortSignal,
): Promise<void> {
  const destroy = (): void => {
    client.destroy()
    upstream.destroy()
  }
  const halfOpen = (): void => void upstream.setTimeout(HALF_OPEN_MS, destroy)
  let last: NodeJS.Timeout | undefined
  const closed = Promise.all([closing(client), closing(upstream)])
  for (const side of [client, upstream]) {
    side.on('error', destroy)
    side.once('end', halfOpen)
  }
  client.once('close', () => upstream.destroy())
  upstream.once('close', () => {
    client.end()
    last = setTimeout(destroy, FLUSH_MS)
  })
  signal?.addEventListener('abort', destroy, { once: true })
  if (signal?.aborted || client.destroyed || upstream.destroyed) destroy()
  else {
    client.pipe(upstream)
    upstream.pipe(client)
  }
  await closed
  clearTimeout(last)
  signal?.removeEventListener('abort', destroy)
}

function closing(side: Duplex): Promise<void> {
  return new Promise((resolve) => {
    if (side.closed) resolve()
    else side.once('close', () => resolve())
  })
}
