import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'

/** A loopback port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/**
 * Calls `start` with a loopback port for a program that cannot pick one by itself, and again with another one where it
 * fails: somebody else may have taken the port before the program did. Throws what the fifth attempt throws.
 */
export async function onFreePort<T>(start: (port: number) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await start(await freePort())
    } catch (error) {
      if (attempt === 5) throw error
    }
  }
}
