import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import type { FileTarget, UploadFile } from '../../../gateway/domain/terminal/index.ts'
import { ApiError } from '../../../gateway/lib/errors.ts'
import { textError } from '../../wire/index.ts'
import type { Reply, RouteHandler, RouteRequest } from '../registry.ts'
import { callerOf } from './caller.ts'
import { readParts } from './multipart.ts'

/** What goes round the files of a form. */
const OVERHEAD = 64 * 1024
/** Bytes read at a time. */
const PIECE = 64 * 1024

function targetOf({ params, query }: RouteRequest): FileTarget {
  return {
    namespace: params['namespace'] ?? '',
    pod: params['pod'] ?? '',
    container: query.get('container') ?? '',
    path: query.get('path') ?? '',
  }
}

/** platform-apis.md §9.8. @NOTE uploadFileLimit bounded the original's memory only; here it bounds the upload. */
export const uploadFiles: RouteHandler = async (rq) => {
  const { terminal } = rq.app
  const caller = callerOf(rq.ctx, rq.req.headers)
  const target = targetOf(rq)
  await terminal.authorize(caller, target)
  const folder = await mkdtemp(join(tmpdir(), 'ks-facade-upload-'))
  try {
    const limit = terminal.uploadLimit
    if (Number(rq.req.headers['content-length'] ?? 0) > limit + OVERHEAD) throw tooLarge(limit)
    const files = await spool(rq, folder, limit)
    const talk = await terminal.upload(caller, target, files, rq.ctx.signal)
    return { status: 200, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: talk }
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    // The rest of a body that nobody reads ends with the connection.
    return closing(textError(error, error.code === 400 ? 500 : error.code))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** The first file of each form field, on disk: tar must know how long a file is before it comes. */
async function spool(rq: RouteRequest, folder: string, limit: number): Promise<UploadFile[]> {
  const files = new Map<string, UploadFile>()
  let total = 0
  for await (const part of readParts(rq.req, rq.req.headers['content-type'] ?? '')) {
    if (part.filename === undefined || files.has(part.name)) continue
    const path = join(folder, String(files.size))
    const before = total
    await using file = await open(path, 'wx', 0o600)
    for await (const chunk of part.body) {
      total += chunk.length
      if (total > limit) throw tooLarge(limit)
      await file.writeFile(chunk)
    }
    const size = total - before
    files.set(part.name, { name: part.filename, size, open: () => pieces(path) })
  }
  return [...files.values()]
}

/** What is in a file, each piece in the place of the one before. */
async function* pieces(path: string): AsyncGenerator<Uint8Array> {
  await using file = await open(path)
  const buffer = Buffer.allocUnsafe(PIECE)
  for (;;) {
    const { bytesRead } = await file.read(buffer, 0, PIECE)
    if (bytesRead === 0) return
    yield buffer.subarray(0, bytesRead)
  }
}

function tooLarge(limit: number): ApiError {
  const message = `an upload may have at most ${limit} bytes`
  return new ApiError(413, 'RequestEntityTooLarge', message)
}

function closing(reply: Reply): Reply {
  return { ...reply, headers: { ...reply.headers, connection: 'close' } }
}

/**
 * platform-apis.md §9.9. @NOTE the path is one path, no piece of a shell script; a path that is not there is 404 instead
 * of an empty archive.
 */
export const downloadFile: RouteHandler = async (rq) => {
  const caller = callerOf(rq.ctx, rq.req.headers)
  try {
    const { filename, length, body } = await rq.app.terminal.download(
      caller,
      targetOf(rq),
      rq.ctx.signal,
    )
    return {
      status: 200,
      headers: {
        'content-type': 'application/octet-stream',
        'content-disposition': `attachment; filename=${headerName(filename)}`,
        ...(length === undefined ? {} : { 'content-length': String(length) }),
      },
      body: body satisfies Readable,
    }
  } catch (error) {
    // @NOTE The original asks for a size first and cannot read the empty answer of a pod that is not there.
    if (error instanceof ApiError && error.status !== undefined) {
      const message = 'strconv.ParseUint: parsing "": invalid syntax'
      return textError(new ApiError(500, 'InternalError', message))
    }
    throw error
  }
}

/** @NOTE unquoted like the original's; what a header cannot carry that way is in the RFC 8187 form. */
function headerName(name: string): string {
  if (/^[\w.+@=~-]+$/.test(name)) return name
  const plain = name.replaceAll(/[^\w.+@=~-]/g, '_')
  return `${plain}; filename*=UTF-8''${encodeURIComponent(name).replaceAll(/['()*]/g, percent)}`
}

function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`
}
