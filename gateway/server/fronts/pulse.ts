/** Milliseconds between two beats of a front. */
const BEAT_MS = 1000
/** Milliseconds between two looks of the owner. */
const LOOK_MS = 2000
/** Looks at which nothing has moved, and a front hangs. Looks, not time: whoever was stopped as a whole has missed one. */
const MISSED = 5

/** A place for the beats of one front, which both threads see. */
export function createPulse(): SharedArrayBuffer {
  return new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)
}

/** Beats in this thread for as long as its event loop turns, and until it is disposed. */
export function beat(pulse: SharedArrayBuffer): Disposable {
  const count = new Int32Array(pulse)
  const timer = setInterval(() => void Atomics.add(count, 0, 1), BEAT_MS)
  timer.unref()
  return { [Symbol.dispose]: () => clearInterval(timer) }
}

/** Calls `hangs` once, when the thread that beats has not done so for ten seconds. */
export function followPulse(pulse: SharedArrayBuffer, hangs: () => void): Disposable {
  const count = new Int32Array(pulse)
  let seen = Atomics.load(count, 0)
  let missed = 0
  const timer = setInterval(() => {
    const now = Atomics.load(count, 0)
    missed = now === seen ? missed + 1 : 0
    seen = now
    if (missed < MISSED) return
    clearInterval(timer)
    hangs()
  }, LOOK_MS)
  timer.unref()
  return { [Symbol.dispose]: () => clearInterval(timer) }
}
