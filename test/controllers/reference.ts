import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseAllDocuments } from 'yaml'

const folder = join(import.meta.dirname, '../../../shared/reference/data')

/**
 * All documents of a file of the reference data, or undefined, with a line on stderr, where that folder is absent.
 */
export async function referenceData<T>(file: string): Promise<T[] | undefined> {
  const path = join(folder, file)
  if (!existsSync(path)) {
    console.error(`not compared: ../shared/reference/data/${file} is absent`)
    return undefined
  }
  return parseAllDocuments(await readFile(path, 'utf8'))
    .map((document) => document.toJS() as T | null)
    .filter((document): document is T => document !== null)
}
