import type { Stage } from '../terminal/stage.ts'
import { PASSWORD } from '../terminal/stage.ts'
import type { Tab } from './browser.ts'

/** A walk through the explorer: a platform, and a tab that one test after the other goes on in. */
export interface Walk {
  readonly stage: Stage
  readonly tab: Tab
  /** Goes to a place: what stands behind `#`. */
  open(place: string): Promise<unknown>
}

export const admin = { name: 'admin', password: PASSWORD }
