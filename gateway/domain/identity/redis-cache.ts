import { Redis } from 'ioredis'
import type { Logger } from 'pino'
import { ConfigError } from '../../config/index.ts'
import { unavailable } from '../../lib/errors.ts'
import type { TokenCache } from './token-cache.ts'

const COMMAND_TIMEOUT_MS = 2000
const LONGEST_RETRY_MS = 1000
const SCAN_COUNT = 1000

/**
 * Tokens in Redis under the original's keys, so that replicas, also those of the original, share sessions. `options` are
 * those of `cache.options`: host, port, username, password, db. Throws ConfigError when Redis does not answer at start;
 * later the calls throw ApiError 503 until it is back.
 */
export async function createRedisCache(
  options: Readonly<Record<string, unknown>>,
  log: Logger,
): Promise<TokenCache> {
  const host = text(options.host) || 'localhost'
  const port = Number(options.port ?? 6379)
  const redis = new Redis({
    host,
    port,
    db: Number(options.db ?? 0),
    ...(options.username ? { username: text(options.username) } : {}),
    ...(options.password ? { password: text(options.password) } : {}),
    lazyConnect: true,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    commandTimeout: COMMAND_TIMEOUT_MS,
    connectTimeout: COMMAND_TIMEOUT_MS,
    retryStrategy: (attempt) => Math.min(50 * attempt, LONGEST_RETRY_MS),
  })
  let lastError = ''
  redis.on('error', (error: Error) => {
    if (error.message !== lastError) log.warn({ err: error }, 'redis')
    lastError = error.message
  })
  redis.on('ready', () => (lastError = ''))
  try {
    await redis.connect()
    await redis.ping()
  } catch (cause) {
    redis.disconnect()
    throw new ConfigError(`cache: redis at ${host}:${port} does not answer`, { cause })
  }
  const ask = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work()
    } catch (cause) {
      throw unavailable('the token cache does not answer', cause)
    }
  }
  return {
    add: (username, token, ttlMs) =>
      ask(
        async () => void (await redis.set(keyOf(username, token), token, 'PX', Math.ceil(ttlMs))),
      ),
    has: (username, token) => ask(async () => (await redis.exists(keyOf(username, token))) === 1),
    take: (username, token) => ask(async () => (await redis.del(keyOf(username, token))) === 1),
    tokens: (username) => ask(() => scan(redis, keyOf(username, ''))),
    async [Symbol.asyncDispose]() {
      redis.disconnect()
    },
  }
}

/** What follows `prefix` in the keys that start with it. */
async function scan(redis: Redis, prefix: string): Promise<string[]> {
  const pattern = `${prefix.replace(/[*?[\]\\^]/g, '\\$&')}*`
  const found = new Set<string>()
  let cursor = '0'
  do {
    const [next, keys] = await redis.scan(cursor, 'MATCH', pattern, 'COUNT', SCAN_COUNT)
    for (const key of keys) found.add(key.slice(prefix.length))
    cursor = next
  } while (cursor !== '0')
  return [...found]
}

function keyOf(username: string, token: string): string {
  return `kubesphere:user:${username}:token:${token}`
}

function text(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}
