import { finished } from 'node:stream'
import type { KubeClient } from '../../kube/api.ts'
import { ApiError } from '../../lib/errors.ts'
import { downloadFrom, uploadTo, type Download, type UploadFile } from './files.ts'
import { demandNames, labelOf } from './place.ts'
import type { FileTarget, TerminalCaller, TerminalEvent } from './types.ts'

export interface Transfer {
  readonly client: KubeClient
  readonly id: string
  readonly caller: TerminalCaller
  readonly target: FileTarget
  readonly signal: AbortSignal
  /** Epoch milliseconds. */
  readonly now: () => number
  /** Called once, when the transfer is over, however it went. */
  readonly report: (event: TerminalEvent) => void
}

/** See TerminalService.upload. */
export async function upload(of: Transfer, files: readonly UploadFile[]): Promise<string> {
  const { client, target, signal } = of
  const over = reporter(of, 'upload')
  let received = 0
  const count = (bytes: number): void => void (received += bytes)
  try {
    demandNames(target.namespace, target.pod, target.container)
    const said = await uploadTo(client, target, files, signal, count)
    over({ received })
    return said
  } catch (error) {
    over({ received, message: textOf(error) })
    throw error
  }
}

/** See TerminalService.download. */
export async function download(of: Transfer): Promise<Download> {
  const { client, target, signal } = of
  const over = reporter(of, 'download')
  let sent = 0
  const count = (bytes: number): void => void (sent += bytes)
  try {
    demandNames(target.namespace, target.pod, target.container)
    const found = await downloadFrom(client, target, signal, count)
    finished(found.body, (error) => over({ sent, ...(error && { message: textOf(error) }) }))
    return found
  } catch (error) {
    over({ message: textOf(error) })
    throw error
  }
}

function reporter(of: Transfer, type: 'upload' | 'download') {
  const { id, caller, target, now, report } = of
  const began = now()
  return (how: Pick<TerminalEvent, 'sent' | 'received' | 'message'>): void =>
    report({
      type,
      session: id,
      user: caller.user.name,
      sourceIP: caller.sourceIP,
      target: labelOf(target),
      path: target.path,
      took: now() - began,
      ...how,
    })
}

function textOf(error: unknown): string {
  return error instanceof ApiError ? error.message : 'it was broken off'
}
