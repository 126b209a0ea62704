import type { Logger } from 'pino'
import type { GVR, KubeClient, KubeObject } from '../../kube/api.ts'
import { isAlreadyExists, isNotFound } from '../../lib/errors.ts'
import { dropIntent, keptIntents, type JobIntent } from './job-intents.ts'

const JOBS: GVR = { group: 'batch', version: 'v1', resource: 'jobs' }

/** Milliseconds between two looks: longer than a rerun takes, so that one in progress is left alone. */
const INTERVAL = 45_000

export interface RecoveryDeps {
  readonly client: KubeClient
  readonly log: Logger
  readonly interval?: number | undefined
}

export interface JobRecovery extends AsyncDisposable {
  /** Looks once: what an earlier look has seen, too, is carried to its end. */
  round(): Promise<void>
}

/**
 * Finishes the reruns of Jobs that some process left half done: where the old Job is gone and nothing has taken its name,
 * the copy is created. Looks at once and then again and again until it is disposed.
 */
export function recoverJobs({ client, log, interval = INTERVAL }: RecoveryDeps): JobRecovery {
  const ended = new AbortController()
  let seen = new Set<string>()
  let timer: NodeJS.Timeout | undefined
  const round = async (): Promise<void> => {
    try {
      const intents = await keptIntents(client, ended.signal)
      for (const intent of intents) if (seen.has(intent.key)) await finish(client, log, intent)
      seen = new Set(intents.map(({ key }) => key))
    } catch (error) {
      if (!ended.signal.aborted)
        log.warn({ err: error }, 'reruns of jobs could not be looked after')
    }
  }
  const loop = async (): Promise<void> => {
    await round()
    if (!ended.signal.aborted) timer = setTimeout(start, interval).unref()
  }
  let running: Promise<void>
  const start = (): void => {
    running = loop()
  }
  start()
  return {
    round,
    async [Symbol.asyncDispose]() {
      ended.abort()
      clearTimeout(timer)
      await running
    },
  }
}

async function finish(client: KubeClient, log: Logger, intent: JobIntent): Promise<void> {
  const { namespace = '', name = '' } = intent.copy.metadata
  const live = await jobAt(client, namespace, name)
  const isOld = live?.metadata.uid === intent.uid
  if (live && isOld && live.metadata.deletionTimestamp !== undefined) return
  if (!live && !(await created(client, log, intent))) return
  await dropIntent(client, intent)
}

/** Whether nothing is left to do: the copy is there, or its namespace is not. */
async function created(client: KubeClient, log: Logger, { copy }: JobIntent): Promise<boolean> {
  const { namespace = '', name = '' } = copy.metadata
  try {
    await client.create(JOBS, copy, { namespace })
    log.info({ namespace, name }, 'a rerun of a job that was interrupted is done')
    return true
  } catch (error) {
    if (isNotFound(error)) return true
    if (!isAlreadyExists(error)) {
      log.warn({ err: error, namespace, name }, 'a job to be run again cannot be created yet')
    }
    return false
  }
}

/** The Job as kube-apiserver has it now. */
export async function jobAt(
  client: KubeClient,
  namespace: string,
  name: string,
): Promise<KubeObject | undefined> {
  try {
    return await client.get(JOBS, name, { namespace })
  } catch (error) {
    if (isNotFound(error)) return undefined
    throw error
  }
}
