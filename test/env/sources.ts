import { readdir } from 'node:fs/promises'
import { join, relative, resolve } from 'node:path'

/** Where the project's files are. */
export const root = resolve(import.meta.dirname, '../..')

/** The files of the server itself, by their paths from `root`, sorted. */
export async function sources(): Promise<string[]> {
  const found: string[] = []
  for (const top of ['gateway', 'resolvers', 'rest-compat']) {
    for (const entry of await readdir(join(root, top), { recursive: true, withFileTypes: true })) {
      if (entry.isFile() && entry.name.endsWith('.ts')) {
        found.push(relative(root, join(entry.parentPath, entry.name)))
      }
    }
  }
  return found.toSorted()
}
