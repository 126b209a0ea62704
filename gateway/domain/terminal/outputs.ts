import type { Readable } from 'node:stream'
import type { RemoteCommand } from './remote-command.ts'
import type { TerminalPiece } from './types.ts'

type Stream = TerminalPiece['stream']

/** What a command says, as it comes; each output is read only as fast as this is. Throws when it is cut off. */
export async function* bothOutputs({
  stdout,
  stderr,
}: Pick<RemoteCommand, 'stdout' | 'stderr'>): AsyncGenerator<TerminalPiece, void, undefined> {
  const sources = { stdout: bytesOf(stdout), stderr: bytesOf(stderr) }
  const ready: { stream: Stream; result: IteratorResult<Buffer, undefined> }[] = []
  let failure: { error: unknown } | undefined
  let wake = Promise.withResolvers<void>()
  // No race of promises: the one of a silent output would remember every turn.
  const pull = async (stream: Stream): Promise<void> => {
    try {
      ready.push({ stream, result: await sources[stream].next() })
    } catch (error) {
      failure ??= { error }
    }
    wake.resolve()
  }
  void pull('stdout')
  void pull('stderr')
  for (let open = 2; open > 0;) {
    const next = ready.shift()
    if (!next) {
      if (failure) throw failure.error
      await wake.promise
      wake = Promise.withResolvers()
    } else if (next.result.done) {
      open--
    } else {
      yield { stream: next.stream, data: next.result.value }
      void pull(next.stream)
    }
  }
}

function bytesOf(stream: Readable): AsyncIterator<Buffer, undefined> {
  return stream[Symbol.asyncIterator]() as AsyncIterator<Buffer, undefined>
}
