import assert from 'node:assert/strict'

/** An event as it came; `data` is the JSON in it. */
export interface StreamEvent {
  readonly event: string
  readonly data: unknown
}

export interface EventStream extends AsyncDisposable {
  readonly response: Response
  /** The next event; undefined at the end. */
  next(): Promise<StreamEvent | undefined>
}

interface Asked {
  readonly token?: string
  readonly accept?: string
  readonly headers?: Record<string, string>
}

/** Asks for server-sent events with POST, and for whatever comes where they are refused. */
export async function askForEvents(
  url: string,
  body: object,
  { token, accept = 'text/event-stream', headers = {} }: Asked = {},
): Promise<EventStream> {
  const abort = new AbortController()
  const response = await fetch(url, {
    method: 'POST',
    signal: abort.signal,
    headers: {
      'content-type': 'application/json',
      accept,
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...headers,
    },
    body: JSON.stringify(body),
  })
  return streamOf(response, abort)
}

/** The same, where the server agrees. */
export async function eventStream(url: string, body: object, of: Asked): Promise<EventStream> {
  const stream = await askForEvents(url, body, of)
  assert.equal(stream.response.status, 200)
  assert.equal(stream.response.headers.get('content-type'), 'text/event-stream; charset=utf-8')
  return stream
}

/** Reads events of a response. Source: HTML standard, server-sent events, interpreted line by line. */
function streamOf(response: Response, abort: AbortController): EventStream {
  const events = parsed(response)
  return {
    response,
    next: async () => (await events.next()).value ?? undefined,
    async [Symbol.asyncDispose]() {
      abort.abort()
      await events.return(undefined).catch(() => {})
    },
  }
}

async function* parsed({ body }: Response): AsyncGenerator<StreamEvent, undefined> {
  let text = ''
  const decoder = new TextDecoder()
  for await (const chunk of body ?? []) {
    text += decoder.decode(chunk as Uint8Array, { stream: true })
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const block = text.slice(0, end)
      text = text.slice(end + 2)
      const field = (name: string) =>
        block
          .split('\n')
          .find((line) => line.startsWith(`${name}:`))
          ?.slice(name.length + 1)
          .trim()
      const event = field('event')
      const data = field('data')
      if (event) yield { event, data: data ? (JSON.parse(data) as unknown) : undefined }
    }
  }
  assert.equal(text, '', 'the stream ends between events')
  return undefined
}
