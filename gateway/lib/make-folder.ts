import { mkdir, stat } from 'node:fs/promises'
import { dirname } from 'node:path'

/**
 * Makes a folder and those above it that are missing; one that is there is left as it is. Throws the error of the file
 * system (ENOTDIR, EACCES, ENOENT …). Node's own recursive `mkdir` never ends below folders that hold nothing but what
 * the kernel puts there, such as /proc.
 */
export async function makeFolder(path: string, mode = 0o777): Promise<void> {
  const failure = await make(path, mode)
  if (!failure) return
  const parent = dirname(path)
  if (failure.code !== 'ENOENT' || parent === path) throw failure
  if (!(await isFolder(parent))) await makeFolder(parent, mode)
  const again = await make(path, mode)
  if (again) throw again
}

/** Why there is no such folder now; undefined if there is. */
async function make(path: string, mode: number): Promise<NodeJS.ErrnoException | undefined> {
  try {
    await mkdir(path, mode)
  } catch (error) {
    const failure = error as NodeJS.ErrnoException
    if (failure.code !== 'EEXIST' || !(await isFolder(path))) return failure
  }
  return undefined
}

function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  )
}
