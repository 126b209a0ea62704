import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFile, mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { it } from 'node:test'
import { pathToFileURL } from 'node:url'
import { copied, stages } from './image/dockerfile.ts'
import { deployFolder } from './support.ts'

const root = resolve(deployFolder, '..')

it('the image is made of what is in the tree, and runs as nobody in particular', async () => {
  const all = await stages()
  const ignored = await readFile(join(deployFolder, 'image/Dockerfile.dockerignore'), 'utf8')
  const sources = all.flat().flatMap((instruction) => copied(instruction).sources)
  assert.ok(sources.length > 5)
  for (const source of sources) {
    await stat(join(root, source))
    assert.ok(ignored.split('\n').includes(`!${source}`), `${source} is left out of the context`)
  }
  const last = all.at(-1)?.map(({ name, rest }) => `${name} ${rest}`)
  assert.equal(last?.[0], 'FROM scratch')
  assert.ok(last.includes('USER 65532:65532'))
})

it('its command has the name and takes the flags of the original', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'image-'))
  try {
    const command = join(folder, 'ks-apiserver')
    await copyFile(join(deployFolder, 'image/ks-apiserver.mjs'), command)
    const ran = async (...args: string[]) => {
      const child = spawn(process.execPath, [command, ...args], {
        cwd: folder,
        env: {
          ...process.env,
          KS_FACADE_MAIN: pathToFileURL(join(root, 'gateway/server/main.ts')).href,
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      let said = ''
      for (const stream of [child.stdout, child.stderr])
        stream.on('data', (chunk) => (said += chunk))
      const [code] = (await once(child, 'close')) as [number]
      return { code, said }
    }
    const help = await ran('ks-apiserver', '--logtostderr=true', '--help')
    assert.equal(help.code, 0)
    assert.match(help.said, /^Serves the KubeSphere API/)
    const serve = await ran('--logtostderr=true', '--config=missing.yaml')
    assert.equal(serve.code, 1)
    assert.match(serve.said, /ks-facade serve: .*missing\.yaml/)
  } finally {
    await rm(folder, { recursive: true })
  }
})
