import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { StringDecoder } from 'node:string_decoder'
import type { SessionRecorder } from './session.ts'

/**
 * Records what a terminal shows into `<folder>/<id>.cast`, readable by this user alone; what is typed is not recorded, it
 * may hold passwords. A slow disk slows the session. A disk that fails ends the recording, not the session. Throws when
 * the folder cannot be made. Source: asciicast v2 file format (asciinema).
 */
export async function createRecorder(
  folder: string,
  of: { id: string; title: string; startedAt: number },
): Promise<SessionRecorder> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const file = createWriteStream(join(folder, `${of.id}.cast`), { flags: 'wx', mode: 0o600 })
  let broken = false
  file.on('error', () => (broken = true))
  const decoder = new StringDecoder('utf8')
  const started = performance.now()
  const header = {
    version: 2,
    width: 80,
    height: 24,
    timestamp: Math.floor(of.startedAt / 1000),
    title: of.title,
  }
  const line = (value: unknown): boolean => broken || file.write(`${JSON.stringify(value)}\n`)
  const at = () => Number(((performance.now() - started) / 1000).toFixed(6))
  line(header)
  return {
    async output(data) {
      const text = decoder.write(Buffer.from(data.buffer, data.byteOffset, data.byteLength))
      if (text === '' || line([at(), 'o', text])) return
      await Promise.race([once(file, 'drain'), once(file, 'close')]).catch(() => {})
    },
    resize(cols, rows) {
      line([at(), 'r', `${cols}x${rows}`])
    },
    async close() {
      if (broken || file.closed) return
      const closed = once(file, 'close').catch(() => {})
      file.end()
      await closed
    },
  }
}
