import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseDocument } from 'yaml'
import { isMap } from './values.ts'
import { ConfigError } from './types.ts'

const NAME = 'kubesphere'
const EXTENSIONS = ['json', 'yaml', 'yml']
/** Largest file read. */
const LIMIT = 4 * 1024 * 1024

/**
 * The tree of a configuration file: `file`, or `kubesphere.{json,yaml,yml}` of the first of `folders` that has one.
 * Throws ConfigError where there is none, or where it cannot be read or parsed.
 */
export async function readConfigFile(
  file: string | undefined,
  folders: readonly string[],
): Promise<Record<string, unknown>> {
  const candidates = file
    ? [file]
    : folders.flatMap((folder) => EXTENSIONS.map((ending) => join(folder, `${NAME}.${ending}`)))
  for (const path of candidates) {
    const text = await textOf(path, file !== undefined)
    if (text !== undefined) return parse(text, path)
  }
  throw new ConfigError(
    `Failed to load configuration from disk: no ${NAME}.{${EXTENSIONS.join(',')}} in ${folders.join(', ')}; --config names one`,
  )
}

async function textOf(path: string, mustExist: boolean): Promise<string | undefined> {
  try {
    const text = await readFile(path, 'utf8')
    if (text.length > LIMIT) throw new Error('larger than 4 MiB')
    return text
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' && !mustExist) return undefined
    const why = code === 'ENOENT' ? 'no such file' : message
    throw new ConfigError(`Failed to load configuration from disk: ${path}: ${why}`, {
      cause: error,
    })
  }
}

function parse(text: string, path: string): Record<string, unknown> {
  const document = parseDocument(text, { prettyErrors: true, uniqueKeys: true })
  const problem = document.errors[0]?.message.split('\n')[0]?.replace(/:$/, '')
  if (problem) throw new ConfigError(`Failed to load configuration from disk: ${path}: ${problem}`)
  const tree: unknown = document.toJS({ maxAliasCount: 100 })
  if (tree === null || tree === undefined) return {}
  if (!isMap(tree)) {
    throw new ConfigError(`Failed to load configuration from disk: ${path}: not a mapping`)
  }
  return tree
}
