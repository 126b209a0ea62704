import { randomBytes } from 'node:crypto'
import { link, readFile, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { makeFolder } from '../lib/make-folder.ts'

export interface Secrets {
  adminPassword: string
  jwtSecret: string
}

/** Text that meets the user schema's password rule: upper, lower, digit, 8–64 characters. */
function randomPassword(): string {
  return `Ks1${randomBytes(9).toString('base64url')}`
}

/**
 * Secrets of this installation, kept in the data folder (mode 0600) so that a second start logs in with the same; of
 * two first starts at once one makes them. Throws an error that names the folder or file when it cannot be used.
 */
export async function secretsOf(dataDir: string | undefined): Promise<Secrets> {
  const fresh = {
    adminPassword: randomPassword(),
    jwtSecret: randomBytes(24).toString('base64url'),
  }
  if (!dataDir) return fresh
  const file = join(dataDir, 'facade-secrets.json')
  try {
    return (await stored(file)) ?? (await keep(dataDir, file, fresh))
  } catch (error) {
    if (error instanceof SyntaxError) {
      throw new Error(`${file} is damaged: restore it, or remove the folder`, { cause: error })
    }
    throw new Error(`the data folder ${dataDir} cannot be used`, { cause: error })
  }
}

async function stored(file: string): Promise<Secrets | undefined> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (text === undefined) return undefined
  const { adminPassword, jwtSecret } = JSON.parse(text) as Partial<Secrets>
  if (!adminPassword || !jwtSecret) throw new SyntaxError('a secret is missing')
  return { adminPassword, jwtSecret }
}

/** Written aside and linked into place: nobody reads half of it, and a file that is there stays. */
async function keep(dataDir: string, file: string, fresh: Secrets): Promise<Secrets> {
  await makeFolder(resolve(dataDir), 0o700)
  const draft = `${file}.${process.pid}`
  try {
    await writeFile(draft, JSON.stringify(fresh), { mode: 0o600 })
    await link(draft, file).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
    })
  } finally {
    await rm(draft, { force: true })
  }
  return (await stored(file)) ?? fresh
}
