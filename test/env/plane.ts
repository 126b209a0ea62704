import type { TestContext } from 'node:test'
import { startPlane, type Plane, type PlaneOptions } from '../../gateway/embedded/index.ts'

/** A new, empty control plane in a temporary folder; the caller disposes it. A slow start says on stderr how far it is. */
export function startTestPlane(options: PlaneOptions = {}): Promise<Plane> {
  return startPlane({ onProgress: (line) => console.error(line), ...options })
}

/** A new, empty control plane that is stopped when the test `t` ends. */
export async function usePlane(t: TestContext, options: PlaneOptions = {}): Promise<Plane> {
  const plane = await startTestPlane(options)
  t.after(() => plane[Symbol.asyncDispose]())
  return plane
}
