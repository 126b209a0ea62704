import { StringDecoder } from 'node:string_decoder'
import type {
  ClientSocket,
  SessionEnd,
  TerminalSession,
} from '../../../gateway/domain/terminal/index.ts'
import { readMessage, stdoutMessage } from './messages.ts'

const PING_MS = 27_000
const PONG_MS = 30_000
/** Milliseconds after which a client that used to answer pings, and need not, is taken for gone. */
const GONE_MS = 90_000
/** Milliseconds that a client gets to take the rest of the output once the session is over. */
const REST_MS = 30_000

/**
 * Joins a session and a client's socket until both have ended. With `heartbeat` a client that leaves pings unanswered
 * for 30 s is gone (platform-apis.md §9.4). Waits for slow readers on either side.
 */
export async function bridge(
  session: TerminalSession,
  socket: ClientSocket,
  heartbeat: boolean,
): Promise<void> {
  const beat = startHeartbeat(socket, heartbeat)
  void socket.closed.then(() => session.close())
  const patience = startPatience(session, socket)
  let over = false
  socket.onMessage((message) => {
    if (over) return
    const said = readMessage(message.toString())
    if (said?.op === 'resize') {
      // @NOTE A size of zero ended the original's resizing, and the next size all input; here it is nothing.
      session.resize(said.cols, said.rows)
    } else if (said) {
      if (session.write(Buffer.from(said.data))) return
      socket.pause()
      void session.drained().then(() => socket.resume())
    } else {
      // @NOTE What is not understood ends the input; output goes on until the program ends.
      over = true
      session.endInput()
    }
  })
  // A character may be split between two pieces of output.
  const decoder = new StringDecoder('utf8')
  try {
    for await (const { data } of session.output) {
      const text = decoder.write(Buffer.from(data.buffer, data.byteOffset, data.byteLength))
      if (text !== '') await socket.send(stdoutMessage(text))
    }
    const rest = decoder.end()
    if (rest !== '') await socket.send(stdoutMessage(rest))
    const end = await session.ended
    // @NOTE The original cuts the connection; a client that looks at neither code nor reason sees no difference.
    socket.close(closeCode(end), end.message || 'process exited')
    await socket.closed
  } finally {
    beat.stop()
    patience.stop()
    socket.terminate()
    session.close()
  }
}

/** Source: RFC 6455 §7.4.1. */
function closeCode({ why }: SessionEnd): number {
  switch (why) {
    case 'revoked':
      return 1008
    case 'failed':
      return 1011
    case 'shutdown':
    case 'idle':
    case 'expired':
      return 1001
    case 'exited':
    case 'closed':
      return 1000
    default:
      return why satisfies never
  }
}

/** Cuts the connection of a client that does not take the end of a session that is over. */
function startPatience(session: TerminalSession, socket: ClientSocket): { stop(): void } {
  let timer: NodeJS.Timeout | undefined
  let stopped = false
  const start = async (): Promise<void> => {
    await session.ended
    if (!stopped) timer = setTimeout(() => socket.terminate(), REST_MS).unref()
  }
  void start()
  return {
    stop() {
      stopped = true
      clearTimeout(timer)
    },
  }
}

function startHeartbeat(socket: ClientSocket, strict: boolean): { stop(): void } {
  let heardAt = performance.now()
  let answers = strict
  socket.onPong(() => {
    answers = true
    heardAt = performance.now()
  })
  if (strict) socket.ping()
  const pings = setInterval(() => socket.ping(), PING_MS).unref()
  const looks = setInterval(() => {
    const silent = performance.now() - heardAt
    if (answers && silent > (strict ? PONG_MS : GONE_MS)) socket.terminate()
  }, 1000).unref()
  return {
    stop() {
      clearInterval(pings)
      clearInterval(looks)
    },
  }
}
