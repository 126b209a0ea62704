import type { LogChunk, LogOptions, LogStream, Workload } from '../gateway/domain/logs/index.ts'
import { parseLabelSelector, type LabelSelector } from '../gateway/lib/labels.ts'
import type { GraphqlContext } from './context.ts'
import { podSelectors } from './dynamic/selectors.ts'
import { inputError } from './errors.ts'
import { fieldStream } from './event-streams.ts'
import { kindHere, readObject } from './objects.ts'
import type {
  LogChunk as Chunk,
  Resolvers,
  SubscriptionPodLogsArgs,
  SubscriptionWorkloadLogsArgs,
} from './types.generated.ts'

type Shown = Pick<SubscriptionPodLogsArgs, 'encoding' | 'timestamps'>

function optionsOf(args: SubscriptionPodLogsArgs | SubscriptionWorkloadLogsArgs): LogOptions {
  return {
    follow: args.follow !== false,
    previous: args.previous === true,
    tailLines: args.tailLines ?? undefined,
    sinceSeconds: args.sinceSeconds ?? undefined,
    sinceTime: args.sinceTime ?? undefined,
    limitBytes:
      args.limitBytes === null || args.limitBytes === undefined
        ? undefined
        : Number(args.limitBytes),
    match: args.match ?? undefined,
  }
}

function shown(chunk: LogChunk, { encoding, timestamps }: Shown): Chunk {
  const form = encoding === 'BASE64' ? 'base64' : 'utf8'
  return {
    pod: chunk.pod,
    container: chunk.container,
    event: chunk.event,
    lines: chunk.lines.map(({ time, bytes, continues }) => ({
      time: timestamps ? time : null,
      text: bytes.toString(form),
      continues,
    })),
    droppedBytes: chunk.droppedBytes,
    message: chunk.message || null,
  }
}

/** What a workload says of its pods. Throws NOT_FOUND, FORBIDDEN, and BAD_USER_INPUT for a kind that has none. */
async function podsOf(
  context: GraphqlContext,
  ref: NonNullable<SubscriptionWorkloadLogsArgs['workload']>,
): Promise<{ namespace: string; selector: LabelSelector | undefined; workload: Workload }> {
  const { name, namespace } = ref
  const info = await kindHere(context, ref)
  const place = `${info.group}/${info.resource}`
  const select = podSelectors[place]
  const found = await readObject(context, { ...info, namespace: namespace ?? '', name })
  const selector = select?.(found.object)
  if (!selector && place !== 'batch/cronjobs') {
    throw inputError(`${info.kind} ${name} does not select pods`)
  }
  const { uid = '' } = found.object.metadata
  return { namespace: namespace ?? '', selector, workload: { info, name, uid } }
}

async function workloadLogs(
  args: SubscriptionWorkloadLogsArgs,
  context: GraphqlContext,
): Promise<LogStream> {
  const { workload, cluster, namespace, selector: text } = args
  if (Boolean(workload) === Boolean(text)) {
    throw inputError('exactly one of "workload" and "selector" is needed')
  }
  const { signal } = context.ctx
  const there = await context.at(workload ? workload.cluster : cluster, signal)
  const chosen = workload
    ? await podsOf(there, workload)
    : { namespace: namespace ?? '', selector: parseLabelSelector(text ?? '') }
  const containers = args.containers ?? undefined
  const options = optionsOf(args)
  return there.ctx.call(context.app.logs.pods, { ...chosen, containers, options })
}

export const logs = {
  Subscription: {
    podLogs: {
      async subscribe(_root, args, context) {
        const { cluster, namespace, name } = args.pod
        const { ctx } = await context.at(cluster, context.ctx.signal)
        const stream = await ctx.call(context.app.logs.pod, {
          namespace: namespace ?? '',
          pod: name,
          containers: args.containers ?? undefined,
          options: optionsOf(args),
        })
        return fieldStream('podLogs', stream, (chunk) => [shown(chunk, args)])
      },
    },
    workloadLogs: {
      subscribe: async (_root, args, context) =>
        fieldStream('workloadLogs', await workloadLogs(args, context), (chunk) => [
          shown(chunk, args),
        ]),
    },
  },
} satisfies Resolvers
