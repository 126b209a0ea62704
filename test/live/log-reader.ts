import type { Direct } from './direct.ts'

export interface Line {
  readonly time: string | null
  readonly text: string
  readonly continues: boolean
}

export interface Chunk {
  readonly pod: string
  readonly container: string
  readonly event: 'LINES' | 'STARTED' | 'ENDED' | 'FAILED'
  readonly lines: readonly Line[]
  readonly droppedBytes: number
  readonly message: string | null
}

const CHUNK = 'pod container event message droppedBytes lines { time text continues }'

const OPTIONS = `$containers: [String!], $follow: Boolean! = true, $tailLines: Int, $sinceSeconds: Int,
  $sinceTime: DateTime, $timestamps: Boolean! = true, $previous: Boolean! = false, $limitBytes: Int64,
  $match: String, $encoding: Encoding! = UTF8`
const GIVEN = `containers: $containers, follow: $follow, tailLines: $tailLines, sinceSeconds: $sinceSeconds,
  sinceTime: $sinceTime, timestamps: $timestamps, previous: $previous, limitBytes: $limitBytes,
  match: $match, encoding: $encoding`

export const POD_LOGS = `subscription ($pod: ObjectTarget!, ${OPTIONS}) {
  logs: podLogs(pod: $pod, ${GIVEN}) { ${CHUNK} }
}`
export const WORKLOAD_LOGS = `subscription (
  $workload: ObjectRef, $cluster: String, $namespace: String, $selector: Selector, ${OPTIONS}
) {
  logs: workloadLogs(
    workload: $workload, cluster: $cluster, namespace: $namespace, selector: $selector, ${GIVEN}
  ) { ${CHUNK} }
}`

export interface Logs extends AsyncIterableIterator<Chunk, undefined, undefined> {
  return(): Promise<IteratorReturnResult<undefined>>
}

async function logsOf(graph: Direct, query: string, variables: object): Promise<Logs> {
  const events = await graph.subscribe<{ logs: Chunk }>(query, variables)
  const logs: Logs = {
    async next() {
      const { value, done } = await events.next()
      return done ? { value: undefined, done } : { value: value.logs, done: false }
    },
    async return() {
      await events.return()
      return { value: undefined, done: true }
    },
    [Symbol.asyncIterator]: () => logs,
  }
  return logs
}

/** The logs of a pod of namespace default. */
export function podLogs(graph: Direct, name: string, options: object = {}): Promise<Logs> {
  return logsOf(graph, POD_LOGS, { pod: { namespace: 'default', name }, ...options })
}

export function workloadLogs(graph: Direct, options: object): Promise<Logs> {
  return logsOf(graph, WORKLOAD_LOGS, options)
}

/** Reads to the end. */
export async function all(logs: Logs): Promise<Chunk[]> {
  return Array.fromAsync(logs)
}

/** Reads until `done` says so of what has come so far. */
export async function until(
  logs: Logs,
  done: (chunks: readonly Chunk[]) => boolean,
): Promise<Chunk[]> {
  const chunks: Chunk[] = []
  while (!done(chunks)) {
    const next = await logs.next()
    if (next.done) throw new Error(`the log ended: ${JSON.stringify(chunks).slice(-500)}`)
    chunks.push(next.value)
  }
  return chunks
}

/** What a container wrote, long lines joined. */
export function textsOf(chunks: readonly Chunk[], container?: string): string[] {
  const texts: string[] = []
  let begun = ''
  for (const chunk of chunks) {
    if (container !== undefined && chunk.container !== container) continue
    for (const { text, continues } of chunk.lines) {
      begun += text
      if (continues) continue
      texts.push(begun)
      begun = ''
    }
  }
  return texts
}
