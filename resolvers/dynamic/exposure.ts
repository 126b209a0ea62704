import type { KindInfo } from '../../gateway/kube/types.ts'

/** Patterns over `group/resource`, `*` standing for any text; the core group is the empty text before the slash. */
export interface Exposure {
  readonly allow: readonly string[]
  readonly deny: readonly string[]
}

function matcher(pattern: string): (text: string) => boolean {
  const escaped = pattern.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`).replaceAll('*', '[^/]*')
  const expression = new RegExp(`^${escaped}$`)
  return (text) => expression.test(text)
}

/** Whether a kind is shown: some pattern allows it and none denies it. */
export function exposes({ allow, deny }: Exposure): (info: KindInfo) => boolean {
  const [allowed, denied] = [allow.map(matcher), deny.map(matcher)]
  return ({ group, resource }) => {
    const name = `${group}/${resource}`
    return allowed.some((fits) => fits(name)) && !denied.some((fits) => fits(name))
  }
}
