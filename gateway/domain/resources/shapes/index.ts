import type { Shape } from '../kind.ts'

const shapes: ReadonlyMap<string, Shape> = new Map()

/** How objects of a resource print where that is not as kube-apiserver sends them. */
export function shapeFor({
  group,
  resource,
}: {
  readonly group: string
  readonly resource: string
}): Shape | undefined {
  return shapes.get(`${group}/${resource}`)
}
