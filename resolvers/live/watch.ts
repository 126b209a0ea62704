import type { GraphQLResolveInfo } from 'graphql'
import {
  SlowConsumer,
  type Shown,
  type WatchEvent,
  type WatchMode,
} from '../../gateway/domain/live/index.ts'
import type { Selection } from '../../gateway/domain/selection/index.ts'
import type { KindInfo } from '../../gateway/kube/types.ts'
import type { GraphqlContext } from '../context.ts'
import { inputError } from '../errors.ts'
import type { ResourceObject } from '../models.ts'
import { failedIn, readList, type ClusterResult } from '../object-lists.ts'
import { showing, showingRows, type ObjectChange } from './change.ts'
import { fresh, lookOf } from './selection.ts'
import { mapEvents } from '../event-streams.ts'
import { followed, resumeOf, targetsOf, type Resume } from './targets.ts'

/** Arguments of a watch of Kubernetes objects. */
export interface WatchFieldArgs {
  readonly cluster?: string | null | undefined
  readonly clusters?: readonly string[] | null | undefined
  readonly namespaces?: readonly string[] | null | undefined
  readonly accessibleOnly: boolean
  readonly filter?: Selection | null | undefined
  readonly mode: WatchMode
  readonly initial: boolean
  readonly resume?: string | null | undefined
  readonly onlySelected: boolean
  readonly throttleMs: number
}

/** What the field gives for a change. */
type Present = (change: ObjectChange) => unknown

/** Most namespaces that one watch names. */
const mostNamespaces = 100

/**
 * The events of the watch that a subscription field asks for. `present` makes of an event what the field's type is made
 * of. Throws BAD_USER_INPUT, CURSOR_MISMATCH, FORBIDDEN,
 * METHOD_NOT_SUPPORTED, UNSUPPORTED_IN_LIVE_MODE and what reaching a cluster throws.
 */
export async function watchKind(
  context: GraphqlContext,
  info: KindInfo,
  args: WatchFieldArgs,
  field: GraphQLResolveInfo,
  present: Present = (change) => change,
): Promise<AsyncIterableIterator<ObjectChange, undefined>> {
  const { app, live } = context
  if (live(info)) {
    throw inputError(
      `objects of kind ${info.kind} are kept in no cache here, and so they cannot be followed`,
      'UNSUPPORTED_IN_LIVE_MODE',
    )
  }
  const { namespaces, filter, mode, initial, throttleMs, accessibleOnly } = args
  if (namespaces && (namespaces.length === 0 || namespaces.length > mostNamespaces)) {
    throw inputError(`"namespaces" names from 1 to ${mostNamespaces}`)
  }
  const resume = resumeOf(context, info, args)
  const from = args.resume ? resume.decode(args.resume) : undefined
  const asked = await targetsOf(context, info, args, from)
  const { events, failures } = await app.watches.watch({
    targets: asked.flatMap((one) => ('target' in one ? [one.target] : [])),
    namespaces: namespaces ?? undefined,
    filter: filter ?? undefined,
    accessibleOnly,
    mode,
    initial,
    throttleMs,
  })
  const errors = new Map(failures.map(({ cluster, error }) => [cluster, error]))
  const results = asked.map((one): ClusterResult => {
    const name = 'target' in one ? one.target.scope.cluster.name : one.cluster
    const error = 'error' in one ? one.error : errors.get(name)
    if (error !== undefined) {
      return failedIn(context.ctx.logger(), {
        cluster: one.cluster,
        error,
        what: 'watch',
        durationMs: 0,
      })
    }
    return followed(one.cluster, name === context.ctx.cluster.name ? 'CACHE' : 'LIVE')
  })
  const toChange = changeOf({ info, args, resume, results })
  const wanted = args.onlySelected ? shownDifference(context, field, present) : undefined
  return mapEvents(
    events,
    async (event) => {
      const change = toChange(event)
      return !wanted || (await wanted(event, change)) ? change : undefined
    },
    (error) => told(error, resume),
  )
}

interface Told {
  readonly info: KindInfo
  readonly args: WatchFieldArgs
  readonly resume: Resume
  readonly results: readonly ClusterResult[]
}

function changeOf({ info, args, resume, results }: Told): (event: WatchEvent) => ObjectChange {
  const rows = rowsOf(info, args)
  return (event) => {
    const { type, cluster, object, previous, positions } = event
    return {
      type,
      cluster,
      object: object ? { cluster, info, object: object.object } : null,
      previous: previous ? { cluster, info, object: previous.object } : null,
      resume: () => resume.encode(positions),
      clusterResults: type === 'SYNCED' || type === 'ROWS' ? results : null,
      rows: type === 'ROWS' ? rows : null,
    }
  }
}

/** The list that a watch follows. */
function rowsOf(info: KindInfo, args: WatchFieldArgs): NonNullable<ObjectChange['rows']> {
  const { cluster, clusters, namespaces, filter } = args
  const [namespace, ...more] = namespaces ?? []
  const several = more.length > 0
  const among = several ? { all: [...(filter ? [filter] : []), { namespaces }] } : filter
  // Each of several namespaces was judged already; together they are what of all may be seen.
  const accessibleOnly = several || args.accessibleOnly
  const place = { cluster, clusters, namespace: several ? undefined : namespace, accessibleOnly }
  return (paging, context) => readList(context, info, { ...paging, ...place, filter: among })
}

/** Whether a client sees the difference that an event makes. Everything but changes of objects and pages passes. */
function shownDifference(
  context: GraphqlContext,
  field: GraphQLResolveInfo,
  present: Present,
): (event: WatchEvent, change: ObjectChange) => Promise<boolean> {
  const look = lookOf(field, context.ctx)
  /** What the client sees of an object; found out once for all who see the same. */
  const seen = ({ notes }: Shown, object: ResourceObject): Promise<string> => {
    const known = notes.get(look.key) ?? look.at(present(showing(object)), fresh(context))
    notes.set(look.key, known)
    return known
  }
  let page: string | undefined
  return async ({ type, object, previous }, change) => {
    if (type === 'ROWS') {
      const next = await look.at(present(showingRows(change)), fresh(context))
      const differs = next !== page
      page = next
      return differs
    }
    if (!object || !previous || !change.object || !change.previous) return true
    const [is, was] = await Promise.all([
      seen(object, change.object),
      seen(previous, change.previous),
    ])
    return is !== was
  }
}

/** The error with which a watch ends, with the place to go on from. */
function told(error: unknown, resume: Resume): unknown {
  if (!(error instanceof SlowConsumer)) return error
  const failure = inputError(error.message, 'SLOW_CONSUMER')
  failure.extensions['resume'] = resume.encode(error.positions)
  return failure
}
