import { spawnSync } from 'node:child_process'
import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Fallible } from './stage.ts'

export interface NameServer extends Fallible, AsyncDisposable {
  /** Runs the command in its arguments where this is the only server of names; undefined where that cannot be had. */
  readonly within: readonly string[] | undefined
}

/** The port is the one that resolvers ask; other runs may have taken it on some of the addresses. */
const addresses = Array.from({ length: 50 }, (_, index) => `127.0.0.${77 + index}`)
const [refused, noError] = [2, 0]

/**
 * A server of names that says 127.0.0.1 of every name. It can refuse (SERVFAIL) and hang. `folder` is for a file of its own.
 * Source: RFC 1035 §4.1.
 */
export async function startNameServer(folder: string): Promise<NameServer> {
  let mode: 'well' | 'refuse' | 'hang' = 'well'
  const socket = await bound()
  const { address } = socket.address()
  socket.on('message', (query, from) => {
    if (mode === 'hang' || query.length < 17) return
    socket.send(answerTo(query, mode === 'refuse'), from.port, from.address)
  })
  const file = join(folder, 'resolv.conf')
  await writeFile(file, `nameserver ${address}\n`)
  const words = [
    'unshare',
    '-m',
    'sh',
    '-c',
    `mount --bind ${file} /etc/resolv.conf && exec "$@"`,
    '-',
  ]
  const may = spawnSync(words[0] ?? '', [...words.slice(1), 'true']).status === 0
  return {
    within: may ? words : undefined,
    async begin(fault) {
      mode = fault === 'hang' ? 'hang' : 'refuse'
    },
    async heal() {
      mode = 'well'
    },
    async [Symbol.asyncDispose]() {
      socket.close()
      await once(socket, 'close')
    },
  }
}

/** A socket at the first address that is free. Throws where none is, or the port may not be had. */
async function bound(): Promise<Socket> {
  let failure: unknown
  for (const address of addresses) {
    const socket = createSocket('udp4')
    try {
      socket.bind(53, address)
      await once(socket, 'listening')
      return socket
    } catch (error) {
      failure = error
      socket.close()
    }
  }
  throw failure
}

function answerTo(query: Buffer, fails: boolean): Buffer {
  const question = query.subarray(12, query.indexOf(0, 12) + 5)
  const wantsAddress = question.readUInt16BE(question.length - 4) === 1
  const head = Buffer.alloc(12)
  query.copy(head, 0, 0, 2)
  // An answer, recursion available.
  head.writeUInt16BE(0x8180 | (fails ? refused : noError), 2)
  head.writeUInt16BE(1, 4)
  if (fails || !wantsAddress) return Buffer.concat([head, question])
  head.writeUInt16BE(1, 6)
  // The name of the question, an address, of the Internet, believed for no time at all.
  const record = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, 127, 0, 0, 1])
  return Buffer.concat([head, question, record])
}
