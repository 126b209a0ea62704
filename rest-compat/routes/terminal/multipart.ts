import { badRequest } from '../../../gateway/lib/errors.ts'

const HEADERS_LIMIT = 16 * 1024
const MOST_PARTS = 1000
const BLANK = Buffer.from('\r\n\r\n')
const LINE = Buffer.from('\r\n')

export interface Part {
  /** Of the form field; empty without one. */
  readonly name: string
  /** Undefined for a field that is no file. */
  readonly filename: string | undefined
  /** To be read, or left alone, before the next part is asked for. */
  readonly body: AsyncIterable<Buffer>
}

/**
 * The parts of a multipart/form-data body as they arrive, in bounded memory. Throws ApiError 400 for a body that is none.
 * Sources: RFC 2046 §5.1.1, RFC 7578.
 */
export async function* readParts(
  source: AsyncIterable<Uint8Array>,
  contentType: string,
): AsyncGenerator<Part> {
  const boundary = parameter(contentType, 'boundary')
  if (!boundary || boundary.length > 70) {
    throw badRequest('no multipart boundary param in Content-Type')
  }
  const mark = Buffer.from(`\r\n--${boundary}`)
  const input = new Input(source)
  await drain(input.until(mark))
  for (let count = 0; ; count++) {
    if (count > MOST_PARTS) throw badRequest('multipart: too many parts')
    const tail = await input.text(LINE, 256, true)
    if (tail.startsWith('--')) return
    if (tail.trim() !== '') throw badRequest('multipart: expecting a new Part')
    // A part without headers begins with the blank line itself.
    input.unread(LINE)
    const disposition = dispositionOf(await input.text(BLANK, HEADERS_LIMIT))
    const body = input.until(mark)
    yield {
      name: parameter(disposition, 'name') ?? '',
      filename: extended(disposition) ?? parameter(disposition, 'filename'),
      body,
    }
    await drain(body)
  }
}

class Input {
  #held: Buffer = LINE
  readonly #chunks: AsyncIterator<Uint8Array>

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#chunks = source[Symbol.asyncIterator]()
  }

  unread(bytes: Buffer): void {
    this.#held = Buffer.concat([bytes, this.#held])
  }

  /** Everything before `mark`, which is taken too. */
  async *until(mark: Buffer): AsyncGenerator<Buffer> {
    for (;;) {
      const at = this.#held.indexOf(mark)
      if (at >= 0) {
        const piece = this.#held.subarray(0, at)
        this.#held = this.#held.subarray(at + mark.length)
        if (piece.length > 0) yield piece
        return
      }
      const sure = this.#held.length - mark.length + 1
      if (sure > 0) {
        const piece = this.#held.subarray(0, sure)
        this.#held = this.#held.subarray(sure)
        yield piece
      }
      if (!(await this.#fill())) throw badRequest('multipart: NextPart: EOF')
    }
  }

  /** Text before `mark`. With `orEnd` the end of the body counts as the mark. Throws ApiError 400 beyond `limit`. */
  async text(mark: Buffer, limit: number, orEnd = false): Promise<string> {
    for (;;) {
      const at = this.#held.indexOf(mark)
      if (at > limit || (at < 0 && this.#held.length > limit + mark.length)) {
        throw badRequest('multipart: a header is too long')
      }
      if (at < 0 && (await this.#fill())) continue
      if (at < 0 && !orEnd) throw badRequest('multipart: NextPart: EOF')
      const end = at < 0 ? this.#held.length : at
      const text = this.#held.toString('utf8', 0, end)
      this.#held = this.#held.subarray(end + (at < 0 ? 0 : mark.length))
      return text
    }
  }

  async #fill(): Promise<boolean> {
    let next: IteratorResult<Uint8Array>
    try {
      next = await this.#chunks.next()
    } catch (error) {
      throw badRequest('unexpected EOF', error)
    }
    if (next.done) return false
    const { buffer, byteOffset, byteLength } = next.value
    const chunk = Buffer.from(buffer, byteOffset, byteLength)
    this.#held = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk])
    return true
  }
}

async function drain(chunks: AsyncIterable<Buffer>): Promise<void> {
  for await (const chunk of chunks) void chunk
}

function dispositionOf(headers: string): string {
  const line = headers.split('\r\n').find((one) => /^content-disposition\s*:/i.test(one)) ?? ''
  return line.slice(line.indexOf(':') + 1)
}

/** A parameter of a header, bare or quoted with backslash escapes. */
function parameter(header: string, name: string): string | undefined {
  const pattern = new RegExp(`;\\s*${name}\\s*=\\s*(?:"((?:[^"\\\\]|\\\\.)*)"|([^;\\s]*))`, 'i')
  const found = pattern.exec(header)
  return found?.[1]?.replaceAll(/\\(["\\])/g, '$1') ?? found?.[2]
}

/** `filename*=UTF-8''…`. Source: RFC 8187. */
function extended(header: string): string | undefined {
  const encoded = /;\s*filename\*\s*=\s*utf-8'[^']*'([^;\s]*)/i.exec(header)?.[1]
  try {
    return encoded === undefined ? undefined : decodeURIComponent(encoded)
  } catch {
    return undefined
  }
}
