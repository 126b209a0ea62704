import { createHash } from 'node:crypto'
import { extname } from 'node:path'
import type { Logger } from 'pino'
import type { Config } from '../../config/index.ts'
import { badRequest } from '../../lib/errors.ts'
import { connectRedis } from '../redis.ts'

const TYPES: Readonly<Record<string, string>> = {
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.svg': 'image/svg+xml',
  '.ico': 'image/x-icon',
}

/** Bytes of all images together that one process holds; the oldest go first beyond that. */
const CAPACITY = 64 * 1024 * 1024
const PREFIX = 'static:images:'
/** Names that `store` gives out; nothing else is looked up. */
const NAME = /^[0-9a-f]{32}(\.[^/]*)?$/

export interface StaticImage {
  /** Empty where nothing is known of it. */
  readonly contentType: string
  readonly bytes: Uint8Array
}

/** Pictures of the console's look (platform-apis.md §4). */
export interface Images extends AsyncDisposable {
  /** Returns the name to ask for. Throws ApiError 400 for a type that is no picture, 503 where they cannot be stored. */
  store(filename: string, declaredType: string, bytes: Uint8Array): Promise<string>
  /** Throws ApiError 503 where they cannot be read. */
  get(name: string): Promise<StaticImage | undefined>
}

/** Where pictures lie: what was stored under a name last. */
interface Shelf extends AsyncDisposable {
  put(name: string, image: StaticImage): Promise<void>
  get(name: string): Promise<StaticImage | undefined>
}

/**
 * Pictures in the cache that the configuration names: Redis, which replicas share and also those of the original, or
 * this process. Throws ConfigError when Redis does not answer.
 */
export async function createImages(cache: Config['cache'], log: Logger): Promise<Images> {
  return imagesOn(cache.type === 'redis' ? await redisShelf(cache.options, log) : memoryShelf())
}

/** Pictures of this process alone, gone with it. */
export function createMemoryImages(): Images {
  return imagesOn(memoryShelf())
}

function imagesOn(shelf: Shelf): Images {
  return {
    async store(filename, declaredType, bytes) {
      const extension = extname(filename)
      const contentType = typeOf(extension) || declaredType
      if (!Object.values(TYPES).includes(contentType)) {
        throw badRequest('the provided file format is not allowed')
      }
      const name = createHash('md5').update(bytes).digest('hex') + extension
      await shelf.put(name, { contentType, bytes })
      return name
    },
    get: async (name) => (NAME.test(name) ? shelf.get(name) : undefined),
    [Symbol.asyncDispose]: () => shelf[Symbol.asyncDispose](),
  }
}

function typeOf(extension: string): string {
  return TYPES[extension.toLowerCase()] ?? ''
}

function memoryShelf(): Shelf {
  const images = new Map<string, StaticImage>()
  let held = 0
  const drop = (name: string): void => {
    held -= images.get(name)?.bytes.length ?? 0
    images.delete(name)
  }
  return {
    async put(name, image) {
      drop(name)
      images.set(name, image)
      held += image.bytes.length
      for (const oldest of images.keys()) {
        if (held <= CAPACITY) break
        drop(oldest)
      }
    },
    get: async (name) => images.get(name),
    async [Symbol.asyncDispose]() {
      images.clear()
    },
  }
}

/** Base64 without an expiry; the type is that of the name's extension. */
async function redisShelf(options: Readonly<Record<string, unknown>>, log: Logger): Promise<Shelf> {
  const connection = await connectRedis(options, log)
  return {
    put: (name, { bytes }) =>
      connection.ask(async (redis) => {
        await redis.set(PREFIX + name, Buffer.from(bytes).toString('base64'))
      }),
    async get(name) {
      const stored = await connection.ask((redis) => redis.get(PREFIX + name))
      if (stored === null) return undefined
      return { contentType: typeOf(extname(name)), bytes: Buffer.from(stored, 'base64') }
    },
    [Symbol.asyncDispose]: () => connection[Symbol.asyncDispose](),
  }
}
