import { connect } from 'node:net'
import { Pool } from 'undici'
import type { ForwardTarget } from './forward-target.ts'

/** Most bytes of the head of an answer: more than the servers behind it may answer with. */
const HEAD_LIMIT = 64 * 1024

/** A server of this machine that listens on a Unix socket. */
export function createSocketTarget(socketPath: string): ForwardTarget & AsyncDisposable {
  const pool = new Pool('http://unix', {
    socketPath,
    pipelining: 1,
    maxHeaderSize: HEAD_LIMIT,
    bodyTimeout: 0,
  })
  return {
    origin: new URL('http://unix'),
    dispatcher: pool,
    async connect(signal) {
      const socket = connect({ path: socketPath, ...(signal ? { signal } : {}) })
      await new Promise<void>((resolve, reject) => {
        socket.once('connect', resolve)
        socket.once('error', reject)
      })
      return socket
    },
    authHeaders: async () => ({}),
    [Symbol.asyncDispose]: () => pool.destroy(),
  }
}
