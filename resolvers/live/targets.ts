import type { Position, WatchTarget } from '../../gateway/domain/live/index.ts'
import type { KindInfo } from '../../gateway/kube/types.ts'
import type { GraphqlContext } from '../context.ts'
import { bindingOf } from '../cursor.ts'
import { inputError } from '../errors.ts'
import { clustersOf } from '../named-clusters.ts'
import type { ClusterResult } from '../object-lists.ts'
import type { WatchFieldArgs } from './watch.ts'

/** Places in the history as text that clients keep and cannot make up. */
export interface Resume {
  encode(positions: readonly Position[]): string
  /** Throws BAD_USER_INPUT and CURSOR_MISMATCH. */
  decode(text: string): ReadonlyMap<string, Position>
}

/** Tokens that belong to what is followed: with another kind, place or filter they are refused. */
export function resumeOf(
  { cursors }: GraphqlContext,
  { group, version, resource }: KindInfo,
  args: WatchFieldArgs,
): Resume {
  const { namespaces, filter, accessibleOnly, cluster, clusters } = args
  const place = [namespaces ?? null, accessibleOnly, cluster ?? null, clusters ?? null]
  const binding = bindingOf('watch', group, version, resource, place, filter ?? null)
  return {
    encode: (positions) =>
      cursors.encode(
        binding,
        positions.flatMap((at) => [at.cluster, at.version ?? '', at.sight]),
      ),
    decode(text) {
      const flat = cursors.decode(binding, text).map(String)
      const found = new Map<string, Position>()
      for (let index = 0; index + 2 < flat.length; index += 3) {
        const [cluster = '', at = '', sight = ''] = flat.slice(index, index + 3)
        found.set(cluster, { cluster, version: at || null, sight })
      }
      return found
    },
  }
}

/** A cluster that a watch names: how to follow it, or why that cannot be. */
export type Asked =
  | { readonly cluster: string; readonly target: WatchTarget }
  | { readonly cluster: string; readonly error: unknown }

/** Every cluster that a watch names, in that order. Throws what stands in the way of a single one. */
export async function targetsOf(
  context: GraphqlContext,
  info: KindInfo,
  args: WatchFieldArgs,
  from: ReadonlyMap<string, Position> | undefined,
): Promise<readonly Asked[]> {
  const { cluster: named, clusters } = args
  if (named && clusters) throw inputError('"cluster" and "clusters" cannot be mixed')
  const names = clusters ? await clustersOf(context, clusters) : [named ?? context.ctx.cluster.name]
  return Promise.all(
    names.map(async (cluster): Promise<Asked> => {
      try {
        const { ctx } = await context.at(cluster)
        const nowhere = { cluster: ctx.cluster.name, version: null, sight: '' }
        const known = from && (from.get(ctx.cluster.name) ?? nowhere)
        return { cluster, target: { scope: ctx, info, from: known } }
      } catch (error) {
        if (!clusters) throw error
        return { cluster, error }
      }
    }),
  )
}

/** What is said of a cluster that is followed. */
export function followed(cluster: string, freshness: ClusterResult['freshness']): ClusterResult {
  const none = { code: null, message: null, count: null, namespaces: null }
  return { ...none, cluster, ok: true, durationMs: 0, freshness }
}
