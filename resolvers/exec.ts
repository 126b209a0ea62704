import { StringDecoder } from 'node:string_decoder'
import { attributesOf, requestInfo } from '../gateway/context/index.ts'
import type { Attributes } from '../gateway/context/types.ts'
import type {
  ExecEvent,
  ExecOwner,
  ExecStream,
  TerminalTarget,
} from '../gateway/domain/terminal/index.ts'
import type { GraphqlContext } from './context.ts'
import { inputError } from './errors.ts'
import { fieldStream } from './event-streams.ts'
import type {
  Encoding,
  ExecEnd,
  ExecExited,
  ExecOutput,
  ExecStarted,
  Resolvers,
  SubscriptionExecArgs,
} from './types.generated.ts'

type Shown =
  | (ExecStarted & { readonly __typename: 'ExecStarted' })
  | (ExecOutput & { readonly __typename: 'ExecOutput' })
  | (ExecExited & { readonly __typename: 'ExecExited' })

const LARGEST_SIZE = 0xffff

function targetOf({ target, shell }: SubscriptionExecArgs): TerminalTarget {
  const { pod, node, kubectl } = target
  if ([pod, node, kubectl].filter(Boolean).length !== 1) {
    throw inputError('exactly one of "pod", "node" and "kubectl" is needed')
  }
  if (node) return { kind: 'node', node }
  if (!pod) return { kind: 'kubectl' }
  const { namespace, name, container } = pod
  return { kind: 'pod', namespace, pod: name, container: container ?? '', shell: shell ?? '' }
}

/** What the REST terminal of the same place lets its callers in by. */
function entryOf(target: TerminalTarget, user: string): Attributes {
  const url = `/kapis/terminal.kubesphere.io/v1alpha2/${placeOf(target, user)
    .map(encodeURIComponent)
    .join('/')}`
  return attributesOf(requestInfo({ method: 'GET', url, headers: {}, remoteAddress: '' }))
}

function placeOf(target: TerminalTarget, user: string): string[] {
  switch (target.kind) {
    case 'pod':
      return ['namespaces', target.namespace, 'pods', target.pod, 'exec']
    case 'kubectl':
      return ['users', user, 'kubectl']
    case 'node':
      return ['nodes', target.node, 'exec']
    default:
      return target satisfies never
  }
}

/** Who may speak to a session: this caller on this connection. Throws NOT_FOUND for requests that stand alone. */
function ownerOf({ ctx, connection }: GraphqlContext): ExecOwner {
  return { user: ctx.user, connection: connection?.id ?? '' }
}

async function open(args: SubscriptionExecArgs, context: GraphqlContext): Promise<ExecStream> {
  const { app, ctx } = context
  const { command, shell, tty, rows, cols } = args
  const there = await context.at(args.target.cluster)
  const member = there.ctx.cluster === ctx.cluster ? undefined : there.ctx.cluster.client
  const target = targetOf(args)
  if (command && shell) throw inputError('"command" and "shell" exclude each other')
  if (command?.length === 0) throw inputError('"command" has no words')
  const entry = entryOf(target, ctx.user.name)
  if (!member) await ctx.demand(entry)
  // The connection itself ends with the login; the right is watched.
  const { user, sourceIP, userAgent } = ctx
  const caller = { user, sourceIP, userAgent, entry }
  const opening = {
    member,
    tty: tty !== false,
    farewell: false,
    everyShell: false,
    ...sizeOf(rows, cols),
  }
  return app.execs.open(ownerOf(context), caller, target, {
    ...opening,
    command: command ?? undefined,
  })
}

function sizeOf(rows: number | null | undefined, cols: number | null | undefined) {
  if (rows === undefined || rows === null || cols === undefined || cols === null) return {}
  for (const size of [rows, cols]) {
    if (size < 1 || size > LARGEST_SIZE) throw inputError(`a size is 1 to ${LARGEST_SIZE}`)
  }
  return { rows, cols }
}

/** How one session's events are shown: what is half a character waits for the rest of it. */
function shower(encoding: Encoding | undefined): (event: ExecEvent) => Shown[] {
  const form = encoding === 'BASE64' ? 'base64' : 'utf8'
  const decoders = { stdout: new StringDecoder('utf8'), stderr: new StringDecoder('utf8') }
  const output = (from: 'stdout' | 'stderr', data: string): Shown[] => {
    const stream = from === 'stdout' ? 'STDOUT' : 'STDERR'
    return data === '' ? [] : [{ __typename: 'ExecOutput', stream, data }]
  }
  return (event) => {
    switch (event.type) {
      case 'started':
        return [{ __typename: 'ExecStarted', session: event.session }]
      case 'output': {
        const bytes = Buffer.from(event.data.buffer, event.data.byteOffset, event.data.byteLength)
        const text = form === 'base64' ? bytes.toString(form) : decoders[event.stream].write(bytes)
        return output(event.stream, text)
      }
      case 'exited': {
        const { why, exitCode, message } = event.end
        const reason = why.toUpperCase() as ExecEnd
        return [
          ...output('stdout', decoders.stdout.end()),
          ...output('stderr', decoders.stderr.end()),
          { __typename: 'ExecExited', code: exitCode ?? null, reason, message },
        ]
      }
      default:
        return event satisfies never
    }
  }
}

function bytesOf(data: string, encoding: Encoding | undefined): Buffer {
  if (encoding !== 'BASE64') return Buffer.from(data)
  if (data.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(data)) {
    throw inputError('"data" is not base64')
  }
  return Buffer.from(data, 'base64')
}

export const exec = {
  Subscription: {
    exec: {
      subscribe: async (_root, args, context) =>
        fieldStream('exec', await open(args, context), shower(args.encoding)),
    },
  },
  Mutation: {
    // Nothing is waited for before the input has its place in the line.
    async execInput(_root, { session, data, encoding, end }, context) {
      const how = { end, signal: context.ctx.signal }
      const bytes = bytesOf(data, encoding)
      return {
        session,
        accepted: await context.app.execs.input(ownerOf(context), session, bytes, how),
      }
    },
    execResize(_root, { session, rows, cols }, context) {
      sizeOf(rows, cols)
      context.app.execs.resize(ownerOf(context), session, cols, rows)
      return { session, accepted: 0 }
    },
    execClose(_root, { session }, context) {
      context.app.execs.close(ownerOf(context), session)
      return { session, accepted: 0 }
    },
  },
} satisfies Resolvers
