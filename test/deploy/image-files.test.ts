import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { after, before, it } from 'node:test'
import type { Plane } from '../../gateway/embedded/index.ts'
import { ask } from '../e2e/http.ts'
import { startTestPlane } from '../env/plane.ts'
import { onFreePort } from '../env/ports.ts'
import { run } from '../env/run.ts'
import { copied, stages } from './image/dockerfile.ts'
import { deployFolder } from './support.ts'

const root = resolve(deployFolder, '..')
/** With the right to: another user, no capability, and the folder as it would be on a root that cannot be written. */
const confined = process.platform === 'linux' && process.getuid?.() === 0
const confine = [
  'mount --bind "$0" "$0"',
  'mount -o remount,bind,ro "$0"',
  'exec setpriv --reuid=65532 --regid=65532 --clear-groups --bounding-set=-all --inh-caps=-all --no-new-privs "$@"',
].join('; ')

let folder: string
let plane: Plane
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ks-facade-image-'))
  plane = await startTestPlane({ components: ['etcd', 'kube-apiserver'] })
})
after(async () => {
  await plane[Symbol.asyncDispose]()
  await rm(folder, { recursive: true, force: true })
})

/** Does in a folder what the first stage does in its `/app`, but for the root around it. */
async function lay(app: string): Promise<void> {
  const [build = []] = await stages()
  for (const instruction of build) {
    const { sources, target } = copied(instruction)
    if (target.startsWith('/')) continue
    for (const source of sources) {
      const to = target === './' ? join(app, basename(source)) : join(app, target)
      await cp(join(root, source), to, { recursive: true })
    }
    // The cache of npm is the machine's own here.
    const script = instruction.rest.replace(/ && npm cache clean.*$/, '')
    if (instruction.name === 'RUN' && !script.includes('/image'))
      await run('sh', ['-ec', `cd "$0"; ${script}`, app])
  }
}

/** The command of the image out of `app`, once it listens; `end` stops it and resolves with its exit code. */
function serve(app: string, config: string) {
  return onFreePort(async (port) => {
    const flags = [`--config=${config}`, '--bind-address=127.0.0.1', `--insecure-port=${port}`]
    const within = confined ? ['unshare', '--mount', 'sh', '-ec', confine, app] : []
    const [command = '', ...args] = [
      ...within,
      join(folder, 'node'),
      join(folder, 'ks-apiserver.mjs'),
      ...flags,
    ]
    const child = spawn(command, args, {
      cwd: tmpdir(),
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env['PATH'],
        HOME: tmpdir(),
        NODE_ENV: 'production',
        NODE_NO_WARNINGS: '1',
        KS_FACADE_MAIN: join(app, 'gateway/server/main.ts'),
      },
    })
    const ended = once(child, 'close') as Promise<[number | null]>
    const listening = Promise.withResolvers<void>()
    let said = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        said += chunk.toString()
        if (said.includes('listening on')) listening.resolve()
      })
    }
    void ended.then(([code]) => listening.reject(new Error(`it ended with ${code}:\n${said}`)))
    await listening.promise
    const url = `http://127.0.0.1:${port}`
    const end = async () => {
      child.kill('SIGTERM')
      return (await ended)[0]
    }
    return { url, end }
  })
}

it('the files of the image suffice, for somebody who may only read them', async () => {
  const app = join(folder, 'app')
  const config = join(folder, 'config')
  await mkdir(app)
  await mkdir(config)
  await lay(app)
  // Where somebody else may go.
  await cp(process.execPath, join(folder, 'node'))
  await cp(join(root, 'deploy/image/ks-apiserver.mjs'), join(folder, 'ks-apiserver.mjs'))
  for (const path of [folder, app, config]) await chmod(path, 0o755)
  await writeFile(join(config, 'kubeconfig'), plane.kubeconfig, { mode: 0o644 })
  const settings = [
    'authentication: { issuer: { jwtSecret: secret-of-this-test } }',
    'authorization: { mode: AlwaysAllow }',
    `kubernetes: { kubeconfig: ${join(config, 'kubeconfig')} }`,
  ]
  await writeFile(join(config, 'kubesphere.yaml'), `${settings.join('\n')}\n`)
  const { url, end } = await serve(app, join(config, 'kubesphere.yaml'))
  try {
    // The pages are bundled out of packages at the first visit.
    for (const path of ['/healthz', '/graphql/assets/client.js', '/explorer/assets/client.js']) {
      const { status, text } = await ask(url + path)
      assert.equal(status, 200, `${path}: ${text.slice(0, 500)}`)
    }
    const body = JSON.stringify({ query: '{ __typename }' })
    const headers = { 'content-type': 'application/json' }
    const answer = await ask(`${url}/graphql`, { method: 'POST', headers, body })
    assert.match(answer.text, /Query/)
  } finally {
    assert.equal(await end(), 0)
  }
})
