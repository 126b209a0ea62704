import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { ClusterAccess } from '../../kube/api.ts'
import { LOGIN_RECORDS, USER_REF } from '../names.ts'
import { isLabelValue } from '../names.ts'
import type { LoginOrigin } from './types.ts'

interface LoginRecordOf {
  username: string
  /** `Token` for the token endpoint and callbacks, `Password` for HTTP Basic. */
  type: 'Token' | 'Password'
  provider: string
  success: boolean
  origin: LoginOrigin
}

export interface LoginRecords extends AsyncDisposable {
  /** Writes in the background; a failure is logged, and beyond the bound records are dropped and counted in the log. */
  write(record: LoginRecordOf): void
}

const MOST_PENDING = 1000
const AT_ONCE = 4
const TIMEOUT_MS = 10_000
const MOST_USER_AGENT = 1024

export function createLoginRecords(host: Pick<ClusterAccess, 'client'>, log: Logger): LoginRecords {
  const queue: LoginRecordOf[] = []
  const workers = new Set<Promise<void>>()
  let dropped = 0

  async function drain(): Promise<void> {
    for (let record = queue.shift(); record; record = queue.shift()) {
      const signal = AbortSignal.timeout(TIMEOUT_MS)
      await host.client
        .create(LOGIN_RECORDS, toObject(record), { signal })
        .catch((error: unknown) => log.warn({ err: error }, 'a login record was not written'))
    }
  }

  return {
    write(record) {
      if (queue.length >= MOST_PENDING) {
        dropped++
        log.warn({ dropped }, 'login records are dropped')
        return
      }
      queue.push(record)
      if (workers.size >= AT_ONCE) return
      // Once the answer is out: its time must not tell that there is an account to write a record for.
      const worker = nextTurn()
        .then(drain)
        .finally(() => workers.delete(worker))
      workers.add(worker)
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(workers)
    },
  }
}

function toObject({ username, type, provider, success, origin }: LoginRecordOf) {
  const userAgent = origin.userAgent.slice(0, MOST_USER_AGENT)
  return {
    apiVersion: 'iam.kubesphere.io/v1beta1',
    kind: 'LoginRecord',
    metadata: {
      generateName: `${username}-`,
      labels: isLabelValue(username) ? { [USER_REF]: username } : {},
    },
    spec: {
      type,
      provider,
      sourceIP: origin.sourceIP,
      ...(userAgent ? { userAgent } : {}),
      success,
      reason: success ? 'authenticated successfully' : 'incorrect password',
    },
  }
}
