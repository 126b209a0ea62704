import type { TestContext } from 'node:test'
import {
  ComponentError,
  startPlane,
  type Plane,
  type PlaneOptions,
} from '../../gateway/embedded/index.ts'

/**
 * A new, empty control plane in a temporary folder; the caller disposes it. A slow start says on stderr how far it is. Where
 * somebody else took the port that was free when it was picked, it starts on another one.
 */
export async function startTestPlane(options: PlaneOptions = {}): Promise<Plane> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await startPlane({ onProgress: (line) => console.error(line), ...options })
    } catch (error) {
      const taken = error instanceof ComponentError && /address already in use/.test(error.message)
      if (!taken || options.port || attempt === 3) throw error
    }
  }
}

/** A new, empty control plane that is stopped when the test `t` ends. */
export async function usePlane(t: TestContext, options: PlaneOptions = {}): Promise<Plane> {
  const plane = await startTestPlane(options)
  t.after(() => plane[Symbol.asyncDispose]())
  return plane
}
