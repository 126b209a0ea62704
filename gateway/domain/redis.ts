import { Redis } from 'ioredis'
import type { Logger } from 'pino'
import { ConfigError } from '../config/index.ts'
import { unavailable } from '../lib/errors.ts'
import { asking } from '../telemetry/index.ts'

export type { Redis } from 'ioredis'

const COMMAND_TIMEOUT_MS = 2000
const LONGEST_RETRY_MS = 1000

/** A connection that comes back by itself; whoever has it disposes it. */
export interface RedisConnection extends AsyncDisposable {
  /** Throws ApiError 503 while Redis does not answer. */
  ask<T>(work: (redis: Redis) => Promise<T>): Promise<T>
}

/**
 * Connects by `cache.options`: host, port, username, password, db. Throws ConfigError when Redis does not answer at
 * start; later calls throw ApiError 503 until it is back.
 */
export async function connectRedis(
  options: Readonly<Record<string, unknown>>,
  log: Logger,
): Promise<RedisConnection> {
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
  return {
    async ask(work) {
      try {
        return await asking('redis', host, () => work(redis))
      } catch (cause) {
        throw unavailable('the token cache does not answer', cause)
      }
    },
    async [Symbol.asyncDispose]() {
      redis.disconnect()
    },
  }
}

function text(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}
