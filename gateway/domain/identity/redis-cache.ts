import type { Logger } from 'pino'
import { connectRedis, type Redis } from '../redis.ts'
import type { TokenCache } from './token-cache.ts'

const SCAN_COUNT = 1000

/**
 * Tokens in Redis under the original's keys, so that replicas, also those of the original, share sessions. `options` are
 * those of `cache.options`. Throws ConfigError when Redis does not answer at start; later the calls throw ApiError 503
 * until it is back.
 */
export async function createRedisCache(
  options: Readonly<Record<string, unknown>>,
  log: Logger,
): Promise<TokenCache> {
  const connection = await connectRedis(options, log)
  return {
    add: (username, token, ttlMs) =>
      connection.ask(async (redis) => {
        await redis.set(keyOf(username, token), token, 'PX', Math.ceil(ttlMs))
      }),
    has: (username, token) =>
      connection.ask(async (redis) => (await redis.exists(keyOf(username, token))) === 1),
    take: (username, token) =>
      connection.ask(async (redis) => (await redis.del(keyOf(username, token))) === 1),
    tokens: (username) => connection.ask((redis) => scan(redis, keyOf(username, ''))),
    [Symbol.asyncDispose]: () => connection[Symbol.asyncDispose](),
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
