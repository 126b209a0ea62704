import { isMap } from './values.ts'
import type { Config, DeepPartial } from './types.ts'

/** Fields whose content is free: they are replaced, not merged. */
const FREE = new Set(['options', 'resources', 'affinity', 'nodeSelector', 'raw'])

/** A copy of `base` with the fields of `over` laid over it; undefined ones are skipped. */
export function mergeConfig(base: Config, over: DeepPartial<Config>): Config {
  return merge(base as unknown as Tree, over) as unknown as Config
}

type Tree = Record<string, unknown>

function merge(base: Tree, over: Tree): Tree {
  const merged: Tree = { ...base }
  for (const [key, value] of Object.entries(over)) {
    if (value === undefined) continue
    const below = Object.hasOwn(base, key) ? base[key] : undefined
    // Defined rather than assigned: a key may be `__proto__`.
    Object.defineProperty(merged, key, {
      value: isMap(value) && isMap(below) && !FREE.has(key) ? merge(below, value) : value,
      enumerable: true,
      configurable: true,
      writable: true,
    })
  }
  return merged
}
