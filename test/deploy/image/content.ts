import assert from 'node:assert/strict'
import { readdir } from 'node:fs/promises'
import { join, relative, resolve } from 'node:path'
import { run } from '../../env/run.ts'

const root = resolve(import.meta.dirname, '../../..')
/** Files of the tree, and what may become one; not those that git is told to ignore. */
const listed = ['-C', root, 'ls-files', '--cached', '--others', '--exclude-standard']
/** What the root has beside the program and the shared libraries. */
const system = [
  'etc/group',
  'etc/nsswitch.conf',
  'etc/passwd',
  'etc/ssl/certs/ca-certificates.crt',
  'usr/local/bin/ks-apiserver',
  'usr/local/bin/node',
]

/**
 * Throws where the image holds anything else than Node, its libraries, npm packages, and files of the program that are
 * of the tree. Returns how many files there are.
 */
export async function assertContent(rootfs: string): Promise<number> {
  const entries = await readdir(rootfs, { recursive: true, withFileTypes: true })
  const files = entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(rootfs, join(entry.parentPath, entry.name)))
  const tracked = new Set((await run('git', listed)).split('\n'))
  for (const file of files) {
    if (file.startsWith('app/')) {
      const own = file.slice('app/'.length)
      if (own.startsWith('node_modules/')) continue
      assert.ok(tracked.has(own), `${own} is not of the tree`)
      assert.doesNotMatch(own, /^test\/|\.(?:test\.ts|go|env|key|pem)$|(?:^|\/)\.npmrc$/)
    } else assert.ok(system.includes(file) || /^(?:usr\/)?lib.*\.so\.\d+$/.test(file), file)
  }
  for (const needed of ['package.json', 'gateway/server/main.ts', 'schema/access.graphql'])
    assert.ok(files.includes(`app/${needed}`), needed)
  return files.length
}
