import { readdir, readFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'

/** Numbers of the living processes whose command line or environment holds `text`. A zombie shows neither. */
export async function processesWith(text: string): Promise<number[]> {
  const found: number[] = []
  for (const name of await readdir('/proc')) {
    const pid = Number(name)
    if (!Number.isInteger(pid) || pid === process.pid) continue
    const read = (file: string) => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '')
    if (`${await read('cmdline')}\0${await read('environ')}`.includes(text)) found.push(pid)
  }
  return found
}

/** Resolves once no process is left that `text` finds; throws with their numbers after a minute. */
export async function untilGone(text: string): Promise<void> {
  const deadline = Date.now() + 60_000
  for (;;) {
    const left = await processesWith(text)
    if (left.length === 0) return
    if (Date.now() > deadline) throw new Error(`processes ${left.join(', ')} are still there`)
    await delay(100)
  }
}
