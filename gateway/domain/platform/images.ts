import { createHash } from 'node:crypto'
import { extname } from 'node:path'
import { badRequest } from '../../lib/errors.ts'

const TYPES: Record<string, string> = {
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.svg': 'image/svg+xml',
  '.ico': 'image/x-icon',
}

/** Bytes of all images together; the oldest go first beyond that. */
const CAPACITY = 64 * 1024 * 1024

export interface StaticImage {
  readonly contentType: string
  readonly bytes: Uint8Array
}

/** Pictures of the console's look, kept in the process as long as it lives (platform-apis.md §4). */
export interface Images {
  /** Returns the name to ask for. Throws ApiError 400 for a type that is no picture. */
  store(filename: string, declaredType: string, bytes: Uint8Array): string
  get(name: string): StaticImage | undefined
}

export function createImages(): Images {
  const images = new Map<string, StaticImage>()
  let held = 0
  const drop = (name: string): void => {
    held -= images.get(name)?.bytes.length ?? 0
    images.delete(name)
  }
  return {
    store(filename, declaredType, bytes) {
      const extension = extname(filename)
      const contentType = TYPES[extension.toLowerCase()] ?? declaredType
      if (!Object.values(TYPES).includes(contentType)) {
        throw badRequest('the provided file format is not allowed')
      }
      const name = createHash('md5').update(bytes).digest('hex') + extension
      drop(name)
      images.set(name, { contentType, bytes })
      held += bytes.length
      for (const oldest of images.keys()) {
        if (held <= CAPACITY) break
        drop(oldest)
      }
      return name
    },
    get: (name) => images.get(name),
  }
}
