import type { Place, RoleLevel as Level } from '../gateway/domain/iam/index.ts'
import type { GraphqlContext } from './context.ts'
import { inputError } from './errors.ts'
import { demandHere } from './objects.ts'
import type { RoleLevel } from './types.generated.ts'

export const levels = {
  GLOBAL: 'global',
  WORKSPACE: 'workspace',
  CLUSTER: 'cluster',
  NAMESPACE: 'namespace',
} as const satisfies Record<RoleLevel, Level>

/** Where an input says that something is to be written. */
interface Said<L extends RoleLevel> {
  readonly level: L
  readonly workspace?: string | null
  readonly namespace?: string | null
  readonly cluster?: string | null
}

/**
 * Level and place of a write. Throws BAD_USER_INPUT unless exactly the place is said that the level has, and the errors
 * of `demandHere` for a cluster that is not served here.
 */
export async function placeOfWrite<L extends RoleLevel>(
  { level, workspace, namespace, cluster }: Said<L>,
  { app, ctx }: GraphqlContext,
): Promise<Place & { level: (typeof levels)[L] }> {
  const given = { workspace: workspace || undefined, namespace: namespace || undefined }
  for (const key of ['workspace', 'namespace'] as const) {
    const has = level === key.toUpperCase()
    if (has && !given[key]) throw inputError(`level ${level} takes a ${key}`)
    if (!has && given[key]) throw inputError(`level ${level} takes no ${key}`)
  }
  if (cluster && (level === 'GLOBAL' || level === 'WORKSPACE')) {
    throw inputError(`level ${level} takes no cluster`)
  }
  await demandHere(app, ctx, cluster)
  return { ...given, level: levels[level] }
}
