import { ExportResultCode, type ExportResult } from '@opentelemetry/core'
import type { ReadableSpan, SpanExporter, SpanProcessor } from '@opentelemetry/sdk-trace'
import type { SpanFate } from './metrics.ts'

export interface SpanQueueOptions {
  readonly exporter: Pick<SpanExporter, 'export'>
  /** Told of what became of spans. */
  readonly count: (fate: SpanFate, spans: number) => void
  /** Told when exports begin to fail, and when they work again. */
  readonly changed: (error: Error | undefined) => void
}

/** Spans that wait for the collector; more are dropped. */
const ROOM = 4096
const BATCH = 512
const EVERY_MS = 5000
/** How long the last batches may take. */
const CLOSING_MS = 2000

/**
 * Sends spans in batches, one at a time, on the side: a collector that is slow or gone costs the spans that do not fit, which
 * are counted (the SDK's own processor does not tell). Shutdown sends the rest, two seconds at most.
 */
export function spanQueue({ exporter, count, changed }: SpanQueueOptions): SpanProcessor {
  let waiting: ReadableSpan[] = []
  let sending: Promise<void> | undefined
  let failing = false
  let closed = false
  let timer: NodeJS.Timeout | undefined

  function settled(batch: number, { code, error }: ExportResult): void {
    const failed = code !== ExportResultCode.SUCCESS
    count(failed ? 'failed' : 'exported', batch)
    if (failed !== failing) changed(failed ? (error ?? new Error('not exported')) : undefined)
    failing = failed
  }

  async function sendAll(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting.splice(0, BATCH)
      const result = await new Promise<ExportResult>((resolve) => {
        exporter.export(batch, resolve)
      })
      settled(batch.length, result)
      if (waiting.length < BATCH && !closed) return
    }
  }

  function send(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    return (sending ??= sendAll().finally(() => {
      sending = undefined
      schedule()
    }))
  }

  function schedule(): void {
    if (sending || closed || waiting.length === 0) return
    if (waiting.length >= BATCH) void send()
    else timer ??= setTimeout(() => void send(), EVERY_MS).unref()
  }

  return {
    onStart() {},
    onEnd(span) {
      if (closed || waiting.length >= ROOM) return count('overflow', 1)
      waiting.push(span)
      schedule()
    },
    forceFlush: send,
    async shutdown() {
      closed = true
      const late = Promise.withResolvers<void>()
      const limit = setTimeout(late.resolve, CLOSING_MS)
      // What was on its way may have been the last that its turn would send.
      await Promise.race([late.promise, Promise.resolve(sending).then(send)])
      clearTimeout(limit)
      if (waiting.length > 0) count('overflow', waiting.length)
      waiting = []
    },
  }
}
