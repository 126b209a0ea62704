export type Progress = (line: string) => void

/** `74 s` or `2 min 5 s`. */
export function elapsed(sinceMs: number): string {
  const seconds = Math.round((Date.now() - sinceMs) / 1000)
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`
}

/**
 * Runs `work` and, once it takes longer than two seconds, says so on `onProgress` with the elapsed time: after 2 s,
 * 5 s, 10 s, and every 15 s from then on. `detail` adds what is known of how far it is.
 */
export async function withProgress<T>(
  what: string,
  onProgress: Progress,
  work: () => Promise<T>,
  detail: () => string = () => '',
): Promise<T> {
  const started = Date.now()
  let timer: NodeJS.Timeout
  const pauses = [2000, 3000, 5000]
  const tick = () => {
    const more = detail()
    onProgress(`${what}: ${elapsed(started)}${more ? `, ${more}` : ''}`)
    timer = setTimeout(tick, pauses.shift() ?? 15_000)
  }
  timer = setTimeout(tick, pauses.shift())
  try {
    return await work()
  } finally {
    clearTimeout(timer)
  }
}
