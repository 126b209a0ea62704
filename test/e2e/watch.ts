import { bearer } from './http.ts'

export interface Watch {
  /** Resolves once an event about the object of this name came. */
  sees(name: string): Promise<void>
  /** Resolves when the server ends the watch, broken off or not. */
  readonly ended: Promise<void>
  stop(): void
}

/** Opens a watch and reads it; resolves when the server has agreed. */
export async function followWatch(url: string, token?: string): Promise<Watch> {
  const abort = new AbortController()
  const response = await fetch(url, { headers: token ? bearer(token) : {}, signal: abort.signal })
  if (response.status !== 200 || !response.body) throw new Error(`${url}: ${response.status}`)
  const seen = new Set<string>()
  const hoped = new Map<string, () => void>()
  const read = async (stream: ReadableStream<Uint8Array>): Promise<void> => {
    let rest = ''
    const decoder = new TextDecoder()
    for await (const chunk of stream) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) {
        const { object } = JSON.parse(line) as { object: { metadata: { name?: string } } }
        seen.add(object.metadata.name ?? '')
        hoped.get(object.metadata.name ?? '')?.()
      }
    }
  }
  const ended = read(response.body).catch(() => undefined)
  return {
    sees(name) {
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      if (seen.has(name)) resolve()
      hoped.set(name, resolve)
      void ended.then(() => reject(new Error(`the watch ended before it told of ${name}`)))
      return promise
    },
    ended,
    stop: () => abort.abort(),
  }
}
