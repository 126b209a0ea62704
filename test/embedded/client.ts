import { on, once } from 'node:events'
import { Agent, request, type RequestOptions } from 'node:https'
import { setTimeout as delay } from 'node:timers/promises'
import { WebSocket } from 'ws'

interface Kubeconfig {
  clusters: { cluster: { server: string; 'certificate-authority-data': string } }[]
  users: { user: { 'client-certificate-data': string; 'client-key-data': string } }[]
}

export interface Answer {
  status: number
  text: string
}

export interface Pod {
  metadata: { name: string; uid: string }
  status: {
    phase: string
    podIP?: string
    conditions?: { type: string; status: string }[]
    containerStatuses?: {
      restartCount: number
      state: { terminated?: { exitCode: number; reason: string }; running?: object }
    }[]
  }
}

/** What a command run through kube-apiserver printed, and how it ended: 0, its exit code, or the Status text. */
export interface ExecResult {
  out: string
  err: string
  exit: number | string
}

/** An open WebSocket and all its messages: a channel's number and what it carries. */
export interface Stream {
  socket: WebSocket
  messages: AsyncIterable<[Buffer]>
}

/** A plain client of kube-apiserver with the certificate of a kubeconfig, for tests of what stands behind it. */
export class ApiClient implements Disposable {
  readonly #server: string
  readonly #tls: { ca: string; cert: string; key: string }
  readonly #agent: Agent

  constructor(kubeconfig: string) {
    const config = JSON.parse(kubeconfig) as Kubeconfig
    const cluster = config.clusters[0]?.cluster
    const user = config.users[0]?.user
    const text = (base64 = '') => Buffer.from(base64, 'base64').toString()
    this.#server = cluster?.server ?? ''
    this.#tls = {
      ca: text(cluster?.['certificate-authority-data']),
      cert: text(user?.['client-certificate-data']),
      key: text(user?.['client-key-data']),
    }
    this.#agent = new Agent({ ...this.#tls, keepAlive: true })
  }

  async #send(path: string, options: RequestOptions, body?: object) {
    const call = request(`${this.#server}${path}`, {
      agent: this.#agent,
      headers: body ? { 'content-type': 'application/json' } : {},
      ...options,
    })
    call.end(body ? JSON.stringify(body) : undefined)
    const [response] = (await once(call, 'response')) as [import('node:http').IncomingMessage]
    return response
  }

  async call(method: string, path: string, body?: object): Promise<Answer> {
    const response = await this.#send(path, { method }, body)
    response.setEncoding('utf8')
    let text = ''
    for await (const chunk of response) text += chunk as string
    return { status: response.statusCode ?? 0, text }
  }

  /** Creates an object; throws what the API says against it. */
  async create(path: string, object: object): Promise<void> {
    const { status, text } = await this.call('POST', path, object)
    if (status !== 201) throw new Error(`${path} answered ${status}: ${text}`)
  }

  /** Creates a pod of one container, or of those given, and resolves once `ready` holds of it. */
  async runPod(name: string, spec: object, ready: (pod: Pod) => boolean = isRunning): Promise<Pod> {
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name },
      spec: { terminationGracePeriodSeconds: 1, ...spec },
    }
    await this.create('/api/v1/namespaces/default/pods', pod)
    return this.until<Pod>(`/api/v1/namespaces/default/pods/${name}`, ready)
  }

  /** Asks until `ready` holds of the object at `path`, for a minute. */
  async until<T>(path: string, ready: (object: T) => boolean): Promise<T> {
    const text = await this.untilText(path, (one) => ready(JSON.parse(one) as T))
    return JSON.parse(text) as T
  }

  /** As `until`, of what is no JSON: a running pod may not have written what its log will have. */
  async untilText(path: string, ready: (text: string) => boolean): Promise<string> {
    const deadline = Date.now() + 60_000
    for (;;) {
      const { status, text } = await this.call('GET', path)
      if (status === 200 && ready(text)) return text
      if (Date.now() > deadline) throw new Error(`${path} did not come to be as expected: ${text}`)
      await delay(50)
    }
  }

  /** The lines of an answer as they come, until the server or `signal` ends it. */
  async *lines(path: string, signal: AbortSignal): AsyncGenerator<string> {
    const response = await this.#send(path, { method: 'GET', signal })
    let rest = ''
    response.setEncoding('utf8')
    for await (const chunk of response) {
      const parts = (rest + (chunk as string)).split('\n')
      rest = parts.pop() ?? ''
      yield* parts
    }
  }

  /** A WebSocket of a pod's subresource, open. */
  async stream(path: string, protocol = 'v5.channel.k8s.io'): Promise<Stream> {
    const url = `${this.#server.replace(/^http/, 'ws')}${path}`
    const socket = new WebSocket(url, protocol, this.#tls)
    // Listened to from the start: the first messages may come together with the answer that opens the socket.
    const messages = on(socket, 'message', { close: ['close'] }) as AsyncIterable<[Buffer]>
    await once(socket, 'open')
    return { socket, messages }
  }

  /** Runs a command in a pod of the default namespace; `input` is all of its standard input, none without it. */
  async exec(pod: string, command: string[], input?: string): Promise<ExecResult> {
    const query = new URLSearchParams([
      ...command.map((word) => ['command', word]),
      ['stdout', 'true'],
      ['stderr', 'true'],
      ...(input === undefined ? [] : [['stdin', 'true']]),
    ])
    const stream = await this.stream(
      `/api/v1/namespaces/default/pods/${pod}/exec?${query.toString()}`,
    )
    if (input !== undefined) {
      stream.socket.send(Buffer.concat([Buffer.from([0]), Buffer.from(input)]))
      // Protocol v5: 255 and a channel's number close that channel.
      stream.socket.send(Buffer.from([255, 0]))
    }
    return collect(stream)
  }

  [Symbol.dispose](): void {
    this.#agent.destroy()
  }
}

/** Reads the channels of a remote command to their end. */
export async function collect({ messages }: Stream): Promise<ExecResult> {
  const text: Record<number, string> = {}
  for await (const [data] of messages) {
    const channel = data[0] ?? 0
    text[channel] = (text[channel] ?? '') + data.subarray(1).toString()
  }
  const status = JSON.parse(text[3] ?? '{}') as {
    status?: string
    message?: string
    details?: { causes?: { reason: string; message: string }[] }
  }
  const code = status.details?.causes?.find(({ reason }) => reason === 'ExitCode')?.message
  const exit =
    status.status === 'Success' ? 0 : code ? Number(code) : (status.message ?? 'no status')
  return { out: text[1] ?? '', err: text[2] ?? '', exit }
}

export function isRunning(pod: Pod): boolean {
  return Boolean(
    pod.status.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True'),
  )
}
