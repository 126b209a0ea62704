/** Errors of WASI that the evaluator may get to see (WASI snapshot preview 1, `errno`). */
const SUCCESS = 0
const BAD_DESCRIPTOR = 8
/** Most characters kept of what the evaluator writes. */
const KEPT = 2000

type Call = (...args: never[]) => unknown

/**
 * WASI snapshot preview 1 as a module without arguments, environment, files and sockets sees it: clocks, random bytes,
 * and an output of which `written` gives the
 * beginning. An exit throws.
 */
export function createWasi(memory: () => ArrayBuffer): {
  readonly imports: Readonly<Record<string, Call>>
  readonly written: () => string
} {
  let written = ''
  const view = () => new DataView(memory())
  const none = (count: number, size: number) => {
    view().setUint32(count, 0, true)
    view().setUint32(size, 0, true)
    return SUCCESS
  }
  const closed = () => BAD_DESCRIPTOR
  const imports: Record<string, Call> = {
    args_get: () => SUCCESS,
    args_sizes_get: none,
    environ_get: () => SUCCESS,
    environ_sizes_get: none,
    sched_yield: () => SUCCESS,
    clock_time_get(clock: number, _precision: bigint, at: number) {
      const milliseconds = clock === 0 ? Date.now() : performance.now()
      view().setBigUint64(at, BigInt(Math.round(milliseconds * 1e6)), true)
      return SUCCESS
    },
    random_get(at: number, size: number) {
      const bytes = new Uint8Array(memory(), at, size)
      for (let from = 0; from < size; from += 65_536) {
        crypto.getRandomValues(bytes.subarray(from, from + 65_536))
      }
      return SUCCESS
    },
    /** Every wait is over at once: the evaluator waits for nothing but its own garbage collector. */
    poll_oneoff(subscriptions: number, events: number, count: number, happened: number) {
      const data = view()
      for (let index = 0; index < count; index++) {
        const [from, to] = [subscriptions + 48 * index, events + 32 * index]
        data.setBigUint64(to, data.getBigUint64(from, true), true)
        data.setUint16(to + 8, SUCCESS, true)
        data.setUint8(to + 10, data.getUint8(from + 8))
      }
      data.setUint32(happened, count, true)
      return SUCCESS
    },
    fd_write(descriptor: number, vectors: number, count: number, size: number) {
      if (descriptor !== 1 && descriptor !== 2) return BAD_DESCRIPTOR
      const data = view()
      let total = 0
      for (let index = 0; index < count; index++) {
        const at = data.getUint32(vectors + 8 * index, true)
        const length = data.getUint32(vectors + 8 * index + 4, true)
        written += Buffer.from(memory(), at, length).toString()
        total += length
      }
      written = written.slice(0, KEPT)
      data.setUint32(size, total, true)
      return SUCCESS
    },
    proc_exit(code: number) {
      throw new Error(`exit ${code}`)
    },
    fd_close: closed,
    fd_fdstat_get: closed,
    fd_fdstat_set_flags: closed,
    fd_filestat_get: closed,
    fd_prestat_dir_name: closed,
    fd_prestat_get: closed,
    fd_read: closed,
    fd_readdir: closed,
    fd_seek: closed,
    path_filestat_get: closed,
    path_open: closed,
    path_readlink: closed,
  }
  return { imports, written: () => written.trim() }
}
