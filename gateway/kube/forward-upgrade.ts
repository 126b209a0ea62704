import { request } from 'node:http'
import type { ClientRequest, IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { ForwardError, forwardError } from './forward-error.ts'
import { incomingHeaders, upgradeHeaders } from './forward-headers.ts'
import type { ForwardHeaders } from './forward-headers.ts'
import type { ForwardTarget } from './forward-target.ts'
import { splice } from './splice.ts'

const HEAD_LIMIT = 64 * 1024
/** Milliseconds for the whole of an answer that is no upgrade. */
const REFUSAL_MS = 10_000

export interface UpgradeOptions {
  /** Percent-encoded path with query. */
  path: string
  headers: ForwardHeaders
  /** As of `ForwardOptions`. */
  within?: { host: string } | undefined
  signal?: AbortSignal | undefined
  /** Hears the status of the upstream's answer. */
  onStatus?: (status: number) => void
}

type Answer =
  | { kind: 'upgrade'; response: IncomingMessage; head: Buffer }
  | { kind: 'response'; response: IncomingMessage }

/**
 * Asks `target` once for the upgrade that the client asked for (pipeline.md §24.2): on 101 both connections are joined
 * until they end; an error is passed on and the connection closed; anything else, or no answer, is a ForwardError with
 * nothing sent to the client yet. Resolves when it is over. What the client sends early waits for the 101.
 */
export async function forwardUpgrade(
  req: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  target: ForwardTarget,
  options: UpgradeOptions,
): Promise<void> {
  const gone = new AbortController()
  const leave = (): void => gone.abort(new Error('the client went away'))
  const signal = options.signal ? AbortSignal.any([options.signal, gone.signal]) : gone.signal
  socket.on('error', leave)
  socket.once('close', leave)
  let upstream: Socket | undefined
  try {
    upstream = await target.connect(signal)
    upstream.on('error', () => {})
    const answer = await ask(req, upstream, target, options, signal)
    const { response } = answer
    const status = response.statusCode ?? 0
    options.onStatus?.(status)
    if (answer.kind === 'upgrade' && status === 101) {
      demandAsked(options.headers, response)
      socket.write(headText(response, response.rawHeaders))
      if (answer.head.length > 0) socket.write(answer.head)
      if (head.length > 0) upstream.write(head)
      await splice(socket, upstream, options.signal)
      return
    }
    if (status < 400) throw new ForwardError(`invalid upgrade response: status code ${status}`)
    await refuse(socket, response)
  } catch (error) {
    if (gone.signal.aborted) return
    throw forwardError(error, target.origin)
  } finally {
    socket.off('close', leave)
    upstream?.destroy()
  }
}

/** Throws ForwardError for another protocol than the one that was asked for: in it the client could ask for more. */
function demandAsked(asked: ForwardHeaders, { headers }: IncomingMessage): void {
  const [wanted, switched] = [String(asked['upgrade']), headers.upgrade ?? '']
  if (wanted.toLowerCase() === switched.toLowerCase()) return
  throw new ForwardError(
    `backend tried to switch protocol ${JSON.stringify(switched)} when ${JSON.stringify(wanted)} was requested`,
  )
}

/** The head of the answer; node:http parses it, on the connection that it is given. */
async function ask(
  req: IncomingMessage,
  upstream: Socket,
  target: ForwardTarget,
  options: UpgradeOptions,
  signal: AbortSignal,
): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>()
  const { headers, within } = options
  const remoteAddress = within ? undefined : req.socket.remoteAddress
  const outgoing: ClientRequest = request({
    method: req.method ?? 'GET',
    path: options.path,
    headers: upgradeHeaders(
      { headers, remoteAddress, hasBody: false },
      within?.host ?? target.origin.host,
    ),
    setHost: false,
    maxHeaderSize: HEAD_LIMIT,
    createConnection: () => upstream,
  })
  outgoing.once('upgrade', (response, _socket, head) =>
    resolve({ kind: 'upgrade', response, head }),
  )
  outgoing.once('response', (response) => resolve({ kind: 'response', response }))
  outgoing.on('error', reject)
  const abort = (): void => {
    upstream.destroy()
    reject(signal.reason as Error)
  }
  signal.addEventListener('abort', abort, { once: true })
  if (signal.aborted) abort()
  outgoing.end()
  try {
    return await promise
  } finally {
    signal.removeEventListener('abort', abort)
  }
}

function headText(response: IncomingMessage, headers: readonly string[]): string {
  let text = `HTTP/1.1 ${response.statusCode} ${response.statusMessage}\r\n`
  for (let at = 0; at < headers.length; at += 2) text += `${headers[at]}: ${headers[at + 1]}\r\n`
  return `${text}\r\n`
}

/** Passes a refusal on and ends the client's connection, which also ends a body of unknown length. */
async function refuse(socket: Duplex, response: IncomingMessage): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(() => {
    response.destroy()
    socket.destroy()
  }, REFUSAL_MS)
  socket.once('close', resolve)
  socket.write(
    headText(response, [...incomingHeaders(response.rawHeaders, false), 'Connection', 'close']),
  )
  response.once('error', () => socket.destroy())
  response.pipe(socket)
  socket.once('finish', () => {
    // Read on, or a client that is still sending would be reset before it has seen the answer.
    socket.resume()
    resolve()
  })
  await promise
  clearTimeout(timer)
}
