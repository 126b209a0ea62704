import type { PastChange } from '../../kube/history.ts'
import { compareVersions } from '../../kube/versions.ts'

/** Milliseconds for which the watch cache may lag behind what was just read. */
const LAG_MS = 5000
/** Reads that one caller waits for. */
const ATTEMPTS = 3

export interface Stretch {
  /** Everything after this version … */
  readonly after: string
  /** … up to this one. */
  readonly to: string
  readonly most: { readonly changes: number; readonly characters: number }
}

/** Reads what a feed did not hear; undefined where that cannot be had. */
export type ReadPast = (stretch: Stretch) => Promise<readonly PastChange[] | undefined>

/** What of a feed a recall reads and widens. */
export interface Recallable {
  /** Everything after `floor` and up to `position` is known; there is `room` for more. */
  span(): { readonly floor: string; readonly position: string; readonly room: Stretch['most'] }
  /** Takes in what happened between `after` and what was the floor. */
  takePast(after: string, floor: string, changes: readonly PastChange[]): void
  /** Nothing more comes up to this version. */
  reach(version: string): void
  waitFor(version: string, ms: number): Promise<void>
}

/**
 * Widens what a feed knows to positions that another server gave out: older than the feed, or ahead of a watch cache that
 * heard nothing lately. All who ask at a time share a read, and there is one read at a time.
 */
export class Recall {
  readonly #of: Recallable
  readonly #read: ReadPast
  readonly #asked = new Set<string>()
  #running: Promise<void> | undefined
  /** Nothing up to here can be had. */
  #lost = ''

  constructor(of: Recallable, read: ReadPast) {
    this.#of = of
    this.#read = read
  }

  /** Resolves when the position is known, or cannot be; `known` tells. Never throws. */
  async to(position: string, known: () => boolean): Promise<void> {
    if (!/^\d{1,20}$/.test(position)) return
    for (let attempt = 0; attempt < ATTEMPTS && !known(); attempt++) {
      if (compareVersions(position, this.#lost) <= 0) return
      this.#asked.add(position)
      // One that runs already was begun without this position.
      await this.#running
      this.#running ??= this.#run().finally(() => (this.#running = undefined))
      await this.#running
    }
  }

  async #run(): Promise<void> {
    const asked = [...this.#asked].toSorted(compareVersions)
    this.#asked.clear()
    const [oldest] = asked
    const newest = asked.at(-1)
    if (oldest === undefined || newest === undefined) return
    const { floor, position, room } = this.#of.span()
    if (compareVersions(newest, position) > 0) await this.#ahead(position, newest, room)
    if (compareVersions(oldest, floor) >= 0) return
    const past = await this.#read({ after: oldest, to: floor, most: room })
    if (past) this.#of.takePast(oldest, floor, past)
    else this.#lost = oldest
  }

  async #ahead(after: string, to: string, most: Stretch['most']): Promise<void> {
    const missing = await this.#read({ after, to, most })
    if (!missing) return
    const last = missing.at(-1)
    try {
      if (last) await this.#of.waitFor(last.version, LAG_MS)
    } catch {
      return
    }
    this.#of.reach(to)
  }
}
